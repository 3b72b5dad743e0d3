package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.future.Gather
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import java.io.IOException
import java.util.concurrent.CancellationException

class CancelledNeverListsSpec :
    BothDoors({
        both("a cancelled settled gather yields no list, even if every task returns a value") { door ->
            val pieces = List(2) { Piece<Int>().ignoringCancel() }
            val running = door.settled(pieces)
            pieces.forEach { it.started.soon() }
            running.cancel()
            pieces.forEach { it.returns(1) }
            running.end() shouldBe End.Cancelled
        }

        both("a cancelled gather yields no list, even if every task returns a value") { door ->
            val pieces = List(2) { Piece<Int>().ignoringCancel() }
            val running = door.all(pieces)
            pieces.forEach { it.started.soon() }
            running.cancel()
            pieces.forEach { it.returns(1) }
            running.end() shouldBe End.Cancelled
        }

        both("nor what had ended before") { door ->
            val recorder = Recorder()
            val running = door.settled(listOf(value(0), Piece<Int>()), How(listener = recorder))
            recorder.end(0).soon()
            running.cancel()
            running.end() shouldBe End.Cancelled
        }

        both("what a task throws while it is being cancelled does not make a failure of it") { door ->
            for (settled in listOf(false, true)) {
                val piece = Piece<Int>().failingCleanup(IOException("cleanup"))
                val running = if (settled) door.settled(listOf(piece)) else door.all(listOf(piece))
                piece.started.soon()
                running.cancel()
                running.end() shouldBe End.Cancelled
            }
        }

        both("a failure that AWAIT_OTHERS was holding back gives way to the cancel") { door ->
            val recorder = Recorder()
            val how = How(onFailure = FailurePolicy.AWAIT_OTHERS, listener = recorder)
            val running = door.all(listOf(failure(IOException("first")), Piece<Int>()), how)
            recorder.end(0).soon()
            running.cancel()
            running.end() shouldBe End.Cancelled
        }

        both("a gather of no list, but of a combination of results, neither") { door ->
            if (door === KotlinDoor) return@both // cancels the caller whatever the call would return
            val piece = Piece<Int>().ignoringCancel()
            val task = piece.task()
            val future = Gather.of(task).combine { it.get(task) }
            piece.started.soon()
            future.cancel(true)
            piece.returns(1)
            future.terminated().soon()
            shouldThrow<CancellationException> { future.soon() }
        }

        test("the future is cancelled (Java)") {
            for (settled in listOf(false, true)) {
                val piece = Piece<Int>()
                val gather = Gather.of(piece.task())
                val future = if (settled) gather.settled() else gather.all()
                future.cancel(true) shouldBe true
                future.isCancelled shouldBe true
                shouldThrow<CancellationException> { future.soon() }
                shouldThrow<CancellationException> { future.join() }
                future.terminated().soon()
            }
        }
    })
