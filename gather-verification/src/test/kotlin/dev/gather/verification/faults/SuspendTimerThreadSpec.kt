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
import io.kotest.matchers.collections.shouldNotBeEmpty
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
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

        test("what LEAVE_OTHERS leaves of a caller in runBlocking goes on elsewhere than in the timer's thread") {
            val owner = CoroutineScope(SupervisorJob())
            val seen = ConcurrentLinkedQueue<String>()
            val gate = CompletableDeferred<Unit>()
            val ended = List(3) { CompletableFuture<Unit>() }
            val thrown =
                runCatching {
                    runBlocking {
                        gather(
                            {
                                gate.await()
                                seen += Thread.currentThread().name
                                ended[0].complete(Unit)
                            },
                            {
                                delay(1.milliseconds)
                                gate.await()
                                delay(1.milliseconds)
                                seen += Thread.currentThread().name
                                ended[1].complete(Unit)
                            },
                            {
                                gate.await()
                                listOf(1, 2).gather { it.also { delay(1.milliseconds) } }
                                seen += Thread.currentThread().name
                                ended[2].complete(Unit)
                            },
                            { error("the first") },
                            onFailure = FailurePolicy.LEAVE_OTHERS,
                            scope = owner,
                        )
                    }
                }
            withClue(thrown) { listOfNotNull(thrown.exceptionOrNull()).shouldNotBeEmpty() }
            gate.complete(Unit)
            ended.forEach { it.soon() }
            SuspendCaller(Dispatchers.Default) { owner.coroutineContext.job.children.forEach { it.join() } }.value()
            owner.cancel()
            withClue(seen) { seen.filter(::isTimer).shouldBeEmpty() }
        }
    })

private val ITEMS = listOf(1, 2)

private fun isTimer(name: String) = name.startsWith("kotlinx.coroutines.DefaultExecutor")

private fun awaitWaiting(
    limiter: Limiter,
    count: Int,
) = SuspendCaller(Dispatchers.Default) { while (limiter.waiting() < count) yield() }
    .value("one that waits for a permit")
