package dev.gather.coroutines.internal.run

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.coroutines.internal.cells.Slots
import dev.gather.coroutines.internal.input.ListSource
import dev.gather.coroutines.internal.run.Threads.From
import dev.gather.coroutines.internal.stub
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.RejectedExecutionException

/** How many helpers a worker sends before it is busy, of a gather of 1,000 whose threads never refuse, mostly. */
class HelperCallsSpec :
    FunSpec({
        test("where few have been taken: one") {
            Sending().sentBy { tasksThatKeepTheirThreads(10) } shouldBe 1
        }

        test("where tasks have ended: as many as there are processors to run them") {
            Sending().sentBy { tasksThatHaveEnded(100) } shouldBe AHEAD
        }

        test("where tasks keep their threads: one for each task that is left") {
            Sending().sentBy { tasksThatKeepTheirThreads(20) } shouldBe 980
        }

        test("where half have ended: as many as there are processors") {
            Sending().sentBy {
                tasksThatHaveEnded(50)
                tasksThatKeepTheirThreads(40)
            } shouldBe AHEAD
        }

        test("with a limit: no more than may run") {
            Sending(limit = 100).sentBy { tasksThatKeepTheirThreads(20) } shouldBe 80
        }

        test("where the system has no more threads: none after the one that was refused") {
            val sending = Sending(accepted = 30)
            sending.sentBy { tasksThatKeepTheirThreads(20) } shouldBe 30
            sending.refused shouldBe 1
        }
    })

private const val AHEAD = 2

private class Sending(
    limit: Int = Int.MAX_VALUE,
    private val accepted: Int = Int.MAX_VALUE,
) : Threads {
    private val worker = stub<Worker>()
    private val source = ListSource(List(1_000) { it })
    private val run =
        Run(
            limit,
            source,
            null,
            this,
            stub<Bodies>(),
            Ledger(true, FailurePolicy.AWAIT_OTHERS, null, Slots(0)),
            stub<Delivery>(),
        )

    private var sent = 0
    var refused: Int = 0
        private set

    override val hasOthers: Boolean get() = true
    override val ahead: Int get() = AHEAD
    override val isQueue: Boolean get() = false

    override fun send(
        run: Run,
        from: From,
    ) {
        if (sent < accepted) {
            sent++
        } else {
            refused++
            check(refused < 1_000) { "it goes on and on" }
            run.helpers.refused(run, RejectedExecutionException())
        }
        run.helpers.sent()
    }

    override fun asNobody(action: Runnable) {}

    override fun leave() {}

    fun tasksThatKeepTheirThreads(many: Int) =
        repeat(many) {
            run.tokens.take()
            run.places.tryAcquire()
            source.take(worker, run)
        }

    fun tasksThatHaveEnded(many: Int) = repeat(many) { source.take(worker, run) }

    fun sentBy(before: Sending.() -> Unit): Int {
        before()
        run.helpers.callBeside(run)
        return sent.also { run.stop(CancelReason.GATHER) }
    }
}
