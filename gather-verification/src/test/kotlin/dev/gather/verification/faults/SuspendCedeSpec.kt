package dev.gather.verification.faults

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

private typealias CedingCall = suspend (items: List<Int>, body: suspend (Int) -> Int) -> List<Int>

/** A worker that has been at it for a while gives its thread to others, and comes back to nobody's harm. */
class SuspendCedeSpec :
    FunSpec({
        timeout = (9 * SECONDS).seconds.inWholeMilliseconds

        val forms: Map<String, CedingCall> =
            mapOf(
                "gather" to { items, body -> items.gather(body = body) },
                "gather, limited" to { items, body -> items.gather(limit = 4, body = body) },
                "gather, one at a time" to { items, body -> items.gather(limit = 1, body = body) },
                "gatherSettled" to { items, body -> items.gatherSettled(body = body).map { it.getOrThrow() } },
                "Iterable.gatherAsCompleted" to { items, body ->
                    items
                        .gatherAsCompleted(limit = 4, body = body)
                        .toList()
                        .map { it.getOrThrow() }
                        .sorted()
                },
                "Flow.gather" to { items, body -> items.asFlow().gather(limit = 4, body = body).toList() },
            )
        val noFlows = forms.filterKeys { !it.contains("Flow") && !it.contains("Completed") }

        for ((form, call) in noFlows) {
            for (throws in listOf(false, true)) {
                val kind = if (throws) "thrown back" else "refused"
                test("a worker, or a helper, whose dispatch is $kind fails nothing while others go on: $form") {
                    for (nth in 1..20) {
                        withThreads(1) { pool ->
                            val ended = AtomicInteger()
                            val refusing = RefusesOnce(nth, pool)
                            // The way back of the caller is nobody's but its dispatcher's.
                            val whileBodies =
                                { it: Runnable ->
                                    if (ended.get() <
                                        MANY_ELEMENTS
                                    ) {
                                        refusing.execute(it)
                                    } else {
                                        pool.execute(it)
                                    }
                                }
                            val dispatcher = if (throws) Throwing(whileBodies) else whileBodies.asDispatcher()
                            val caller =
                                SuspendCaller(dispatcher) {
                                    refusing.arm()
                                    call(ELEMENTS) { it.also { busyFor(100_000) }.also { ended.incrementAndGet() } }
                                }
                            val what = "dispatch $nth $kind"
                            val end = caller.end(what)
                            withClue("$what: $end") { end.getOrThrow() shouldBe ELEMENTS }
                        }
                    }
                }
            }
        }

        for ((form, call) in forms) {
            test("so does who comes after very many bodies that took no time: $form") {
                onThreads(1) { thread ->
                    val others = CompletableFuture<Int>()
                    var slow = 0
                    val caller =
                        SuspendCaller(thread) {
                            val scope = CoroutineScope(currentCoroutineContext())
                            call(List(TINY + 100) { it }) { item ->
                                if (item == TINY) scope.launch { others.complete(slow) }
                                if (item >= TINY && !others.isDone) {
                                    slow++
                                    busyFor(LONG_NANOS)
                                }
                                item
                            }
                        }
                    others.soon() shouldBeLessThanOrEqual 16
                    caller.value().size shouldBe TINY + 100
                }
            }
        }

        for ((form, call) in forms) {
            test("who waits for the same thread comes between bodies that take their time: $form") {
                onThreads(1) { thread ->
                    var ended = 0
                    var sinceTurn = 0
                    var longest = 0
                    var turns = 0
                    val caller =
                        SuspendCaller(thread) {
                            val ticker =
                                CoroutineScope(currentCoroutineContext()).launch {
                                    while (isActive) {
                                        turns++
                                        sinceTurn = 0
                                        yield()
                                    }
                                }
                            call((1..FEW).toList()) { item ->
                                busyFor(LONG_NANOS)
                                ended++
                                longest = maxOf(longest, ++sinceTurn)
                                item
                            }.also { ticker.cancel() }
                        }
                    caller.value() shouldBe (1..FEW).toList()
                    withClue("$turns turns, $longest bodies in a row") { longest shouldBeLessThanOrEqual 4 }
                }
            }

            test("a cancel that comes on the same thread is heard before many more bodies start: $form") {
                onThreads(1) { thread ->
                    var started = 0
                    var startedAtCancel = 0
                    val cancelled = CompletableFuture<Unit>()
                    val caller =
                        SuspendCaller(thread) {
                            val job = currentCoroutineContext().job
                            CoroutineScope(thread).launch {
                                startedAtCancel = started
                                job.cancel()
                                cancelled.complete(Unit)
                            }
                            call((1..FEW).toList()) { item ->
                                started++
                                item.also { busyFor(LONG_NANOS) }
                            }
                        }
                    cancelled.soon()
                    caller.end().exceptionOrNull().shouldBeInstanceOf<CancellationException>()
                    withClue("$startedAtCancel had started when it was cancelled, $started at the end") {
                        startedAtCancel shouldBeLessThanOrEqual 4
                        started - startedAtCancel shouldBeLessThanOrEqual 4
                    }
                }
            }
        }

        test("a cancel that comes from elsewhere is heard before many more bodies start") {
            for ((form, call) in forms) {
                onThreads(1) { thread ->
                    val started = AtomicInteger()
                    val third = CompletableFuture<Unit>()
                    val isCancelled = CompletableFuture<Unit>()
                    val caller =
                        SuspendCaller(thread) {
                            call(ELEMENTS) { item ->
                                if (started.incrementAndGet() == 3) {
                                    third.complete(Unit)
                                    isCancelled.soon()
                                }
                                item
                            }
                        }
                    third.soon()
                    caller.cancel()
                    isCancelled.complete(Unit)
                    caller.end().exceptionOrNull().shouldBeInstanceOf<CancellationException>()
                    withClue(form) { started.get() shouldBeLessThanOrEqual 3 + 4 }
                }
            }
        }
    })

private const val MANY_ELEMENTS = 200
private val ELEMENTS = List(MANY_ELEMENTS) { it }
private const val FEW = 40

/** Enough for a worker to think that it may take long turns. */
private const val TINY = 3_000

/** Several times what a turn lasts. */
private const val LONG_NANOS = 5_000_000L

private fun ((Runnable) -> Unit).asDispatcher() = Executor(this).asCoroutineDispatcher()

/** Works for so long: what a turn is depends on how long the bodies take. */
private fun busyFor(nanos: Long) {
    val until = System.nanoTime() + nanos
    while (System.nanoTime() < until) Thread.onSpinWait()
}
