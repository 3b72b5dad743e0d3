package dev.gather.bridge

import dev.gather.bridge.seen.Clean
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import java.io.File
import java.net.URLClassLoader

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
                  Contract.Companion: is made by Kotlin, and means nothing in Java
                  Defaults(int, int, DefaultConstructorMarker): is made by Kotlin for default arguments
                  Defaults.call${'$'}default(Defaults, int, int, Object): is made by Kotlin for default arguments
                  Inside.hidden${'$'}gather_bridge(): has a mangled name
                  Mangled.wait-LRDsOJo(long): has a mangled name
                  Named.Companion: is made by Kotlin, and means nothing in Java
                  NamedOtherwise.Factory: is made by Kotlin, and means nothing in Java
                  Returning.range: has the type kotlin.ranges.IntRange
                  Returning.find(String, Continuation): takes kotlin.coroutines.Continuation
                  Returning.changes(): returns kotlinx.coroutines.flow.Flow
                  Returning.each(Function1): takes kotlin.jvm.functions.Function1
                  Returning.each(Function1): takes kotlin.Unit
                  Sequences: implements kotlin.sequences.Sequence
                """.trimIndent().lines()
        }

        test("what is left out is not looked at") {
            val clean = setOf("Inside")
            val error =
                shouldThrow<AssertionError> {
                    KotlinFree.check(
                        { it.simpleName in clean },
                        "dev.gather.bridge.seen.dirty",
                    )
                }
            error.message!!.lines().size shouldBe 2
            shouldThrow<IllegalArgumentException> { KotlinFree.check({ false }, "dev.gather.bridge.seen.dirty") }
        }

        test("a class that needs one that is not there is named, and the others are looked at") {
            val thread = Thread.currentThread()
            val before = thread.contextClassLoader
            thread.contextClassLoader = Without("kotlin.ranges.IntRange")
            val error =
                try {
                    shouldThrow<AssertionError> { KotlinFree.check("dev.gather.bridge.seen.dirty") }
                } finally {
                    thread.contextClassLoader = before
                }
            val lines = error.message!!.lines()
            lines.first { "IntRange" in it && "Returning" in it } shouldStartWith "  Returning: cannot be looked at: "
            lines.size shouldBeGreaterThan 5
        }

        test("a package without classes is a mistake") {
            shouldThrow<IllegalArgumentException> { KotlinFree.check("com.acme.none") }.message shouldBe
                "there is no class in com.acme.none"
        }
    })

/** All that is on the class path, but for one class. */
private class Without(
    private val missing: String,
) : URLClassLoader(
        System
            .getProperty("java.class.path")
            .split(File.pathSeparator)
            .map { File(it).toURI().toURL() }
            .toTypedArray(),
        getPlatformClassLoader(),
    ) {
    override fun loadClass(
        name: String,
        resolve: Boolean,
    ): Class<*> = if (name == missing) throw ClassNotFoundException(name) else super.loadClass(name, resolve)
}
