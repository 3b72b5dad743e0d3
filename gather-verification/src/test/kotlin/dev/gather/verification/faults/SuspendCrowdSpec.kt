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
import kotlinx.coroutines.yield
import java.util.concurrent.LinkedBlockingDeque
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
                        var suspended = 0
                        var most = 0
                        val caller =
                            SuspendCaller(dispatcher) {
                                call(ITEMS) { item ->
                                    most = maxOf(most, ++suspended)
                                    yield()
                                    suspended--
                                    item
                                }
                            }
                        caller.value() shouldBe ITEMS
                        most shouldBeLessThanOrEqual 2 * CROWD
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

private val ITEMS = List(4_000) { it }

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
