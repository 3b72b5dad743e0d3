package dev.gather.verification.python

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.Heard
import dev.gather.verification.guarantee.JavaRunning
import dev.gather.verification.guarantee.Piece
import dev.gather.verification.guarantee.Running
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.ExecutionException
import kotlin.coroutines.CoroutineContext

/** A24 to A35: what one failure does, where failures are not collected. */
class PythonFailureSpec :
    PythonRules({
        everywhere("A24 the first failure in time wins, the same instance") { door, setting ->
            val (a, b, c) = List(3) { Piece<Int>() }
            val running = door.all(listOf(a, b, c), setting.how())
            started(a, b, c)
            val error = Boom("b")
            b.throws(error)
            running.failure().cause shouldBeSameInstanceAs error
            setting.othersAfterFailure(a, c)
            listOf(a, c).forEach { it.returns(0) }
        }

        kotlin("A24 the first failure in time wins, the same instance") {
            val error = Boom("E1")
            val call = start { all(ok("a", 100), fail(error, 20), fail(Boom("E2"), 50)) }
            letRun()
            call.thrown shouldBeSameInstanceAs error
            call.endedAt shouldBe 20
            log shouldBe if (setting == Setting.CPYTHON) listOf("E1", "E2", "a") else listOf("E1")
        }

        java("A25 of two failures in one turn, the one that came first wins") { setting ->
            val (a, b) = List(2) { CompletableFuture<Int>() }
            val future = Gather.started(listOf(a, b)).onFailure(setting.policy).all()
            val error = Boom("b")
            b.completeExceptionally(error)
            a.completeExceptionally(Boom("a"))
            shouldThrow<ExecutionException> { future.soon() }.cause shouldBeSameInstanceAs error
        }

        kotlin("A25 of two failures in one turn, the one that came first wins") {
            val (a, b) = List(2) { CompletableDeferred<Int>() }
            val call = start { all(listOf(a, b)) }
            letRun()
            val error = Boom("b")
            b.completeExceptionally(error)
            a.completeExceptionally(Boom("a"))
            letRun()
            call.thrown shouldBeSameInstanceAs error
        }

        java("A26 among inputs that had failed already, the first in the order of the arguments wins") { setting ->
            val (pending, second, third) = List(3) { CompletableFuture<Int>() }
            third.completeExceptionally(Boom("third argument, failed first"))
            val error = Boom("second argument")
            second.completeExceptionally(error)
            val future = Gather.started(listOf(pending, second, third)).onFailure(setting.policy).all()
            future.isDone shouldBe true
            shouldThrow<ExecutionException> { future.soon() }.cause shouldBeSameInstanceAs error
            pending.isCancelled shouldBe (setting == Setting.DEFAULT)
        }

        kotlin("A26 among inputs that had failed already, the first in the order of the arguments wins") {
            val (pending, second, third) = List(3) { CompletableDeferred<Int>() }
            third.completeExceptionally(Boom("third argument, failed first"))
            val error = Boom("second argument")
            second.completeExceptionally(error)
            val call = start { all(listOf(pending, second, third)) }
            letRun()
            call.thrown shouldBeSameInstanceAs error
            pending.isCancelled shouldBe (setting == Setting.DEFAULT)
        }

        kotlin("A26 among inputs that had failed already, the first wins even if another thread is quicker") {
            val failed = List(8) { i -> CompletableDeferred<Int>().apply { completeExceptionally(Boom("$i")) } }
            val thrown =
                withContext(QuickHelpers) {
                    try {
                        all(failed)
                        null
                    } catch (e: Boom) {
                        e
                    }
                }
            thrown!!.message shouldBe "0"
        }

        kotlin("A26 what is pending behind a failed input is not forgotten") {
            val error = Boom("failed before")
            val failed = CompletableDeferred<Int>().apply { completeExceptionally(error) }
            val pending = async { slowToStop<Int>(30) { throw it }() }
            delay(10) // it has started
            val call = start { all(listOf(failed, pending)) }
            delay(10)
            letTurn()
            when (setting) {
                Setting.CPYTHON -> {
                    call.thrown shouldBeSameInstanceAs error
                    pending.isActive shouldBe true
                    owner.coroutineContext.job.cancelAndJoin()
                    now shouldBe 50
                }

                Setting.DEFAULT -> {
                    call.endedAt shouldBe null
                    pending.isCancelled shouldBe true
                    letRun()
                    call.thrown shouldBeSameInstanceAs error
                    call.endedAt shouldBe 40
                }
            }
        }

        everywhere("A27 the others run on as in CPython, or are cancelled and have ended") { door, setting ->
            val (bad, other) = List(2) { Piece<Int>() }
            other.cleaningUp()
            val running = door.all(listOf(bad, other), setting.how())
            started(bad, other)
            bad.throws(Boom("bad"))
            if (setting == Setting.DEFAULT) {
                other.noticed.soon()
                running.isDone shouldBe false // it waits for the cleanup
                other.finishCleanup()
            }
            running.failure()
            setting.othersAfterFailure(other)
            other.returns(1).ended.soon()
            other.noticed.isDone shouldBe (setting == Setting.DEFAULT)
        }

        everywhere("A28 a later failure is not lost and surprises nobody") { door, setting ->
            val heard = Heard()
            val bad = Piece<Int>()
            val later = Boom("later")
            val other = Piece<Int>().failingCleanup(later)
            val error = Boom("first")
            val uncaught =
                uncaughtIn {
                    val running = door.all(listOf(bad, other), setting.how(heard))
                    started(bad, other)
                    bad.throws(error)
                    val end = running.failure()
                    end.cause shouldBeSameInstanceAs error
                    when (setting) {
                        Setting.CPYTHON -> {
                            other.throws(later)
                            heard.soonDropped() shouldBe (1 to later)
                            error.suppressed.toList() shouldBe emptyList()
                        }

                        Setting.DEFAULT -> {
                            val thrown = end.thrown
                            if (thrown is GatherException) {
                                thrown.outcomes()[1] shouldBe Outcome.Failure<Int>(later)
                            } else {
                                thrown.suppressed.toList() shouldBe listOf(later)
                            }
                        }
                    }
                }
            uncaught shouldBe emptyList()
        }

        everywhere(
            "A29 a task that cancels itself is a failure, and no cancelled gather",
        ) { door, setting ->
            val (cancelled, other) = List(2) { Piece<Int>() }
            val running = door.all(listOf(cancelled, other), setting.how())
            started(cancelled, other)
            val cancellation = CancellationException("by itself")
            cancelled.throws(cancellation)
            running.failure().cause shouldBeSameInstanceAs cancellation
            if (running is JavaRunning) running.future.isCancelled shouldBe false
            setting.othersAfterFailure(other)
            other.returns(1)
        }

        kotlin("A30 a caller can tell a cancelled task from its own cancellation") {
            supervisorScope {
                val caller = async { all({ throw CancellationException("the task") }, ok(1, 10)) }
                caller.join()
                caller.getCompletionExceptionOrNull().shouldBeInstanceOf<GatherException>()
            }
            val call = start { all({ throw CancellationException("the task") }) }
            letRun()
            call.thrown
                .shouldBeInstanceOf<GatherException>()
                .cause
                .shouldBeInstanceOf<CancellationException>()
            call.job.isCancelled shouldBe false
        }

        java("A30 a caller can tell a cancelled task from its own cancellation") { setting ->
            val stage = CompletableFuture<Int>()
            val future = Gather.started(listOf(stage)).onFailure(setting.policy).all()
            stage.cancel(true)
            future.isCancelled shouldBe false
            shouldThrow<GatherException> { future.join() }
                .outcomes()
                .single() shouldBe Outcome.Cancelled<Int>(CancelReason.TASK, true)
        }

        everywhere("A31 any other throwable is a failure like an exception") { door, setting ->
            for (error in listOf(AssertionError(), NoSuchElementException(), object : Throwable() {})) {
                val running = door.all(listOf(Piece<Int>().throws(error)), setting.how())
                running.failure().cause shouldBeSameInstanceAs error
            }
        }

        everywhere("A32 a fatal error fails the gather in every mode and stops the others") { door, setting ->
            for (settled in listOf(false, true)) {
                val (bad, other) = List(2) { Piece<Int>() }
                val pieces = listOf(bad, other)
                val running = if (settled) door.settled(pieces, setting.how()) else door.all(pieces, setting.how())
                started(bad, other)
                val error = OutOfMemoryError("not really")
                bad.throws(error)
                running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
                other.noticed.isDone shouldBe true
                other.isRunning shouldBe false
            }
        }

        java("A33 a failure nobody looks at is heard once by the listener and printed by nobody") { setting ->
            val heard = Heard()
            val error = Boom("unobserved")
            val uncaught =
                uncaughtIn {
                    val description = Gather.of(Callable<Int> { throw error }).onFailure(setting.policy)
                    description
                        .listener(heard)
                        .all()
                        .terminated()
                        .soon()
                }
            heard.ends.toList() shouldBe listOf(0 to Outcome.Failure<Int>(error))
            heard.dropped.toList() shouldBe emptyList()
            uncaught shouldBe emptyList()
        }

        everywhere("A34 an exception made of several passes as it is") { door, setting ->
            val parts = List(2) { Boom("part $it") }
            val group = IllegalStateException("group", parts[0])
            parts.forEach(group::addSuppressed)
            val end = door.all(listOf(Piece<Int>().throws(group)), setting.how()).failure()
            end.cause shouldBeSameInstanceAs group
            group.cause shouldBeSameInstanceAs parts[0]
            group.suppressed.toList() shouldBe parts
        }

        java("A34 an exception made of several passes as it is") { setting ->
            val group = CompletionException("thrown by a body", Boom("part"))
            val future = Gather.of(Callable<Int> { throw group }).onFailure(setting.policy).all()
            shouldThrow<ExecutionException> { future.soon() }.cause shouldBeSameInstanceAs group
        }

        java("A35 what is left running has an owner who can end it") { setting ->
            val (bad, other) = List(2) { Piece<Int>() }
            val scope = GatherScope()
            val future =
                Gather
                    .of(Task.of { bad.block() }, Task.of { other.block() })
                    .onFailure(setting.policy)
                    .scope(scope)
                    .all()
            started(bad, other)
            bad.throws(Boom("bad"))
            shouldThrow<ExecutionException> { future.soon() }
            setting.othersAfterFailure(other)
            scope.close()
            other.noticed.isDone shouldBe true
            other.isRunning shouldBe false
        }

        kotlin("A35 what is left running has an owner who can end it") {
            val left = slowToStop<Int>(30) { throw it }
            val call = start { all(fail(Boom("bad"), 10), left) }
            delay(15)
            (call.endedAt != null) shouldBe (setting == Setting.CPYTHON)
            owner.coroutineContext.job.cancelAndJoin()
            now shouldBe if (setting == Setting.CPYTHON) 45 else 15 // by default there was nothing for the owner to end
            letRun()
            call.thrown.shouldBeInstanceOf<Boom>()
            call.endedAt shouldBe if (setting == Setting.CPYTHON) 10 else 40
        }
    })

private fun Running<*>.failure(): End.Failed = end().shouldBeInstanceOf<End.Failed>()

/** Whatever is dispatched has been run, by another thread, before the dispatch returns: the helper is always first. */
private object QuickHelpers : CoroutineDispatcher() {
    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) {
        val done = CompletableFuture<Unit>()
        Thread {
            block.run()
            done.complete(Unit)
        }.start()
        done.soon()
    }
}
