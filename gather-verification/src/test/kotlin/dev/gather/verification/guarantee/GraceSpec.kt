package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture

/** Only the Java door has it: a Kotlin call returns when its tasks have ended, come what may. */
class GraceSpec :
    FunSpec({
        test("after it a failed gather completes, and names the tasks that would not stop") {
            val (stubborn, failing) = List(2) { Piece<Int>() }
            stubborn.ignoringCancel()
            val stage = TestStage<Int>(stubborn = true)
            val tasks = listOf(stubborn.task().named("mule"), failing.task(), Task.started(stage))
            val future = Gather.of(tasks).grace(SHORT).all()
            stubborn.started.soon()
            failing.throws(IOException("boom"))
            val end = JavaRunning(future).end().shouldBeInstanceOf<End.Failed>()
            end.thrown.message shouldBe
                "gather failed: task[1] of 3: java.io.IOException: boom; still running: task[0] mule, task[2]"
            (end.thrown as GatherException).outcomes()[0] shouldBe
                Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true)
            stubborn.isRunning shouldBe true
            future.terminated().isDone shouldBe false
            stubborn.returns(1)
            stage.complete(1)
            future.terminated().soon()
        }

        test("after it ten at most are named, and the others counted") {
            val stubborn = List(12) { Piece<Int>().ignoringCancel() }
            val future = Gather
                .of(stubborn.map { it.task() })
                .timeout(Duration.ofSeconds(1))
                .grace(Duration.ZERO)
                .all()
            val thrown = (JavaRunning(future).end() as End.Failed).cause.shouldBeInstanceOf<GatherTimeoutException>()
            thrown.message shouldBe
                "gather timed out after 1s: 0/12 done; still running: " +
                (0..9).joinToString { "task[$it]" } + ", 2 more"
            stubborn.forEach { it.returns(1) }
            future.terminated().soon()
        }

        test("after it a gather whose deadline passed completes") {
            for (settled in listOf(false, true)) {
                val stubborn = Piece<Int>().ignoringCancel()
                val gather = Gather.of(stubborn.task(), value(1).task()).timeout(SHORT).grace(SHORT)
                val future = if (settled) gather.settled() else gather.all()
                val end = JavaRunning(future).end()
                val outcomes = listOf(Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true), Outcome.Success(1))
                if (settled) {
                    end shouldBe End.Value(outcomes)
                } else {
                    val thrown = (end as End.Failed).cause.shouldBeInstanceOf<GatherTimeoutException>()
                    thrown.message shouldBe "gather timed out after 250ms: 1/2 done; still running: task[0]"
                    thrown.outcomes() shouldBe outcomes
                }
                future.terminated().isDone shouldBe false
                stubborn.returns(1)
                future.terminated().soon()
            }
        }

        test("it is not waited for where the tasks stop sooner") {
            val (stops, failing) = List(2) { Piece<Int>() }
            val future = Gather.of(stops.task(), failing.task()).grace(LONG).all()
            stops.started.soon()
            failing.throws(IOException("boom"))
            val end = JavaRunning(future).end().shouldBeInstanceOf<End.Failed>()
            end.thrown.message shouldBe "gather failed: task[1] of 2: java.io.IOException: boom"
            future.terminated().isDone shouldBe true
        }

        test("a grace of zero waits for nobody") {
            val (stubborn, failing) = List(2) { Piece<Int>() }
            stubborn.ignoringCancel()
            val future = Gather.of(stubborn.task(), failing.task()).grace(Duration.ZERO).all()
            stubborn.started.soon()
            failing.throws(IOException("boom"))
            JavaRunning(future).end().shouldBeInstanceOf<End.Failed>()
            stubborn.isRunning shouldBe true
            stubborn.returns(1)
            future.terminated().soon()
        }

        test("it does not begin before something is cancelled") {
            val piece = Piece<Int>()
            val future = Gather
                .of(
                    piece.task(),
                    Task.async { TestStage<Int>() }.timeout(SHORT),
                ).grace(Duration.ZERO)
                .settled()
            piece.started.soon()
            piece.returns(1)
            future.soon()[0] shouldBe Outcome.Success(1)
        }

        test("tasks that stop just when it ends: the gather completes once, with or without their names") {
            repeat(500) { round ->
                val end = CompletableFuture<Int>()
                val failing = CompletableFuture<Int>()
                val task =
                    Task.async { TestStage<Int>(stubborn = true).also { stage -> end.thenAccept(stage::complete) } }
                val future = Gather.of(task, Task.started(failing)).grace(Duration.ofMillis(1)).all()
                failing.completeExceptionally(IOException("boom"))
                val until = System.nanoTime() + 600_000 + round * 2_000L // sweeps over the moment
                while (System.nanoTime() < until) Thread.onSpinWait()
                end.complete(1)
                JavaRunning(future).end().shouldBeInstanceOf<End.Failed>()
                future.terminated().soon()
            }
        }
    })
