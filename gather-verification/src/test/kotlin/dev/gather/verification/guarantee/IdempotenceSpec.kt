package dev.gather.verification.guarantee

import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.matchers.shouldBe
import java.util.concurrent.atomic.AtomicInteger

class IdempotenceSpec :
    BothDoors({
        both("a second cancel does not disturb the cleanup of a task") { door ->
            val piece = Piece<Int>().cleaningUp()
            val running = door.all(listOf(piece))
            piece.started.soon()
            running.cancel()
            piece.noticed.soon()
            repeat(3) { running.cancel() }
            piece.finishCleanup()
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            piece.interruptsInCleanup.get() shouldBe 0
            piece.isRunning shouldBe false
        }

        both("a cancel does not disturb the cleanup after a failure") { door ->
            val (cleaning, failing) = List(2) { Piece<Int>() }
            cleaning.cleaningUp()
            val running = door.all(listOf(cleaning, failing))
            listOf(cleaning, failing).forEach { it.started.soon() }
            failing.throws(IllegalStateException("boom"))
            cleaning.noticed.soon()
            running.cancel()
            cleaning.finishCleanup()
            running.end()
            running.awaitTerminated()
            cleaning.interruptsInCleanup.get() shouldBe 0
        }

        both("a task that ignores the cancel delays the end, and its value is dropped") { door ->
            val stubborn = Piece<Int>().ignoringCancel()
            val recorder = Recorder()
            val running = door.settled(listOf(stubborn, value(1)), How(listener = recorder))
            stubborn.started.soon()
            recorder.end(1).soon()
            running.cancel()
            stubborn.isRunning shouldBe true
            if (door === KotlinDoor) running.isDone shouldBe false
            stubborn.returns(7)
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            stubborn.isRunning shouldBe false
            recorder.end(0).soon().isSuccess shouldBe false
        }

        test("terminated() waits for a task that ignores the cancel (Java)") {
            val stubborn = Piece<Int>().ignoringCancel()
            val future = Gather.of(stubborn.task()).all()
            stubborn.started.soon()
            future.cancel(true)
            stubborn.noticed.soon()
            future.isDone shouldBe true
            future.terminated().isDone shouldBe false
            stubborn.returns(1)
            future.terminated().soon()
        }

        test("a stage that ignores the cancel delays terminated(), and is asked once (Java)") {
            val stage = TestStage<Int>(stubborn = true)
            val hooks = AtomicInteger()
            val future = Gather.of(Task.started(stage).onCancel { hooks.incrementAndGet() }).all()
            repeat(3) { future.cancel(true) }
            future.terminated().isDone shouldBe false
            stage.complete(1)
            future.terminated().soon()
            stage.cancels.size shouldBe 1
            hooks.get() shouldBe 1
        }

        test("cancel says whether the future is cancelled, each time (Java)") {
            val future = Gather.of(Piece<Int>().task()).all()
            future.cancel(true) shouldBe true
            future.cancel(true) shouldBe true
            future.terminated().soon()
            val done = Gather.of(value(1).task()).all()
            done.soon()
            repeat(2) { done.cancel(true) shouldBe false }
            done.soon() shouldBe listOf(1)
        }
    })
