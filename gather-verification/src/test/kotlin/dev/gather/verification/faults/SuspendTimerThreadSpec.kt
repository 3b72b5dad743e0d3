package dev.gather.verification.faults

import dev.gather.FailurePolicy
import dev.gather.Limiter
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherSettled
import dev.gather.coroutines.withPermit
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.SHORT
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration

private typealias Bounded = suspend (limiter: Limiter, timeout: Duration) -> Any?

/** A deadline is told by a thread that everybody shares: what it sets free goes on elsewhere. */
class SuspendTimerThreadSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        val forms: Map<String, Bounded> =
            mapOf(
                "gather" to { limiter, timeout -> ITEMS.gather(limiter = limiter, timeout = timeout) { it } },
                "gatherSettled" to
                    { limiter, timeout -> ITEMS.gatherSettled(limiter = limiter, timeout = timeout) { it } },
                "gatherAny" to { limiter, timeout -> ITEMS.gatherAny(limiter = limiter, timeout = timeout) { it } },
                "gatherAsCompleted" to { limiter, timeout ->
                    ITEMS.gatherAsCompleted(limiter = limiter, timeout = timeout) { it }.collect()
                },
            )
        for ((form, call) in forms) {
            test("a permit that came to $form too late goes on to others, and not in the timer's thread") {
                val limiter = Limiter.concurrent(1)
                val permit = limiter.tryAcquire()!!
                val blocked = CountDownLatch(1)
                onThreads(1) { thread ->
                    val caller = SuspendCaller(thread) { call(limiter, SHORT.toKotlinDuration()) }
                    awaitWaiting(limiter, 1)
                    // From now on the gather has no thread on which it could use a permit.
                    val dispatched = CompletableFuture<Unit>()
                    SuspendCaller(thread) {
                        dispatched.complete(Unit)
                        blocked.await()
                    }
                    dispatched.soon()
                    val seen = ConcurrentLinkedQueue<String>()

                    fun here() {
                        seen += Thread.currentThread().name
                    }
                    val dependent = limiter.acquire().thenAccept { next -> here().also { next.close() } }
                    val unconfined =
                        SuspendCaller(Dispatchers.Unconfined) {
                            limiter.withPermit { here() }
                            here()
                        }
                    val later = limiter.acquire().thenAccept { next -> here().also { next.close() } }
                    permit.close()
                    dependent.soon()
                    unconfined.value("who waits without a thread of its own")
                    later.soon()
                    blocked.countDown()
                    caller.end(form)
                    seen shouldHaveSize 4
                    withClue(seen) { seen.filter(::isTimer).shouldBeEmpty() }
                }
            }
        }

        val left: Map<String, suspend (gate: CompletableDeferred<Unit>) -> Unit> =
            mapOf(
                "waits" to { it.await() },
                "waits for a while" to { gate ->
                    gate.await()
                    delay(1.milliseconds)
                },
                "gathers" to { gate ->
                    gate.await()
                    listOf(1, 2).gather { delay(1.milliseconds) }
                },
            )
        for ((kind, rest) in left) {
            test("a body that $kind, left by LEAVE_OTHERS of a caller in runBlocking, keeps off the timer's thread") {
                val owner = CoroutineScope(SupervisorJob())
                val gate = CompletableDeferred<Unit>()
                val hasStarted = CompletableDeferred<Unit>() // one that has not when the other fails never does
                val seen = CompletableFuture<String>()
                val call = {
                    runBlocking {
                        gather(
                            {
                                hasStarted.complete(Unit)
                                rest(gate)
                                seen.complete(Thread.currentThread().name)
                            },
                            {
                                hasStarted.await()
                                throw IOException()
                            },
                            onFailure = FailurePolicy.LEAVE_OTHERS,
                            scope = owner,
                        )
                    }
                }
                // A thread without an event loop of its own: in that of the test it would be nested, and not over.
                withThreads(1) { pool ->
                    runCatching { pool.submit(call).soon() }
                        .exceptionOrNull()!!
                        .causes()
                        .any { it is IOException } shouldBe true
                }
                gate.complete(Unit)
                isTimer(seen.soon()) shouldBe false
                owner.cancel()
            }
        }
    })

private val ITEMS = listOf(1, 2)

private fun isTimer(name: String) = name.startsWith("kotlinx.coroutines.DefaultExecutor")

private fun awaitWaiting(
    limiter: Limiter,
    count: Int,
) = SuspendCaller(Dispatchers.Default) { while (limiter.waiting() < count) yield() }
    .value("one that waits for a permit")
