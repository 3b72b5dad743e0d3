package dev.gather.verification.faults

import dev.gather.Limiter
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherSettled
import dev.gather.coroutines.withPermit
import dev.gather.verification.guarantee.SECONDS
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.yield
import kotlin.time.Duration.Companion.seconds

private typealias LimitedCall = suspend (Iterable<Int>, Limiter, suspend (Int) -> Int) -> List<Int>

/** An input may ask the limiter of the gather that reads it, and what is running already asks for nothing. */
class SuspendInputAsksSpec :
    FunSpec({
        timeout = (6 * SECONDS).seconds.inWholeMilliseconds

        val bodies: Map<String, suspend (Int) -> Int> =
            mapOf(
                "do not suspend" to { it },
                "yield" to { it.also { yield() } },
                "wait" to { it.also { delay(1) } },
            )
        val forms: Map<String, LimitedCall> =
            mapOf(
                "gather" to { items, limiter, body -> items.gather(limit = 2, limiter = limiter, body = body) },
                "gather, one at a time" to { items, limiter, body ->
                    items.gather(limit = 1, limiter = limiter, body = body)
                },
                "gatherSettled" to { items, limiter, body ->
                    items.gatherSettled(limit = 2, limiter = limiter, body = body).map { it.getOrThrow() }
                },
                "gatherAsCompleted" to { items, limiter, body ->
                    items
                        .gatherAsCompleted(limit = 2, limiter = limiter, body = body)
                        .toList()
                        .map { it.getOrThrow() }
                        .sorted()
                },
            )

        for ((form, call) in forms) {
            for (asks in listOf("hasNext", "next", "hasNext and next")) {
                test("an input whose $asks asks the limiter of $form") {
                    for (threads in listOf(2, 1)) {
                        for ((kind, body) in bodies) {
                            onThreads(threads) { dispatcher ->
                                val limiter = Limiter.concurrent(1)
                                val what = "on $threads threads, bodies that $kind"
                                val values =
                                    SuspendCaller(
                                        dispatcher,
                                    ) { call(AskingItems(MANY_ELEMENTS, asks, limiter), limiter, body) }
                                        .value(what)
                                withClue(what) {
                                    values shouldBe List(MANY_ELEMENTS) { it }
                                    limiter.active() shouldBe 0
                                    limiter.waiting() shouldBe 0
                                }
                            }
                        }
                    }
                }
            }
        }

        fun emitting(
            limiter: Limiter,
            count: Int,
        ): Flow<Int> = flow { repeat(count) { limiter.withPermit { emit(it) } } }

        test("a flow emits with a permit, for the block runs in the caller's context") {
            runTest {
                val limiter = Limiter.concurrent(1)
                emitting(limiter, MANY_ELEMENTS).toList() shouldBe List(MANY_ELEMENTS) { it }
                limiter.active() shouldBe 0
            }
        }

        for (permits in listOf(1, 2, 4)) {
            test("a flow that emits with one of $permits permits is gathered") {
                for (limit in listOf(1, 2, 4)) {
                    for ((kind, body) in bodies) {
                        val limiter = Limiter.concurrent(permits)
                        onThreads(2) { dispatcher ->
                            val what = "limit $limit, bodies that $kind"
                            SuspendCaller(
                                dispatcher,
                            ) { emitting(limiter, MANY_ELEMENTS).gather(limit, body = body).toList() }
                                .value(what) shouldBe List(MANY_ELEMENTS) { it }
                        }
                    }
                }
            }

            test("a flow that emits with one of $permits permits is gathered under the same limiter") {
                for (limit in listOf(1, 2, 4)) {
                    for ((kind, body) in bodies) {
                        val limiter = Limiter.concurrent(permits)
                        onThreads(2) { dispatcher ->
                            val what = "limit $limit, bodies that $kind"
                            SuspendCaller(dispatcher) {
                                emitting(limiter, MANY_ELEMENTS).gather(limit, limiter = limiter, body = body).toList()
                            }.value(what) shouldBe List(MANY_ELEMENTS) { it }
                            limiter.active() shouldBe 0
                        }
                    }
                }
            }
        }

        test("deferreds wait for no permit, done or not, inside and outside of what is limited") {
            runTest {
                val limiter = Limiter.concurrent(1)
                val pending = CompletableDeferred<Int>()
                val done: List<Deferred<Int>> = List(3) { CompletableDeferred(it) }
                // Someone else has the only permit, for ever.
                val permit = limiter.tryAcquire()!!
                done.gather() shouldBe listOf(0, 1, 2)
                val waits = async(start = CoroutineStart.UNDISPATCHED) { (done + pending).gather() }
                limiter.waiting() shouldBe 0
                pending.complete(3)
                waits.await() shouldBe listOf(0, 1, 2, 3)
                permit.close()
                // And who has one asks for no second.
                listOf(1, 2).gather(limiter = limiter) { (done + done).gatherSettled().size } shouldBe listOf(6, 6)
            }
        }

        test("deferreds spend no permit of a rate, be they done or pending, once or several times there") {
            runTest {
                val limiter = Limiter.perSecond(0.2)
                coroutineScope {
                    val slow = async { delay(1.seconds).let { 1 } }
                    limiter.withPermit {
                        listOf(slow, slow, CompletableDeferred(2)).gather() shouldBe listOf(1, 1, 2)
                        listOf(slow, slow).gatherSettled().size shouldBe 2
                    }
                }
                currentTime shouldBe 1_000L
                limiter.waiting() shouldBe 0
            }
        }
    })

private const val MANY_ELEMENTS = 20

private class AskingItems(
    private val count: Int,
    private val asks: String,
    private val limiter: Limiter,
) : Iterable<Int> {
    override fun iterator() =
        object : Iterator<Int> {
            private var next = 0

            override fun hasNext() = asking("hasNext") { next < count }

            override fun next() = asking("next") { next++ }

            private fun <T> asking(
                method: String,
                answer: () -> T,
            ): T = if (method in asks) limiter.call(answer) else answer()
        }
}
