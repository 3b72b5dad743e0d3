package dev.gather.verification.coroutine

import dev.gather.GatherException
import dev.gather.Limiter
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.Gauge
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.race.Boom
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** Where all have to succeed: what fails in a coroutine of a body fails the gather, like what the body throws. */
class TogetherSpec :
    FunSpec({
        timeout = (5 * SECONDS).seconds.inWholeMilliseconds

        val calls: Map<String, suspend (Bodies) -> Any?> =
            mapOf(
                "async in a coroutineScope" to { bodies ->
                    coroutineScope { bodies.map { async { it() } }.awaitAll() }
                },
                "gather" to { bodies -> gather(*bodies.toTypedArray()) },
                "items.gather" to { bodies -> bodies.gather { it() } },
                "items.gather, limit" to { bodies -> bodies.gather(limit = BODIES) { it() } },
                "items.gather, taskTimeout" to { bodies -> bodies.gather(taskTimeout = 1_000.hours) { it() } },
                "items.gather, limiter" to { bodies -> bodies.gather(limiter = Limiter.concurrent(BODIES)) { it() } },
                "map.gather" to { bodies -> bodies.keyed().gather() },
                "gather, typed" to { (a, b, c, d) -> gather(a, b, c, d) { _, _, _, _ -> } },
                "flow.gather" to { bodies -> bodies.asFlow().gather(limit = BODIES) { it() }.toList() },
            )

        fun everywhere(
            name: String,
            calls: Map<String, suspend (Bodies) -> Any?>,
            observe: suspend (call: suspend (Bodies) -> Any?, pause: suspend () -> Unit) -> Unit,
        ) {
            for ((way, call) in calls) {
                test("$name: $way") {
                    for ((how, pause) in PAUSES) {
                        withClue("$how, in virtual time") { runTest { withTimeout(1.hours) { observe(call, pause) } } }
                        withClue("$how, on many threads") {
                            withContext(Dispatchers.Default) { withTimeout(SECONDS.seconds) { observe(call, pause) } }
                        }
                    }
                }
            }
        }

        everywhere("what fails in a helper fails the gather, and cancels the others", calls) { call, pause ->
            val boom = Boom(1)
            val jobs = List(BODIES) { CompletableDeferred<Job>() }
            val thrown =
                runCatching {
                    call(
                        List(BODIES) { i ->
                            suspend {
                                jobs[i].complete(myJob())
                                jobs.forEach { it.await() }
                                pause()
                                if (i == 0) here().launch { throw boom }
                                awaitCancellation()
                            }
                        },
                    )
                }.exceptionOrNull()
            thrown shouldBeSameInstanceAs boom
            val own = jobs.map { it.await() }
            own.toSet().size shouldBe BODIES
            own.all { it.isCompleted && it.isCancelled } shouldBe true
            currentCoroutineContext().isActive shouldBe true
        }

        // The one place where they differ: row 17 has an exception that nobody takes for the caller's own end.
        everywhere("a body that cancels itself fails the gather", calls - "async in a coroutineScope") { call, pause ->
            val thrown =
                runCatching {
                    call(
                        List(BODIES) { i ->
                            suspend {
                                pause()
                                if (i == 0) currentCoroutineContext().cancel(CancellationException("enough of it"))
                                i
                            }
                        },
                    )
                }.exceptionOrNull()
            val cause = thrown.shouldBeInstanceOf<GatherException>().cause
            cause.shouldBeInstanceOf<CancellationException>().message shouldBe "enough of it"
            currentCoroutineContext().isActive shouldBe true
        }

        val bounded: Map<String, suspend (Bodies) -> Any?> =
            mapOf(
                "limit" to { bodies -> bodies.gather(limit = 1) { it() } },
                "limit, settled" to { bodies -> bodies.gatherSettled(limit = 1) { it() } },
                "limiter" to { bodies -> bodies.gather(limiter = Limiter.concurrent(1)) { it() } },
                "flow, limit" to { bodies -> bodies.asFlow().gather(limit = 1) { it() }.toList() },
            )
        everywhere("a task counts as running until its helpers have ended", bounded) { call, pause ->
            val gauge = Gauge()
            call(
                List(BODIES) {
                    suspend {
                        gauge.enter()
                        here().launch {
                            pause()
                            yield()
                            gauge.exit()
                        }
                    }
                },
            )
            gauge.exited shouldBe BODIES
            gauge.max shouldBe 1
        }
    })
