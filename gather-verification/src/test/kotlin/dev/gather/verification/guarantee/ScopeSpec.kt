package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.future.asCompletableFuture
import java.io.IOException
import java.util.concurrent.CompletableFuture

class ScopeSpec :
    BothDoors({
        test("close cancels what is running and returns when it has ended (Java)") {
            val (cleaning, waiting) = List(2) { Piece<Int>() }
            cleaning.cleaningUp()
            val scope = GatherScope()
            val futures = listOf(cleaning, waiting).map { Gather.of(it.task()).scope(scope).all() }
            listOf(cleaning, waiting).forEach { it.started.soon() }
            val closed = CompletableFuture.runAsync { scope.close() }
            cleaning.noticed.soon()
            waiting.noticed.soon()
            closed.isDone shouldBe false
            cleaning.finishCleanup()
            closed.soon()
            futures.all { it.isCancelled && it.terminated().isDone } shouldBe true
        }

        test("close owns what LEAVE_OTHERS has left running (Java)") {
            val (left, failing) = List(2) { Piece<Int>() }
            val stage = TestStage<Int>()
            val scope = GatherScope()
            val tasks = listOf(left.task(), failing.task(), Task.started(stage))
            val future = Gather
                .of(tasks)
                .onFailure(FailurePolicy.LEAVE_OTHERS)
                .scope(scope)
                .all()
            left.started.soon()
            failing.throws(IOException("boom"))
            JavaRunning(future).end().shouldBeInstanceOf<End.Failed>()
            left.isRunning shouldBe true
            future.cancel(true) shouldBe false
            left.noticed.isDone shouldBe false
            scope.close()
            left.noticed.isDone shouldBe true
            left.isRunning shouldBe false
            stage.cancels.toList() shouldBe listOf(true)
            future.terminated().isDone shouldBe true
            future.isCancelled shouldBe false
        }

        test("cancelling the owner cancels what LEAVE_OTHERS has left running (Kotlin)") {
            val (left, failing) = List(2) { Piece<Int>() }
            val owner = CoroutineScope(Job() + Dispatchers.Default)
            val running =
                KotlinDoor.start {
                    gather(*listOf(left, failing).suspending(), onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner)
                }
            left.started.soon()
            failing.throws(IOException("boom"))
            running.end().shouldBeInstanceOf<End.Failed>()
            left.isRunning shouldBe true
            val job = owner.coroutineContext[Job]!!
            job.cancel()
            left.noticed.soon()
            job.asCompletableFuture().handle { _, _ -> }.soon()
            left.isRunning shouldBe false
        }

        test("a task that closes its own scope waits for the other gathers, and not for itself (Java)") {
            repeat(200) {
                val scope = GatherScope()
                val other = Piece<Int>()
                val others = Gather.of(other.task()).scope(scope).all()
                other.started.soon()
                val seen = CompletableFuture<List<Boolean>>()
                val own =
                    Gather
                        .of({
                            scope.close()
                            seen.complete(listOf(other.isRunning, others.terminated().isDone, Thread.interrupted()))
                        })
                        .scope(scope)
                        .all()
                seen.soon() shouldBe listOf(false, true, true)
                own.terminated().soon()
                own.isCancelled shouldBe true
            }
        }

        test("a hook that closes the scope of its task does not wait for itself (Java)") {
            val scope = GatherScope()
            val piece = Piece<Int>()
            val closed = CompletableFuture<Unit>()
            val hook = {
                scope.close()
                closed.complete(Unit)
            }
            val future = Gather
                .of(piece.task().onCancel { hook() }, Task.started(TestStage<Int>()).onCancel { scope.close() })
                .scope(scope)
                .all()
            piece.started.soon()
            CompletableFuture.runAsync { future.cancel(true) }.soon()
            closed.soon()
            future.terminated().soon()
        }

        test("an iterator that closes the scope it is read in does not wait for itself (Java)") {
            val scope = GatherScope()
            val input = sequence<Int> { scope.close() }.asIterable()
            val future = Gather.each(input) { i: Int -> i }.scope(scope).all()
            future.terminated().soon()
            future.isCancelled shouldBe true
        }

        test("a scope that is closed refuses new gathers, and they start nothing (Java)") {
            val scope = GatherScope("pages")
            scope.close()
            val piece = value(1)
            val error = shouldThrow<IllegalStateException> { Gather.of(piece.task()).scope(scope).all() }
            error.message shouldBe "the scope is closed: GatherScope[pages, closed, 0 running]"
            piece.timesRun shouldBe 0
            scope.isClosed shouldBe true
            scope.close()
        }

        test("a scope that is no longer active refuses new gathers, and they start nothing (Kotlin)") {
            val owner = CoroutineScope(Job())
            owner.coroutineContext[Job]!!.cancel()
            val piece = value(1)
            val running =
                KotlinDoor.start {
                    gather({ piece.suspending() }, onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner)
                }
            running
                .end()
                .shouldBeInstanceOf<End.Failed>()
                .cause
                .shouldBeInstanceOf<IllegalStateException>()
            piece.timesRun shouldBe 0
        }

        test("the failure of one gather does not touch the others of its scope (Java)") {
            GatherScope().use { scope ->
                val piece = Piece<Int>()
                val other = Gather.of(piece.task()).scope(scope).all()
                JavaRunning(Gather.of(failure<Int>(IOException("boom")).task()).scope(scope).all()).end()
                piece.started.soon()
                piece.returns(1)
                other.soon() shouldBe listOf(1)
            }
        }

        test("a scope forgets what has ended (Java)") {
            val scope = GatherScope()
            repeat(10) {
                Gather
                    .of(value(it).task())
                    .scope(scope)
                    .all()
                    .soon()
            }
            scope.toString() shouldBe "GatherScope[0 running]"
            scope.close()
        }

        test("close against the start of gathers: what was accepted is cancelled and has ended (Java)") {
            repeat(500) {
                val scope = GatherScope()
                val pieces = List(5) { Piece<Int>() }
                val starter =
                    CompletableFuture.supplyAsync {
                        pieces.mapNotNull { runCatching { Gather.of(it.task()).scope(scope).all() }.getOrNull() }
                    }
                while (pieces[it % 5].timesRun == 0 && !starter.isDone) Thread.onSpinWait()
                scope.close()
                pieces.none { it.isRunning } shouldBe true
                starter.soon().all { it.isCancelled && it.terminated().isDone } shouldBe true
                pieces.none { it.isRunning } shouldBe true
            }
        }

        test("a caller that is interrupted while it closes goes on to wait, and keeps its flag (Java)") {
            val cleaning = Piece<Int>().cleaningUp()
            val scope = GatherScope()
            Gather.of(cleaning.task()).scope(scope).all()
            cleaning.started.soon()
            val flag = CompletableFuture<Boolean>()
            val closer =
                Thread {
                    scope.close()
                    flag.complete(Thread.currentThread().isInterrupted && !cleaning.isRunning)
                }
            closer.interrupt()
            closer.start()
            closer.interrupt()
            cleaning.noticed.soon()
            cleaning.finishCleanup()
            flag.soon() shouldBe true
        }
    })
