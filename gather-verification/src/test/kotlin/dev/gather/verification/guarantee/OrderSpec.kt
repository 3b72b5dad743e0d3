package dev.gather.verification.guarantee

import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import java.io.IOException
import kotlin.random.Random

class OrderSpec :
    BothDoors({
        every("results are in input order, whatever the order of completion") { door ->
            val (a, b, c) = List(3) { Piece<String>() }
            val running = door.all(listOf(a, b, c))
            listOf(a, b, c).forEach { it.started.soon() }
            c.returns("c")
            a.returns("a")
            b.returns("b")
            running.end() shouldBe End.Value(listOf("a", "b", "c"))
        }

        every("300 tasks that end in any order give their results in input order") { door ->
            val pieces = List(300) { Piece<Int>() }
            val running = door.all(pieces)
            pieces.forEach { it.started.soon() }
            pieces.indices.shuffled(Random(1)).forEach { pieces[it].returns(it) }
            running.end() shouldBe End.Value(pieces.indices.toList())
        }

        every("outcomes are in input order, whatever the order of completion") { door ->
            val error = IOException()
            val (a, b, c) = List(3) { Piece<String>() }
            val running = door.settled(listOf(a, b, c))
            listOf(a, b, c).forEach { it.started.soon() }
            c.returns("c")
            b.throws(error)
            a.returns("a")
            running.end() shouldBe
                End.Value(listOf(Outcome.Success("a"), Outcome.Failure(error), Outcome.Success("c")))
        }

        every("one task gives a list of one") { door ->
            door.all(listOf(value("only"))).end() shouldBe End.Value(listOf("only"))
        }

        both("the list allows null and cannot be changed") { door ->
            val list = (door.all<String?>(listOf(value(null), value("x"))).end() as End.Value).value
            list shouldBe listOf(null, "x")
            shouldThrow<UnsupportedOperationException> { (list as MutableList<String?>)[0] = "y" }
            shouldThrow<UnsupportedOperationException> { (list as MutableList<String?>).add("y") }
        }

        both("the list of a lazy input allows null and cannot be changed") { door ->
            val list = (door.each(Iterable { listOf(null, "x").iterator() }) { value(it) }.end() as End.Value).value
            list shouldBe listOf(null, "x")
            shouldThrow<UnsupportedOperationException> { (list as MutableList<String?>)[0] = "y" }
        }

        both("the list of outcomes cannot be changed") { door ->
            val list = (door.settled<String?>(listOf(value(null))).end() as End.Value).value
            list shouldBe listOf(Outcome.Success(null))
            shouldThrow<UnsupportedOperationException> {
                (list as MutableList<Outcome<String?>>)[0] = Outcome.Success("y")
            }
        }

        test("values of different types are found by their tasks (Java)") {
            val number = Task.of { 1 }
            val text = Task.of { "one" }
            Gather.of<Any>(number, text).combine { it.get(text) + it.get(number) }.soon() shouldBe "one1"
        }

        test("values of different types come as typed arguments (Kotlin)") {
            gather({ 1 }, { "one" }) { number, text -> text + number } shouldBe "one1"
        }
    })
