package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

class ListenerSpec :
    BothDoors({
        both("what a listener throws changes nothing") { door ->
            for (thrown in listOf(
                IllegalStateException("listener"),
                AssertionError("listener"),
                OutOfMemoryError("l"),
            )) {
                val broken = Broken(thrown)
                door.all(listOf(value(1), value(2)), How(listener = broken)).end() shouldBe End.Value(listOf(1, 2))
                val cause = IOException("boom")
                val how = How(listener = broken, onFailure = FailurePolicy.AWAIT_OTHERS)
                val end = door.all(listOf(failure<Int>(cause), value(2)), how).end()
                end.shouldBeInstanceOf<End.Failed>().cause shouldBe cause
                val piece = Piece<Int>().failingCleanup(IOException("cleanup"))
                val running = door.settled(listOf(piece), How(listener = broken))
                piece.started.soon()
                running.cancel()
                running.end() shouldBe End.Cancelled
                running.awaitTerminated()
            }
        }

        both("the events of a task are in order: its start, its end, an error nobody else carries") { door ->
            val recorder = Recorder()
            val (slow, never) = List(2) { Piece<Int>() }
            slow.failingCleanup(IOException("cleanup"))
            val tasks = listOf(value(0), failure(IOException("boom")), slow, never)
            val running = door.settled(tasks, How(limit = 1, listener = recorder))
            slow.started.soon()
            running.cancel()
            running.end()
            running.awaitTerminated()
            recorder.eventsOf(0) shouldContainExactly listOf("start[0]", "end[0]")
            recorder.eventsOf(1) shouldContainExactly listOf("start[1]", "end[1]")
            recorder.eventsOf(2) shouldContainExactly listOf("start[2]", "end[2]", "dropped[2]")
            recorder.eventsOf(3) shouldContainExactly listOf("end[3]")
            recorder.elapsed[3] shouldBe Duration.ZERO
            recorder.elapsed.getValue(2).toNanos() shouldBeGreaterThanOrEqual 0
        }

        both("every task has one end, however the gather ends") { door ->
            class Case(
                val how: (Recorder) -> How,
                val cancels: Boolean = false,
                val tasks: () -> List<Piece<Int>>,
            )
            val boom = IOException("boom")
            val cases =
                listOf(
                    Case({ How(listener = it) }) { List(3) { value(it) } },
                    Case({ How(limit = 1, listener = it) }) { listOf(failure(boom), value(1), value(2)) },
                    Case({ How(limit = 1, listener = it, onFailure = FailurePolicy.AWAIT_OTHERS) }) {
                        listOf(failure(boom), value(1), failure(boom))
                    },
                    Case({ How(limit = 1, listener = it, onFailure = FailurePolicy.LEAVE_OTHERS) }) {
                        listOf(failure(boom), value(1), value(2))
                    },
                    Case({ How(limit = 2, timeout = SHORT, listener = it) }) { List(3) { Piece() } },
                    Case({ How(timeout = Duration.ZERO, listener = it) }) { List(3) { Piece() } },
                    Case({ How(taskTimeout = Duration.ZERO, listener = it) }) { List(3) { Piece() } },
                    Case({ How(limit = 2, listener = it) }, cancels = true) { List(3) { Piece() } },
                )
            for (case in cases) {
                for (settled in listOf(false, true)) {
                    val recorder = Recorder()
                    val tasks = case.tasks()
                    val how = case.how(recorder)
                    val running = if (settled) door.settled(tasks, how) else door.all(tasks, how)
                    if (case.cancels) {
                        tasks[0].started.soon()
                        running.cancel()
                    }
                    running.end()
                    running.awaitTerminated()
                    repeat(3) { recorder.end(it).soon() } // what is left to run is told of later in Kotlin
                    recorder.events.filter { it.startsWith("end") } shouldContainExactlyInAnyOrder
                        List(3) { "end[$it]" }
                    if (running is JavaRunning) {
                        val progress = running.future.progress()
                        progress.total.asInt shouldBe 3
                        progress.ended() shouldBe 3
                        progress.started shouldBe recorder.starts
                    }
                }
            }
        }

        both("every item that was read has one end") { door ->
            val recorder = Recorder()
            val pieces = List(5) { Piece<Int>() }
            val running = door.each(pieces, How(limit = 2, listener = recorder)) { it }
            pieces.take(2).forEach { it.started.soon() }
            pieces[0].returns(0)
            pieces[2].started.soon()
            running.cancel()
            running.end()
            running.awaitTerminated()
            recorder.ended shouldBe if (recorder.events.any { it == "end[3]" }) 5 else 3
            recorder.starts shouldBe 3
        }

        test("without a listener progress ends at the total all the same (Java)") {
            val first = Piece<Int>()
            val tasks = listOf(first.task(), value(1).task(), Task.started(CompletableFuture.completedFuture(2)))
            val future = Gather.of(tasks).limit(1).all()
            first.started.soon()
            future.progress().let {
                it.started shouldBe 2
                it.ended() shouldBe 1
                it.total.asInt shouldBe 3
            }
            future.cancel(true)
            future.terminated().soon()
            future.progress().let {
                it.ended() shouldBe 3
                it.succeeded shouldBe 1
                it.cancelled shouldBe 2
                it.started shouldBe 2
            }
        }

        test("one task in two places has an end in each (Java)") {
            val recorder = Recorder()
            val task = value(1).task()
            Gather
                .of(listOf(task, value(2).task(), task))
                .listener(recorder)
                .all()
                .soon()
            recorder.events.filter { it.startsWith("end") } shouldContainExactlyInAnyOrder List(3) { "end[$it]" }
            recorder.events.count { it == "start[0]" } shouldBe 1
        }

        test("progress may be asked for at any moment (Java)") {
            repeat(1000) {
                val stage = CompletableFuture<Int>()
                val future = Gather.started(listOf(CompletableFuture.completedFuture(0), stage)).all()
                val barrier = CyclicBarrier(2)
                val asked =
                    CompletableFuture.supplyAsync({
                        barrier.await(SECONDS, TimeUnit.SECONDS)
                        List(20) { future.progress().ended() }
                    }, asker)
                barrier.await(SECONDS, TimeUnit.SECONDS)
                stage.complete(1)
                asked.soon().all { it in 1..2 } shouldBe true
                future.progress().ended() shouldBe 2
            }
        }
    }) {
    private companion object {
        val asker = Executors.newSingleThreadExecutor { Thread(it).apply { isDaemon = true } }
    }
}

private class Broken(
    private val thrown: Throwable,
) : GatherListener {
    override fun onStart(
        index: Int,
        taskName: String?,
    ) = throw thrown

    override fun onEnd(
        index: Int,
        taskName: String?,
        outcome: Outcome<*>,
        elapsed: Duration,
    ) = throw thrown

    override fun onDroppedError(
        index: Int,
        taskName: String?,
        error: Throwable,
    ) = throw thrown
}
