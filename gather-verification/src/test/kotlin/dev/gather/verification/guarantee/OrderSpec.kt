package dev.gather.verification.guarantee

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe

class OrderSpec :
    BothDoors({
        both("results are in input order, whatever the order of completion") { door ->
            val (a, b, c) = List(3) { Piece<String>() }
            val running = door.all(listOf(a, b, c))
            listOf(a, b, c).forEach { it.started.soon() }
            c.returns("c")
            a.returns("a")
            b.returns("b")
            running.end() shouldBe End.Value(listOf("a", "b", "c"))
        }

        both("the list allows null and cannot be changed") { door ->
            val list = (door.all<String?>(listOf(value(null), value("x"))).end() as End.Value).value
            list shouldBe listOf(null, "x")
            shouldThrow<UnsupportedOperationException> { (list as MutableList<String?>)[0] = "y" }
            shouldThrow<UnsupportedOperationException> { (list as MutableList<String?>).add("y") }
        }
    })
