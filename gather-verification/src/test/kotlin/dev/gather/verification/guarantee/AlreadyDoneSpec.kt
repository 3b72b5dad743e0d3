package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.async
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.TimeUnit

/** Enough to let two threads meet in a narrow place. */
private const val ROUNDS = 2_000

class AlreadyDoneSpec :
    BothDoors({
        both("inputs that are done complete the gather before the call returns") { door ->
            repeat(ROUNDS) {
                val running = door.started(List(5) { Handle<Int>().returns(it) })
                running.isDone shouldBe true
                running.end() shouldBe End.Value(listOf(0, 1, 2, 3, 4))
            }
        }

        both("inputs that are done settle the gather before the call returns") { door ->
            val error = IOException()
            repeat(ROUNDS) {
                val running = door.startedSettled(listOf(Handle<Int>().throws(error), Handle<Int>().returns(1)))
                running.isDone shouldBe true
                running.end() shouldBe End.Value(listOf(Outcome.Failure(error), Outcome.Success(1)))
            }
        }

        for (policy in FailurePolicy.entries) {
            both("with $policy the first in input order that had failed wins, whichever failed first") { door ->
                val errors = List(6) { IOException("$it") }
                repeat(ROUNDS) {
                    val handles = List(7) { Handle<Int>() }
                    for (i in 5 downTo 1) handles[i].throws(errors[i])
                    handles[6].returns(6)
                    handles[0].returns(0)
                    val running = door.started(handles, How(onFailure = policy))
                    if (policy != FailurePolicy.LEAVE_OTHERS) running.isDone shouldBe true
                    (running.end() as End.Failed).cause shouldBeSameInstanceAs errors[1]
                }
            }
        }

        for (policy in listOf(FailurePolicy.CANCEL_OTHERS, FailurePolicy.LEAVE_OTHERS)) {
            both("with $policy one that had failed wins although a pending one stands before it") { door ->
                val error = IOException()
                repeat(ROUNDS) {
                    val handles = List(4) { Handle<Int>() }
                    handles[3].throws(IOException("later in the input"))
                    handles[2].throws(error)
                    val end = door.started(handles, How(onFailure = policy)).end()
                    (end as End.Failed).cause shouldBeSameInstanceAs error
                }
            }
        }

        both("the pending ones behind one that had failed are cancelled and have ended") { door ->
            val error = IOException()
            val pending = List(3) { Handle<Int>() }
            val handles = listOf(pending[0], Handle<Int>().throws(error), pending[1], pending[2])
            (door.started(handles).end() as End.Failed).cause shouldBeSameInstanceAs error
            pending.map { it.isCancelled } shouldBe listOf(true, true, true)
        }

        both("LEAVE_OTHERS does not touch the pending ones beside one that had failed") { door ->
            val pending = List(2) { Handle<Int>() }
            val handles = listOf(pending[0], Handle<Int>().throws(IOException()), pending[1])
            door.started(handles, How(onFailure = FailurePolicy.LEAVE_OTHERS)).end()
            door.letThingsHappen()
            pending.map { it.stage.isDone || it.deferred.isCompleted } shouldBe listOf(false, false)
        }

        both("AWAIT_OTHERS waits for the pending ones beside one that had failed") { door ->
            val error = IOException()
            val pending = List(2) { Handle<Int>() }
            val handles = listOf(pending[0], Handle<Int>().throws(error), pending[1])
            val running = door.started(handles, How(onFailure = FailurePolicy.AWAIT_OTHERS))
            pending[0].returns(1)
            door.letThingsHappen()
            running.isDone shouldBe false
            pending[1].throws(IOException())
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
        }

        both("settled waits for the pending ones beside one that had failed") { door ->
            val error = IOException()
            val pending = Handle<Int>()
            val running = door.startedSettled(listOf(Handle<Int>().throws(error), pending))
            door.letThingsHappen()
            running.isDone shouldBe false
            pending.returns(2)
            running.end() shouldBe End.Value(listOf(Outcome.Failure(error), Outcome.Success(2)))
        }

        both("the first pending one that fails wins") { door ->
            val error = IOException()
            val handles = List(3) { Handle<Int>() }
            val running = door.started(handles)
            handles[2].throws(error)
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
            handles.map { it.isCancelled } shouldBe listOf(true, true, false)
        }

        both("inputs that are done are in time for a deadline of zero") { door ->
            val running = door.started(List(2) { Handle<Int>().returns(it) }, How(timeout = Duration.ZERO))
            running.end() shouldBe End.Value(listOf(0, 1))
        }

        both("at a deadline of zero pending inputs are cancelled and have ended") { door ->
            val pending = List(2) { Handle<Int>() }
            val handles = listOf(pending[0], Handle<Int>().returns(1), pending[1])
            val running = door.startedSettled(handles, How(timeout = Duration.ZERO))
            running.end() shouldBe
                End.Value(
                    listOf(
                        Outcome.Cancelled(CancelReason.TIMEOUT, true),
                        Outcome.Success(1),
                        Outcome.Cancelled(CancelReason.TIMEOUT, true),
                    ),
                )
            pending.map { it.isCancelled } shouldBe listOf(true, true)
        }

        both("100,000 inputs that are done complete the gather") { door ->
            door.started(List(100_000) { Handle<Int>().returns(it) }).end() shouldBe End.Value(List(100_000) { it })
        }

        test("inputs that are done need no thread (Java)") {
            val future = Gather.started(listOf(CompletableFuture.completedFuture(1))).executor { error("called") }.all()
            future.isDone shouldBe true
            future.join() shouldBe listOf(1)
        }

        for (policy in listOf(FailurePolicy.CANCEL_OTHERS, FailurePolicy.LEAVE_OTHERS)) {
            test("with $policy nothing else starts beside one that had failed, and the gather is done (Java)") {
                val error = IOException()
                val failed = CompletableFuture.failedFuture<Int>(error)
                val body = Piece<Int>()
                val async = Piece<Int>()
                val future =
                    Gather
                        .of<Int>(Task.of { body.block() }, Task.async { async.stage() }, Task.started(failed))
                        .onFailure(policy)
                        .all()
                future.isDone shouldBe true
                val thrown = shouldThrow<GatherException> { future.join() }
                thrown.cause shouldBeSameInstanceAs error
                thrown.index() shouldBe 2
                thrown.outcomes() shouldBe
                    listOf(
                        Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, false),
                        Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, false),
                        Outcome.Failure<Int>(error),
                    )
                future.terminated().soon()
                body.timesRun + async.timesRun shouldBe 0
            }
        }

        test("with AWAIT_OTHERS everything else starts beside one that had failed (Java)") {
            val error = IOException()
            val body = Piece<Int>()
            val future =
                Gather
                    .of<Int>(Task.started(CompletableFuture.failedFuture(error)), Task.of { body.block() })
                    .onFailure(FailurePolicy.AWAIT_OTHERS)
                    .all()
            body.started.soon()
            future.isDone shouldBe false
            body.returns(1)
            shouldThrow<CompletionException> { future.orTimeout(SECONDS, TimeUnit.SECONDS).join() }
                .cause shouldBeSameInstanceAs error
        }

        test("the failure that LEAVE_OTHERS reports at once knows what else was done and what was running (Java)") {
            val error = IOException()
            val later = IOException("later")
            val pending = CompletableFuture<Int>()
            val future =
                Gather
                    .started(
                        listOf(
                            pending,
                            CompletableFuture.failedFuture(error),
                            CompletableFuture.completedFuture(2),
                            CompletableFuture.failedFuture(later),
                        ),
                    ).onFailure(FailurePolicy.LEAVE_OTHERS)
                    .all()
            future.isDone shouldBe true
            shouldThrow<GatherException> { future.join() }.outcomes() shouldBe
                listOf(
                    Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true),
                    Outcome.Failure<Int>(error),
                    Outcome.Success(2),
                    Outcome.Failure<Int>(later),
                )
        }

        @OptIn(DelicateCoroutinesApi::class)
        test("deferreds that are completed do not make the call suspend (Kotlin)") {
            repeat(ROUNDS) {
                val caller =
                    GlobalScope.async(Dispatchers.Default, start = CoroutineStart.UNDISPATCHED) {
                        List(5) { CompletableDeferred(it) }.gather()
                    }
                caller.isCompleted shouldBe true
            }
        }

        @OptIn(DelicateCoroutinesApi::class)
        test("a deferred that has not been started is started by the call (Kotlin)") {
            val lazy = GlobalScope.async(start = CoroutineStart.LAZY) { 1 }
            listOf(lazy).gather() shouldBe listOf(1)
        }
    })
