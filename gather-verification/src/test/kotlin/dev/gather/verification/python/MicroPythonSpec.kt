package dev.gather.verification.python

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.Heard
import dev.gather.verification.guarantee.JavaRunning
import dev.gather.verification.guarantee.Piece
import dev.gather.verification.guarantee.soon
import dev.gather.verification.guarantee.value
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.ExecutionException

/** B1 to B18: where MicroPython goes its own way, and which way Gather goes. */
class MicroPythonSpec :
    PythonRules({
        kotlin("B1 tasks take turns, and results stand in the order of the arguments") {
            fun factorial(
                name: String,
                n: Int,
            ): suspend () -> Int =
                {
                    var product = 1
                    for (i in 2..n) {
                        log += "$name$i"
                        yield()
                        product *= i
                    }
                    product
                }
            all(factorial("A", 2), factorial("B", 3), factorial("C", 4)) shouldBe listOf(2, 6, 24)
            log shouldBe listOf("A2", "B2", "C2", "B3", "C3", "C4")
        }

        java("B2 a description that is never run does nothing") { setting ->
            val sent = ConcurrentLinkedQueue<Runnable>()
            val description = Gather.of(Task.of { 1 }).onFailure(setting.policy).executor { sent += it }
            description.toString() shouldNotBe null
            sent.size shouldBe 0
        }

        java("B3 waiting twice gives the same, and running twice runs twice") { setting ->
            val piece = value("x")
            val description = Gather.of(Task.of { piece.block() }).onFailure(setting.policy)
            val future = description.all()
            future.soon() shouldBe listOf("x")
            future.soon() shouldBe listOf("x")
            piece.timesRun shouldBe 1
            description.all().soon() shouldBe listOf("x")
            piece.timesRun shouldBe 2
        }

        everywhere("B4 nothing in, nothing out") { door, setting ->
            door.all<Int>(emptyList(), setting.how()).end() shouldBe End.Value(emptyList<Int>())
            door.settled<Int>(emptyList(), setting.how()).end() shouldBe End.Value(emptyList<Outcome<Int>>())
        }

        kotlin("B5 a gather is an argument like any other") {
            all<Any>({ all(ok(1, 1), ok(2, 1)) }, ok(3, 1)) shouldBe listOf(listOf(1, 2), 3)
        }

        everywhere("B6 the first failure ends it, and a later one is heard by the listener") { door, setting ->
            val heard = Heard()
            val (bad, other) = List(2) { Piece<Int>() }
            val running = door.all(listOf(other, bad), setting.how(heard))
            started(other, bad)
            val error = Boom("first")
            bad.throws(error)
            running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
            setting.othersAfterFailure(other)
            val later = Boom("later")
            other.throws(later)
            if (setting == Setting.CPYTHON) heard.soonDropped() shouldBe (0 to later)
        }

        kotlin("B7 of two failures in one turn the first wins, and the other surprises nobody") {
            val (first, second) = List(2) { Boom("$it") }
            val heard = Heard()
            val call = start { all(fail(first, 1), fail(second, 1), listener = heard) }
            letRun()
            call.thrown shouldBeSameInstanceAs first
            when (setting) {
                Setting.CPYTHON -> heard.soonDropped() shouldBe (1 to second)
                Setting.DEFAULT -> log shouldBe listOf("0") // the other one was cancelled in its turn
            }
        }

        everywhere("B8 a cancelled task is a failure, or a slot that says so") { door, setting ->
            for (settled in listOf(false, true)) {
                val (cancelled, other) = List(2) { Piece<Int>() }
                val pieces = listOf(cancelled, other)
                val running = if (settled) door.settled(pieces, setting.how()) else door.all(pieces, setting.how())
                started(cancelled, other)
                val cancellation = CancellationException("by itself")
                cancelled.throws(cancellation)
                if (settled) {
                    other.returns(2)
                    running.end() shouldBe
                        End.Value(listOf(Outcome.Cancelled<Int>(CancelReason.TASK, true), Outcome.Success(2)))
                } else {
                    running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs cancellation
                    setting.othersAfterFailure(other)
                    other.returns(2)
                }
            }
        }

        everywhere("B9 an error that is no exception stands in its slot, unless it is fatal") { door, setting ->
            val error = object : Throwable("no exception") {}
            door.settled(listOf(Piece<Int>().throws(error), value(1)), setting.how()).end() shouldBe
                End.Value(listOf(Outcome.Failure<Int>(error), Outcome.Success(1)))
            val fatal = OutOfMemoryError("not really")
            door
                .settled(listOf(Piece<Int>().throws(fatal), value(1)), setting.how())
                .end()
                .shouldBeInstanceOf<End.Failed>()
                .cause shouldBeSameInstanceAs fatal
        }

        kotlin("B10 cancelling the caller reaches every task, and every cleanup is waited for") {
            val call = start { all(slowToStop<Int>(30) { throw it }, slowToStop<Int>(60) { throw it }) }
            delay(50)
            call.cancel()
            letRun()
            call.thrown.shouldBeInstanceOf<CancellationException>()
            call.endedAt shouldBe 110

            val collected = start { settled(slowToStop<Int>(30) { throw it }, ok(2, 1_000)) }
            delay(50)
            collected.cancel()
            letRun()
            collected.thrown.shouldBeInstanceOf<CancellationException>()
            collected.endedAt shouldBe 190
        }

        everywhere("B11 after a cancel a value is dropped and an error is heard by the listener") { door, setting ->
            val heard = Heard()
            val error = Boom("cleanup")
            val bad = Piece<Int>().failingCleanup(error)
            val stubborn = Piece<Int>().ignoringCancel()
            val running = door.all(listOf(stubborn, bad), setting.how(heard))
            started(stubborn, bad)
            running.cancel()
            heard.soonDropped() shouldBe (1 to error)
            stubborn.returns(1)
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
        }

        java("B12 there is something to hold: to cancel, to ask, to wait for") { setting ->
            val piece = Piece<Int>()
            val future = Gather.of(Task.of { piece.block() }).onFailure(setting.policy).all()
            started(piece)
            future.isDone shouldBe false
            future.progress().started() shouldBe 1
            future.cancel(true) shouldBe true
            future.terminated().soon()
            future.progress().ended() shouldBe 1
        }

        java("B13 the same task twice runs once") { setting ->
            val piece = value("x")
            val task = Task.of { piece.block() }
            Gather
                .of(task, task)
                .onFailure(setting.policy)
                .all()
                .soon() shouldBe listOf("x", "x")
            piece.timesRun shouldBe 1
        }

        kotlin("B13 the same task twice runs once") {
            val deferred = async { ok("x", 10)() }
            all(listOf(deferred, deferred)) shouldBe listOf("x", "x")
            log shouldBe listOf("x")
        }

        java("B14 a running task may have any number who wait for it") { setting ->
            val stage = CompletableFuture<Int>()
            val waiter = stage.thenApply { it + 1 }
            val gathers = List(2) { Gather.started(listOf(stage)).onFailure(setting.policy).all() }
            val late = stage.thenApply { it + 2 }
            stage.complete(1)
            waiter.soon() shouldBe 2
            late.soon() shouldBe 3
            gathers.forEach { it.soon() shouldBe listOf(1) }
        }

        kotlin("B14 a running task may have any number who wait for it") {
            val deferred = CompletableDeferred<Int>()
            val waiter = async { deferred.await() }
            val gathers = List(2) { async { all(listOf(deferred)) } }
            letTurn()
            val late = async { deferred.await() }
            letTurn()
            deferred.complete(1)
            listOf(waiter.await(), late.await()) shouldBe listOf(1, 1)
            gathers.forEach { it.await() shouldBe listOf(1) }
        }

        java("B15 what ended before the call counts, with and without others that run") { setting ->
            for (isOneRunning in listOf(false, true)) {
                for (isOneFailed in listOf(false, true)) {
                    for (settled in listOf(false, true)) {
                        val error = Boom("early")
                        val early = CompletableFuture<Int>()
                        if (isOneFailed) early.completeExceptionally(error) else early.complete(1)
                        val running = CompletableFuture<Int>()
                        val stages = listOfNotNull(running.takeIf { isOneRunning }, early)
                        val gather = Gather.started(stages).onFailure(setting.policy)
                        val future = if (settled) gather.settled() else gather.all()
                        val isOver = !isOneRunning || isOneFailed && !settled
                        future.isDone shouldBe isOver
                        running.isCancelled shouldBe (isOneRunning && isOver && setting == Setting.DEFAULT)
                        running.complete(0)
                        if (isOneFailed && !settled) {
                            shouldThrow<ExecutionException> { future.soon() }.cause shouldBeSameInstanceAs error
                        } else {
                            val ends = listOfNotNull(0.takeIf { isOneRunning }, if (isOneFailed) error else 1)
                            future.soon().map(::plain) shouldBe ends
                        }
                    }
                }
            }
        }

        kotlin("B15 what ended before the call counts, with and without others that run") {
            for (isOneRunning in listOf(false, true)) {
                for (isOneFailed in listOf(false, true)) {
                    for (settled in listOf(false, true)) {
                        val error = Boom("early")
                        val early = CompletableDeferred<Int>()
                        if (isOneFailed) early.completeExceptionally(error) else early.complete(1)
                        val running = CompletableDeferred<Int>()
                        val deferreds = listOfNotNull(running.takeIf { isOneRunning }, early)
                        val call = start { if (settled) deferreds.gatherSettled() else all(deferreds) }
                        letTurn()
                        val isOver = !isOneRunning || isOneFailed && !settled
                        (call.endedAt != null) shouldBe isOver
                        running.isCancelled shouldBe (isOneRunning && isOver && setting == Setting.DEFAULT)
                        running.complete(0)
                        letRun()
                        if (isOneFailed && !settled) {
                            call.thrown shouldBeSameInstanceAs error
                        } else {
                            val ends = listOfNotNull(0.takeIf { isOneRunning }, if (isOneFailed) error else 1)
                            call.value!!.map(::plain) shouldBe ends
                        }
                    }
                }
            }
        }

        java("B16 an early failure is reported once, as an outcome") { setting ->
            val heard = Heard()
            val error = Boom("early")
            val uncaught =
                uncaughtIn {
                    val gather = Gather.started(listOf(CompletableFuture.failedFuture<Int>(error)))
                    val future = gather.onFailure(setting.policy).listener(heard).all()
                    shouldThrow<ExecutionException> { future.soon() }.cause shouldBeSameInstanceAs error
                }
            heard.ends.toList() shouldBe listOf(0 to Outcome.Failure<Int>(error))
            heard.dropped.toList() shouldBe emptyList()
            uncaught shouldBe emptyList()
        }

        kotlin("B17 a cancel and a deadline reach what is nested") {
            val call = start { all<Any>({ all(slowToStop<Int>(10) { throw it }) }, slowToStop<Int>(20) { throw it }) }
            delay(5)
            call.cancel()
            letRun()
            call.thrown.shouldBeInstanceOf<CancellationException>()
            call.endedAt shouldBe 25

            val late = start { all<Any>({ all(slowToStop<Int>(10) { throw it }) }, ok("o", 1), timeout = 5) }
            letRun()
            late.thrown.shouldBeInstanceOf<GatherTimeoutException>()
            late.endedAt shouldBe 40
        }

        everywhere("B18 not only the first task counts: any is cancelled, any may fail") { door, setting ->
            val pieces = List(3) { Piece<Int>() }
            val cancelled = door.all(pieces, setting.how())
            started(*pieces.toTypedArray())
            cancelled.cancel()
            pieces.forEach { it.noticed.soon() }
            cancelled.end() shouldBe End.Cancelled
            if (cancelled is JavaRunning) cancelled.awaitTerminated()

            val (first, second, last) = List(3) { Piece<Int>() }
            val failed = door.all(listOf(first, second, last), setting.how())
            started(first, second, last)
            second.returns(1).ended.soon()
            last.throws(Boom("last"))
            failed
                .end()
                .shouldBeInstanceOf<End.Failed>()
                .cause.message shouldBe "last"
            setting.othersAfterFailure(first)
            first.returns(1)
        }

        java("B18 not only the first task counts: any is cancelled, any may fail") { setting ->
            val cancelled = CompletableFuture<Int>().apply { cancel(true) }
            val mixed = listOf(CompletableFuture.completedFuture(1), cancelled)
            val gather = Gather.started(mixed).onFailure(setting.policy)
            gather.settled().soon() shouldBe
                listOf(Outcome.Success(1), Outcome.Cancelled<Int>(CancelReason.TASK, true))
            shouldThrow<GatherException> { gather.all().join() }.index() shouldBe 1
        }
    })

/** Outcomes as Python has them: values and exceptions side by side. */
private fun plain(end: Any?): Any? =
    when (end) {
        is Outcome.Success<*> -> end.value
        is Outcome.Failure<*> -> end.cause
        else -> end
    }
