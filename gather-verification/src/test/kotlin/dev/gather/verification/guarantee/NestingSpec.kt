package dev.gather.verification.guarantee

import dev.gather.GatherException
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.matchers.shouldBe
import java.util.concurrent.CompletableFuture

class NestingSpec :
    BothDoors({
        fun blocking(
            depth: Int,
            leaf: Piece<Int>,
        ): GatherFuture<Int> {
            val tasks = listOf(
                Task.of {
                    if (depth ==
                        1
                    ) {
                        leaf.block()
                    } else {
                        blocking(depth - 1, leaf).join()
                    }
                },
                value(0).task(),
            )
            return Gather.of(tasks).all().let { list -> list.thenApply { it.sum() + 1 } as GatherFuture<Int> }
        }

        fun stages(
            depth: Int,
            leaf: Piece<Int>,
        ): CompletableFuture<Int> =
            if (depth == 0) {
                Gather.of(leaf.task()).all().thenApply { it.single() }
            } else {
                Gather.of(Task.async { stages(depth - 1, leaf) }, value(0).task()).all().thenApply { it.sum() + 1 }
            }

        suspend fun suspending(
            depth: Int,
            leaf: Piece<Int>,
        ): Int = if (depth == 0) leaf.suspending() else gather({ suspending(depth - 1, leaf) }, { 0 }).sum() + 1

        fun nested(
            door: Door,
            depth: Int,
            leaf: Piece<Int>,
        ): Running<Int> =
            if (door ===
                JavaDoor
            ) {
                JavaRunning(stages(depth, leaf) as GatherFuture<Int>)
            } else {
                KotlinDoor.start { suspending(depth, leaf) }
            }

        both("1,000 nested levels complete") { door ->
            val leaf = Piece<Int>()
            val running = nested(door, 1000, leaf)
            leaf.started.soon()
            running.isDone shouldBe false
            leaf.returns(0)
            running.end() shouldBe End.Value(1000)
        }

        both("1,000 nested levels are cancelled, to the last leaf") { door ->
            val leaf = Piece<Int>().cleaningUp()
            val running = nested(door, 1000, leaf)
            leaf.started.soon()
            running.cancel()
            leaf.noticed.soon()
            if (running is JavaRunning) {
                running.future.terminated().isDone shouldBe false
            } else {
                running.isDone shouldBe
                    false
            }
            leaf.finishCleanup()
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            leaf.isRunning shouldBe false
        }

        both("1,000 nested levels pass a failure on, the same instance") { door ->
            val error = IllegalStateException("leaf")
            val leaf = Piece<Int>()
            val running = nested(door, 1000, leaf)
            leaf.started.soon()
            leaf.throws(error)
            var cause: Throwable? = (running.end() as End.Failed).cause
            while (cause is GatherException) cause = cause.cause
            (cause === error) shouldBe true
        }

        test("100 levels that block in the default executor complete (Java)") {
            val leaf = Piece<Int>().returns(0)
            blocking(100, leaf).soon() shouldBe 100
        }

        test("100 levels that block in the default executor are cancelled (Java)") {
            val leaf = Piece<Int>()
            val future = blocking(100, leaf)
            leaf.started.soon()
            future.cancel(true)
            future.isCancelled shouldBe true
            leaf.returns(0) // join() takes no notice of an interrupt, so nobody tells the inner ones
            future.terminated().soon()
        }
    })
