package dev.gather.verification.faults

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.verification.guarantee.SECONDS
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
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
            queue.size shouldBe 1 // the helper, which its gather has left there
            val second =
                scope.async(start = CoroutineStart.UNDISPATCHED) {
                    gather({ 1 }, onFailure = FailurePolicy.LEAVE_OTHERS, scope = scope)
                }
            queue.size shouldBe 1 // the same
            waiting!!.resume(Unit) // the first gather ends
            queue.run()
            first.isCompleted shouldBe true
            second.isCompleted shouldBe true
            second.await() shouldBe listOf(1)
        }
    })

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
