package dev.gather.verification.guarantee

import dev.gather.GatherListener
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import java.time.Duration
import java.util.concurrent.CompletableFuture

class ReentrancySpec :
    BothDoors({
        both("a task may cancel its own gather") { door ->
            val self = CompletableFuture<Running<*>>()
            val other = Piece<Int>()
            val canceller: Piece<Int> = Piece()
            val running: Running<*> =
                if (door === JavaDoor) {
                    val cancels =
                        Task.of {
                            canceller.block()
                            self.soon().cancel()
                            1
                        }
                    JavaRunning(Gather.of(other.task(), cancels).all())
                } else {
                    KotlinDoor.start {
                        val caller = currentCoroutineContext()[Job]!!
                        gather({ other.suspending() }, {
                            canceller.suspending()
                            caller.cancel()
                            1
                        })
                    }
                }
            self.complete(running)
            other.started.soon()
            canceller.returns(0)
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            other.noticed.isDone shouldBe true
        }

        test("a body that cancels its gather before it returns is not waited for twice (Java)") {
            val self = CompletableFuture<GatherFuture<*>>()
            val future = Gather.of(Task.of { self.soon().cancel(true) }, Task.of { self.soon().cancel(true) }).all()
            self.complete(future)
            future.terminated().soon()
            future.isCancelled shouldBe true
        }

        test("a stage that depends on the gather may cancel it, and it is done (Java)") {
            val future = Gather.of(value(1).task()).all()
            val cancelled = future.thenApply { future.cancel(true) }
            cancelled.soon() shouldBe false
            future.soon() shouldBe listOf(1)
        }

        test("what depends on a gather may wait for the end of the tasks that its cancel stops (Java)") {
            val ways = listOf<(GatherFuture<*>) -> CompletableFuture<*>>({ it }, { f -> f.thenApply { it } })
            for (derived in ways) {
                val piece = Piece<Int>()
                val future = Gather.of(piece.task()).all()
                val ended = CompletableFuture<Boolean>()
                val used = derived(future)
                for (each in setOf(future, used)) {
                    each.whenComplete { _, _ ->
                        future.terminated().soon()
                        ended.complete(!piece.isRunning)
                    }
                }
                piece.started.soon()
                used.cancel(true) shouldBe true
                ended.soon() shouldBe true
            }
        }

        test("a stage that depends on a task may cancel the gather (Java)") {
            for (before in listOf(true, false)) {
                val stage = CompletableFuture<Int>()
                val other = TestStage<Int>()
                val self = CompletableFuture<GatherFuture<*>>()
                if (before) stage.thenRun { self.soon().cancel(true) }
                val future = Gather.started(listOf(stage, other)).all()
                if (!before) stage.thenRun { self.soon().cancel(true) }
                self.complete(future)
                stage.complete(1)
                future.terminated().soon()
                future.isCancelled shouldBe true
                other.cancels.toList() shouldBe listOf(true)
            }
        }

        test("a hook may cancel the gather that calls it (Java)") {
            val self = CompletableFuture<GatherFuture<*>>()
            val stage = TestStage<Int>()
            val failing = Piece<Int>()
            val future =
                Gather.of(Task.started(stage).onCancel { self.soon().cancel(true) }, failing.task()).all()
            self.complete(future)
            failing.throws(IllegalStateException("boom"))
            future.terminated().soon()
            future.isDone shouldBe true
            stage.cancels.toList() shouldBe listOf(true)
        }

        both("a listener may cancel the gather that tells it") { door ->
            val self = CompletableFuture<Running<*>>()
            val forEver = Piece<Int>()
            val listener =
                object : GatherListener {
                    override fun onEnd(
                        index: Int,
                        taskName: String?,
                        outcome: Outcome<*>,
                        elapsed: Duration,
                    ) {
                        if (index == 1) self.soon().cancel()
                    }
                }
            val second = Piece<Int>()
            val running = door.settled(listOf(forEver, second), How(listener = listener))
            self.complete(running)
            forEver.started.soon()
            second.returns(1)
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            forEver.noticed.isDone shouldBe true
        }

        test("stages that complete inside the call land in their slots (Java)") {
            val first = CompletableFuture<Int>()
            val tasks =
                listOf(
                    Task.started(first),
                    Task.async { CompletableFuture.completedFuture(1).also { first.complete(0) } },
                    Task.of { 2 },
                )
            val future = Gather.of(tasks).executor(Runnable::run).all()
            future.isDone shouldBe true
            future.soon() shouldBe listOf(0, 1, 2)
        }

        test("a failure inside the call (Java)") {
            val first = TestStage<Int>()
            val error = IllegalStateException("boom")
            val future = Gather.of(Task.started(first), Task.of { throw error }).executor(Runnable::run).all()
            future.isDone shouldBe true
            JavaRunning(future).end().shouldBeInstanceOf<End.Failed>().cause shouldBe error
            first.cancels.toList() shouldBe listOf(true)
        }

        test("completing one stage that completes the next, 10,000 times (Java)") {
            val stages = List(10_000) { CompletableFuture<Int>() }
            val future = Gather.started(stages).all()
            Gather
                .eachAsync(stages.indices.toList()) { index ->
                    stages[index].complete(index)
                    stages[index]
                }.limit(1)
                .executor(Runnable::run)
                .all()
                .soon()
            future.soon() shouldBe stages.indices.toList()
        }

        test("a gather that starts another in every task (Java)") {
            val future = Gather.each(0 until 100) { i -> Gather.each(0 until 3) { i + it }.all().join() }.all()
            future.soon() shouldBe List(100) { i -> List(3) { i + it } }
        }
    })
