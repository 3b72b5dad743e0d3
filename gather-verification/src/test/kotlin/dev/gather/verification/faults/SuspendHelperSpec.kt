package dev.gather.verification.faults

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.verification.guarantee.SECONDS
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest
import java.util.concurrent.CountDownLatch
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.time.Duration.Companion.seconds

/** A helper that waits in the queue of a dispatcher, and for which its gather does not wait any more, works for the next. */
class SuspendHelperSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        test("a gather that ends does not take back the helper that another has taken over") {
            val queue = Queue()
            val scope = CoroutineScope(SupervisorJob() + queue)
            repeat(LEFT_BEFORE) {
                scope.launch(start = CoroutineStart.UNDISPATCHED) { gather({ }, { }) }
            }
            queue.size shouldBe LEFT_BEFORE // the helpers, which their gathers have left there
            var waiting: Continuation<Unit>? = null
            val first =
                scope.async(start = CoroutineStart.UNDISPATCHED) {
                    gather(
                        {
                            suspendCoroutineUninterceptedOrReturn {
                                waiting = it
                                COROUTINE_SUSPENDED
                            }
                        },
                        { },
                    )
                }
            queue.size shouldBe LEFT_BEFORE // it has taken over one of them, and left it
            val second =
                scope.async(start = CoroutineStart.UNDISPATCHED) {
                    gather({ 1 }, onFailure = FailurePolicy.LEAVE_OTHERS, scope = scope)
                }
            queue.size shouldBe LEFT_BEFORE // the same
            waiting!!.resume(Unit) // the first gather ends
            queue.run()
            first.isCompleted shouldBe true
            second.isCompleted shouldBe true
            second.await() shouldBe listOf(1)
        }

        test("a helper that was left in a queue which was thrown away is no helper of the next gather") {
            withThreads(1) { pool ->
                val dispatcher = pool.asCoroutineDispatcher()
                val scope = CoroutineScope(SupervisorJob() + dispatcher)
                val busy = CountDownLatch(1)
                pool.execute { runCatching { busy.await() } }
                scope.async(start = CoroutineStart.UNDISPATCHED) { gather({ 1 }, { 2 }) }.isCompleted shouldBe true
                val dropped = pool.shutdownNow()
                val next =
                    scope.async(start = CoroutineStart.UNDISPATCHED) {
                        runCatching { gather({ 3 }, onFailure = FailurePolicy.LEAVE_OTHERS, scope = scope) }
                    }
                SuspendCaller(Dispatchers.Default) { next.await() }
                    .value("after $dropped")
                    .exceptionOrNull()
                    .shouldBeInstanceOf<RejectedExecutionException>()
            }
        }

        test("a gather in a test is not helped by one that is in the background") {
            runTest {
                backgroundScope.launch(start = CoroutineStart.UNDISPATCHED) { gather({ 1 }, { 2 }) }
                val results =
                    async(start = CoroutineStart.UNDISPATCHED) { listOf(1).gatherAsCompleted { it }.toList() }
                testScheduler.advanceUntilIdle()
                results.isCompleted shouldBe true
            }
        }
    })

/** So many are left in a queue before one of them is taken over. */
private const val LEFT_BEFORE = 64

/** Runs what was dispatched when it is told to. */
private class Queue : CoroutineDispatcher() {
    private val queued = ArrayDeque<Runnable>()

    val size: Int get() = queued.size

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) {
        queued.addLast(block)
    }

    fun run() {
        while (true) (queued.removeFirstOrNull() ?: return).run()
    }
}
