package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import java.io.IOException
import java.io.InterruptedIOException
import java.nio.channels.ClosedByInterruptException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture

class CleanupErrorSpec :
    BothDoors({
        both("what a task throws after a cancel reaches the listener") { door ->
            for (taskTimeout in listOf(null, LONG)) {
                val error = IOException("cleanup")
                val recorder = Recorder()
                val piece = Piece<Int>().failingCleanup(error)
                val running = door.all(listOf(piece), How(listener = recorder, taskTimeout = taskTimeout))
                piece.started.soon()
                running.cancel()
                running.end() shouldBe End.Cancelled
                running.awaitTerminated()
                recorder.dropped.toList() shouldBe listOf(error)
                recorder.end(0).soon() shouldBe Outcome.Cancelled<Int>(CancelReason.GATHER, true)
            }
        }

        both("what a task throws after the deadline reaches the listener and is suppressed") { door ->
            val error = IOException("cleanup")
            val recorder = Recorder()
            val piece = Piece<Int>().failingCleanup(error)
            val end = door.all(listOf(piece), How(timeout = SHORT, listener = recorder)).end()
            end.shouldBeInstanceOf<End.Failed>()
            val thrown = end.cause.shouldBeInstanceOf<GatherTimeoutException>()
            thrown.outcomes() shouldBe listOf(Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true))
            thrown.suppressed.toList() shouldBe listOf(error)
            recorder.dropped.toList() shouldBe listOf(error)
        }

        both("after the deadline settled returns all the same") { door ->
            val error = IOException("cleanup")
            val recorder = Recorder()
            val piece = Piece<Int>().failingCleanup(error)
            door.settled(listOf(piece), How(timeout = SHORT, listener = recorder)).end() shouldBe
                End.Value(listOf(Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true)))
            recorder.dropped.toList() shouldBe listOf(error)
        }

        both("what a task throws because it was interrupted is no error") { door ->
            val wrappers =
                listOf(
                    IllegalStateException(InterruptedException()),
                    RuntimeException(IOException(CancellationException())),
                    ClosedByInterruptException(),
                    InterruptedIOException(),
                )
            for (wrapper in wrappers) {
                val recorder = Recorder()
                val (a, b) = List(2) { Piece<Int>() }
                a.failingCleanup(wrapper)
                val running = door.all(listOf(a, b), How(listener = recorder))
                listOf(a, b).forEach { it.started.soon() }
                b.throws(IOException("boom"))
                running.end().shouldBeInstanceOf<End.Failed>()
                recorder.end(0).soon() shouldBe Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true)
                recorder.dropped.toList().shouldBeEmpty()
            }
        }

        test("what a hook throws reaches the listener and is suppressed, and the task is cancelled (Java)") {
            val (e0, e1) = List(2) { IllegalStateException("hook $it") }
            val recorder = Recorder()
            val piece = Piece<Int>()
            val failing = Piece<Int>()
            val stage = TestStage<Int>()
            val tasks =
                listOf(
                    piece.task().onCancel { throw e0 },
                    Task.started(stage).onCancel { throw e1 },
                    failing.task(),
                )
            val future = Gather.of(tasks).listener(recorder).all()
            piece.started.soon()
            failing.started.soon()
            failing.throws(IOException("boom"))
            val end = JavaRunning(future).end().shouldBeInstanceOf<End.Failed>()
            end.thrown
                .shouldBeInstanceOf<GatherException>()
                .suppressed
                .toList() shouldContainExactlyInAnyOrder
                listOf(e0, e1)
            recorder.dropped.toList() shouldContainExactlyInAnyOrder listOf(e0, e1)
            piece.noticed.isDone shouldBe true
            stage.cancels.toList() shouldBe listOf(true)
        }

        test("the second hook runs although the first one throws (Java)") {
            val recorder = Recorder()
            val second = CompletableFuture<Unit>()
            val error = IllegalStateException("first")
            val stage = TestStage<Int>()
            val task = Task.started(stage).onCancel { throw error }.onCancel { second.complete(Unit) }
            val future = Gather.of(task).listener(recorder).all()
            future.cancel(true)
            second.soon()
            future.terminated().soon()
            recorder.dropped.toList() shouldBe listOf(error)
        }

        test("a stage whose cancel throws (Java)") {
            val error = IllegalStateException("cancel")
            val recorder = Recorder()
            val stage =
                object : CompletableFuture<Int>() {
                    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
                        super.cancel(mayInterruptIfRunning)
                        throw error
                    }
                }
            val other = Piece<Int>()
            val future = Gather.of(Task.started(stage), other.task()).listener(recorder).all()
            other.started.soon()
            future.cancel(true)
            future.terminated().soon()
            recorder.dropped.toList() shouldBe listOf(error)
            other.noticed.isDone shouldBe true
        }

        test("what a task throws after the caller was cancelled is suppressed in the cancellation (Kotlin)") {
            val error = IOException("cleanup")
            val piece = Piece<Int>().failingCleanup(error)
            val thrown = CompletableFuture<Throwable>()
            val caller =
                CoroutineScope(Dispatchers.Default).launch {
                    try {
                        gather({ piece.suspending() })
                    } catch (e: CancellationException) {
                        thrown.complete(e)
                        throw e
                    }
                }
            piece.started.soon()
            caller.cancel()
            thrown.soon().suppressed.toList() shouldBe listOf(error)
        }
    })
