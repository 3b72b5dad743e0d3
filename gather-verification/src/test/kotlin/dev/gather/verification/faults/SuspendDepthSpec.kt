package dev.gather.verification.faults

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.SECONDS
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.InternalForInheritanceCoroutinesApi
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.single
import kotlinx.coroutines.job
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** Many gathers inside one another, and gathers that wait for one another. */
class SuspendDepthSpec :
    FunSpec({
        timeout = (6 * SECONDS).seconds.inWholeMilliseconds

        for (depth in listOf(350, 1_000)) {
            test("$depth levels where nothing is dispatched complete") {
                for ((form, level) in LEVELS) {
                    val leaf = CompletableDeferred<Int>()
                    val caller = SuspendCaller(Dispatchers.Unconfined) { nested(level, depth) { leaf.await() } }
                    leaf.complete(0)
                    caller.value(form) shouldBe depth
                }
            }

            test("$depth levels where nothing is dispatched, and nothing suspends, complete") {
                for ((form, level) in LEVELS) {
                    SuspendCaller(Dispatchers.Unconfined) { nested(level, depth) { 0 } }.value(form) shouldBe depth
                }
            }

            test("$depth levels where nothing is dispatched are cancelled, to the last leaf") {
                for ((form, level) in LEVELS) {
                    val leaf = CompletableFuture<Throwable>()
                    val caller =
                        SuspendCaller(Dispatchers.Unconfined) {
                            nested(level, depth) {
                                try {
                                    awaitCancellation()
                                } catch (e: CancellationException) {
                                    leaf.complete(e)
                                    throw e
                                }
                            }
                        }
                    caller.cancel()
                    caller.end(form).exceptionOrNull().shouldBeInstanceOf<CancellationException>()
                    withClue(form) { leaf.isDone shouldBe true }
                }
            }
        }

        for ((layers, width) in listOf(1 to 80, 3 to 80, 6 to 20)) {
            test("a cancel goes through $layers layers of $width deferreds that gather each other, once an edge") {
                // Threads of its own: where a cancel takes for ever it keeps them busy.
                onThreads(2) { threads ->
                    val cancels = AtomicInteger()
                    val scope = CoroutineScope(SupervisorJob() + threads)
                    val leaves = CompletableDeferred<Int>()
                    var layer: List<Deferred<Int>> = List(width) { Counted(scope.async { leaves.await() }, cancels) }
                    val all = layer.toMutableList()
                    val waiting = AtomicInteger()
                    repeat(layers) {
                        val before = layer
                        layer =
                            List(width) {
                                val gathering =
                                    scope.async {
                                        waiting.incrementAndGet()
                                        before.gather().sum()
                                    }
                                Counted(gathering, cancels)
                            }
                        all += layer
                    }
                    val top = SuspendCaller(threads) { layer.gather() }
                    SuspendCaller(threads) {
                        while (waiting.get() < layers * width) yield()
                    }.value("the start of all")
                    cancels.set(0)
                    top.cancel()
                    top.end().exceptionOrNull().shouldBeInstanceOf<CancellationException>()
                    all.all { it.isCancelled } shouldBe true
                    val edges = (layers * width + 1) * width
                    withClue("${cancels.get()} cancels on $edges edges") {
                        cancels.get() shouldBeLessThanOrEqual 2 * edges
                    }
                    scope.cancel()
                }
            }
        }

        for (length in listOf(100, 4_000)) {
            test("a cancel goes down a chain of $length deferreds, each gathered by the next") {
                val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                val chain = chain(scope, length) { awaitCancellation() }
                chain.last().cancel()
                SuspendCaller(Dispatchers.Default) { chain.forEach { it.join() } }.value("a chain of $length")
                chain.all { it.isCancelled } shouldBe true
                scope.cancel()
            }

            test("the caller of a gather that ends in a chain of $length deferreds is cancelled") {
                val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                val chain = chain(scope, length) { awaitCancellation() }
                val caller =
                    SuspendCaller(Dispatchers.Unconfined) { listOf(chain.last(), chain.first()).gatherSettled() }
                caller.cancel()
                caller.end().exceptionOrNull().shouldBeInstanceOf<CancellationException>()
                chain.all { it.isCancelled } shouldBe true
                scope.cancel()
            }

            test("a value goes up a chain of $length deferreds, each gathered by the next") {
                val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                val leaf = CompletableDeferred<Int>()
                val chain = chain(scope, length) { leaf.await() }
                leaf.complete(7)
                SuspendCaller(Dispatchers.Default) { chain.last().await() }.value("a chain of $length") shouldBe 7
                scope.cancel()
            }
        }
    })

private fun chain(
    scope: CoroutineScope,
    length: Int,
    leaf: suspend () -> Int,
): List<Deferred<Int>> {
    val chain = ArrayList<Deferred<Int>>()
    chain += scope.async(start = CoroutineStart.UNDISPATCHED) { leaf() }
    // Each waits before the next begins, so that the whole chain is there.
    repeat(length) {
        val before = chain.last()
        chain += scope.async(start = CoroutineStart.UNDISPATCHED) { listOf(before).gather().single() }
    }
    return chain
}

/** Counts how often it is asked to cancel. */
@OptIn(InternalForInheritanceCoroutinesApi::class) // nothing else tells how much work a cancel is
private class Counted<T>(
    private val deferred: Deferred<T>,
    private val cancels: AtomicInteger,
) : Deferred<T> by deferred {
    override fun cancel(cause: CancellationException?) {
        cancels.incrementAndGet()
        deferred.cancel(cause)
    }
}
