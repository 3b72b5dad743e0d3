package dev.gather.verification.coroutine

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.util.concurrent.ConcurrentLinkedQueue

private class NoSuchPage(
    message: String,
) : Exception(message)

/** Where kotlinx.coroutines recovers stack traces, as it does under assertions, a failure shows who called. */
class WhoCalledSpec :
    FunSpec({
        val calls: Map<String, suspend (suspend (Int) -> Int) -> Any?> =
            mapOf(
                "items.gather" to { body -> collectsPages { listOf(1, 2).gather { body(it) } } },
                "items.gather, limit" to { body -> collectsPages { listOf(1, 2).gather(limit = 1) { body(it) } } },
                "gather" to { body -> collectsPages { gather({ body(1) }, { body(2) }) } },
                "gather, typed" to { body -> collectsPages { gather({ body(1) }, { body(2) }) { a, b -> a + b } } },
                "map.gather" to { body -> collectsPages { mapOf("a" to suspend { body(1) }).gather() } },
                "gatherAny" to { body -> collectsPages { gatherAny({ body(1) }) } },
                "flow.gather" to { body ->
                    collectsPages { listOf(1, 2).asFlow().gather(limit = 2) { body(it) }.toList() }
                },
            )

        for ((name, call) in calls) {
            for ((how, pause) in PAUSES) {
                test("the same failure, and who called: $name, $how") {
                    val failures = ConcurrentLinkedQueue<NoSuchPage>()
                    val thrown =
                        runBlocking(Dispatchers.Default) {
                            runCatching {
                                call {
                                    pause()
                                    throw NoSuchPage("boom").also { failures += it }
                                }
                            }.exceptionOrNull()
                        }
                    failures.any { it === thrown } shouldBe true
                    withClue("who called") { thrown!!.stackTraceToString() shouldContain "collectsPages" }
                    thrown!!.cause shouldBe null
                }
            }
        }
    })

/** Not a frame of the thread any more once the call has suspended. */
private suspend fun collectsPages(call: suspend () -> Any?): Any? {
    val pages = call()
    check(pages != Unit)
    return pages
}
