package dev.gather.samples.bridge

import dev.gather.bridge.KotlinFree
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import kotlinx.coroutines.runBlocking
import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** The library, and the programs in both languages that call across the border, print what they say. */
class BridgeSpec :
    FunSpec({
        test("a program in Java that calls a library in Kotlin") {
            printedBy { JavaCaller.main(emptyArray()) }.shouldContainExactly(
                "user 7",
                "[User(id=7, name=user 7), a query that blocks]",
                "version 1",
                "version 2",
                "version 3",
                "cancelled, and ended: true",
                "user 0: no user 0",
            )
        }

        test("a program in Kotlin that awaits what Java returns") {
            printedBy { runBlocking { main() } }.shouldContainExactly(
                "1.5, null, [1, 4, 9], a page, shared is done: false",
            )
        }

        test("what the library shows to Java is free of Kotlin") {
            val forJava = setOf(UserClient::class.java, User::class.java, NoSuchUserException::class.java)
            KotlinFree.check({ it in forJava }, "dev.gather.samples.bridge")
        }
    })

private fun printedBy(program: () -> Unit): List<String> {
    val before = System.out
    val printed = ByteArrayOutputStream()
    System.setOut(PrintStream(printed, true, Charsets.UTF_8))
    try {
        program()
    } finally {
        System.setOut(before)
    }
    return printed.toString(Charsets.UTF_8).trim().lines()
}
