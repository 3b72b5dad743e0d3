package dev.gather.bridge

import dev.gather.bridge.seen.Clean
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class KotlinFreeSpec :
    FunSpec({
        test("the facade, its words and what the JDK has keep the promise") {
            KotlinFree.check("dev.gather.future", "dev.gather", "java.util.concurrent")
        }

        test("so does a class that is written with the bridge") {
            KotlinFree.check(Clean::class.java.packageName)
        }

        test("everything that shows is named") {
            val error = shouldThrow<AssertionError> { KotlinFree.check("dev.gather.bridge.seen.dirty") }
            error.message!!.lines() shouldBe
                """
                Java callers would see Kotlin:
                  Bounded: bounds T by kotlin.ranges.ClosedRange
                  Defaults(int, int, DefaultConstructorMarker): is made by Kotlin for default arguments
                  Defaults.call${'$'}default(Defaults, int, int, Object): is made by Kotlin for default arguments
                  Inside.hidden${'$'}gather_bridge(): has a mangled name
                  Mangled.wait-LRDsOJo(long): has a mangled name
                  Named.Companion: is made by Kotlin, and means nothing in Java
                  Returning.range: has the type kotlin.ranges.IntRange
                  Returning.find(String, Continuation): takes kotlin.coroutines.Continuation
                  Returning.changes(): returns kotlinx.coroutines.flow.Flow
                  Returning.each(Function1): takes kotlin.jvm.functions.Function1
                  Returning.each(Function1): takes kotlin.Unit
                  Sequences: implements kotlin.sequences.Sequence
                """.trimIndent().lines()
        }

        test("a package without classes is a mistake") {
            shouldThrow<IllegalArgumentException> { KotlinFree.check("com.acme.none") }.message shouldBe
                "there is no class in com.acme.none"
        }
    })
