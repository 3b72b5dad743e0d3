@file:OptIn(InternalCoroutinesApi::class)

package dev.gather.verification.faults

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.SECONDS
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.yield
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingDeque
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.seconds

/** Bodies that have suspended, and can go on, do so before very many others start: what they have is still near then. */
class SuspendCrowdSpec :
    FunSpec({
        timeout = (9 * SECONDS).seconds.inWholeMilliseconds

        val forms: Map<String, CrowdedCall> =
            mapOf(
                "gather" to { items, body -> items.gather(body = body) },
                "gather, limited" to { items, body -> items.gather(limit = 400, body = body) },
                "gatherSettled" to { items, body -> items.gatherSettled(body = body).map { it.getOrThrow() } },
            )
        val dispatchers = mapOf("what comes last" to false, "what comes first" to true)

        for ((form, call) in forms) {
            if (form.contains("limited")) continue // with a limit, whoever ends starts the next
            for ((kind, isLastFirst) in dispatchers) {
                test("they have their turn, on a thread that runs $kind before the rest: $form") {
                    OneThread(isLastFirst).use { dispatcher ->
                        var least = Int.MAX_VALUE
                        val caller =
                            SuspendCaller(dispatcher) {
                                // The first time all of that takes so long that the thread seems to have more to do.
                                repeat(MANY_TIMES) {
                                    var suspended = 0
                                    var most = 0
                                    call(ITEMS) { item ->
                                        most = maxOf(most, ++suspended)
                                        yield()
                                        suspended--
                                        item
                                    } shouldBe ITEMS
                                    least = minOf(least, most)
                                }
                            }
                        caller.value()
                        least shouldBeLessThanOrEqual 2 * CROWD
                    }
                }
            }

            test("those that wait for something else keep no others from starting: $form") {
                OneThread(isLastFirst = true).use { dispatcher ->
                    val gate = CompletableDeferred<Unit>()
                    var started = 0
                    val most = if (form.contains("limited")) 400 else ITEMS.size
                    val caller =
                        SuspendCaller(dispatcher) {
                            call(ITEMS) { item ->
                                if (++started == most) gate.complete(Unit)
                                gate.await()
                                item
                            }
                        }
                    caller.value() shouldBe ITEMS
                }
            }

            test("a dispatcher that refuses when its dispatch has returned long ago ends all: $form") {
                for (nth in 1..150) {
                    TwoStages(nth).use { dispatcher ->
                        val caller =
                            SuspendCaller(dispatcher) {
                                dispatcher.arm()
                                call(ITEMS.take(300)) { it.also { yield() } }
                            }
                        caller.end("the $nth-th is refused") // a body that cannot go on fails, and so may all
                    }
                }
            }

            test("a dispatcher that has no room at the end of its queue harms nobody: $form") {
                OneThread(isLastFirst = true, hasRoomAtTheEnd = false).use { dispatcher ->
                    val ready = CompletableDeferred<Unit>()
                    val caller =
                        SuspendCaller(dispatcher) {
                            call(ITEMS) { item ->
                                if (item == 0) ready.complete(Unit) else ready.await()
                                item
                            }
                        }
                    caller.value() shouldBe ITEMS
                }
            }
        }
    })

private typealias CrowdedCall = suspend (items: List<Int>, body: suspend (Int) -> Int) -> List<Int>

/** How many are let suspend before that. */
private const val CROWD = 64

private const val MANY_TIMES = 40
private val ITEMS = List(1_000) { it }

/** What is dispatched comes to a pool later, which refuses once. */
private class TwoStages(
    private val refused: Int,
) : CoroutineDispatcher(),
    AutoCloseable {
    private val front = Executors.newSingleThreadExecutor()
    private val pool = Executors.newSingleThreadExecutor()
    private val calls = AtomicInteger(Int.MIN_VALUE)
    private val inner =
        Executor {
            if (calls.incrementAndGet() == refused) throw RejectedExecutionException("once")
            pool.execute(it)
        }.asCoroutineDispatcher()

    fun arm() = calls.set(0)

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) = front.execute { inner.dispatch(context, block) }

    override fun close() {
        front.shutdown()
        pool.shutdown()
    }
}

/** One thread, that of kotlinx among others: what was dispatched last runs first, but for who has given way. */
private class OneThread(
    private val isLastFirst: Boolean,
    private val hasRoomAtTheEnd: Boolean = true,
) : CoroutineDispatcher(),
    AutoCloseable {
    private val queue = LinkedBlockingDeque<Runnable>()
    private val worker =
        thread(isDaemon = true) {
            try {
                while (true) queue.take().run()
            } catch (_: InterruptedException) {
                // closed
            }
        }

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) {
        if (isLastFirst) queue.addFirst(block) else queue.addLast(block)
    }

    override fun dispatchYield(
        context: CoroutineContext,
        block: Runnable,
    ) {
        check(hasRoomAtTheEnd) { "no room" }
        queue.addLast(block)
    }

    override fun close() = worker.interrupt()
}
