package dev.gather.verification.guarantee

import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import dev.gather.coroutines.gather as gatherSuspending

class CancellationSpec :
    BothDoors({
        both("every running body is cancelled and queued ones never start") { door ->
            for (settled in listOf(false, true)) {
                val pieces = List(5) { Piece<Int>("$it") }
                val how = How(limit = 3)
                val running = if (settled) door.settled(pieces, how) else door.all(pieces, how)
                pieces.take(3).forEach { it.started.soon() }
                running.cancel()
                running.end() shouldBe End.Cancelled
                running.awaitTerminated()
                pieces.map { it.noticed.isDone } shouldBe listOf(true, true, true, false, false)
                pieces.map { it.timesRun } shouldBe listOf(1, 1, 1, 0, 0)
                pieces.none { it.isRunning } shouldBe true
            }
        }

        both("items that were queued are never read again") { door ->
            val read = AtomicInteger()
            val items =
                Iterable {
                    iterator {
                        while (true) yield(read.getAndIncrement())
                    }
                }
            val pieces = List(3) { Piece<Int>() }
            val running = door.each(items, How(limit = 3)) { pieces[it] }
            pieces.forEach { it.started.soon() }
            running.cancel()
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            read.get() shouldBe 3
            pieces.all { it.noticed.isDone } shouldBe true
        }

        both("a gather that was cancelled before its first thread came starts nothing") { door ->
            if (door === KotlinDoor) return@both // its first thread is the caller's own
            val piece = Piece<Int>()
            val given = ArrayList<Runnable>()
            val future = Gather.of(piece.task()).executor(given::add).all()
            future.cancel(true) shouldBe true
            future.terminated().soon()
            given.forEach(Runnable::run)
            piece.timesRun shouldBe 0
        }

        test("a caller that had been cancelled before starts nothing (Kotlin)") {
            runTest {
                val piece = Piece<Int>()
                val caller =
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        currentCoroutineContext()[Job]!!.cancel()
                        gatherSuspending({ piece.suspending() })
                    }
                caller.join()
                piece.timesRun shouldBe 0
            }
        }

        for (settled in listOf(false, true)) {
            val call = if (settled) "gatherSettled" else "gather"
            test("a caller that had been cancelled before still cancels what was running, with $call (Kotlin)") {
                val cleaning = Piece<Int>().cleaningUp()
                val scope = CoroutineScope(Job() + Dispatchers.Default)
                val running = listOf(scope.async { cleaning.suspending() }, scope.async { awaitCancellation() })
                cleaning.started.soon()
                val caller =
                    CoroutineScope(Dispatchers.Default).launch(start = CoroutineStart.UNDISPATCHED) {
                        currentCoroutineContext()[Job]!!.cancel()
                        if (settled) running.gatherSettled() else running.gatherSuspending()
                    }
                cleaning.noticed.soon()
                caller.isCompleted shouldBe false
                cleaning.finishCleanup()
                caller.asCompletableFuture().handle { _, _ -> }.soon()
                running.all { it.isCancelled && it.isCompleted } shouldBe true
            }
        }

        test("a stage gets cancel(true), once, however it came to be a task (Java)") {
            val (started, produced, item) = List(3) { TestStage<Int>() }
            val producing = CompletableFuture<Unit>()
            val tasks =
                listOf(
                    Task.started(started),
                    Task.async {
                        producing.complete(Unit)
                        produced
                    },
                )
            val future = Gather.of(tasks).all()
            val each =
                Gather
                    .eachAsync(listOf(1)) {
                        producing.soon()
                        item
                    }.all()
            awaitDependents(started, produced, item)
            repeat(2) { future.cancel(false) }
            each.cancel(true)
            for (stage in listOf(started, produced, item)) stage.cancels.toList() shouldBe listOf(true)
            future.terminated().soon()
            each.terminated().soon()
        }

        test("a minimal stage, which cannot be cancelled, is no longer waited for (Java)") {
            val stage = CompletableFuture<Int>()
            val tasks =
                listOf(Task.started(stage.minimalCompletionStage()), Task.async { stage.minimalCompletionStage() })
            val recorder = Recorder()
            val future = Gather.of(tasks).listener(recorder).all()
            awaitDependents(stage, atLeast = 2)
            future.cancel(true)
            future.terminated().soon()
            stage.isDone shouldBe false
            stage.complete(1)
            recorder.dropped.toList().shouldBeEmpty()
        }

        test("hooks run, once each, in the order they were added (Java)") {
            val calls = ConcurrentLinkedQueue<String>()
            val (body, ignoring) = List(2) { Piece<Int>() }
            ignoring.ignoringCancel()
            val stage = TestStage<Int>()
            val tasks =
                listOf(
                    body.task().onCancel { calls.add("body") },
                    ignoring.task().onCancel { calls.add("ignoring") },
                    Task.started(stage).onCancel { calls.add("stage 1") }.onCancel { calls.add("stage 2") },
                    value(4).task().onCancel { calls.add("ended") },
                )
            val recorder = Recorder()
            val future = Gather.of(tasks).listener(recorder).all()
            recorder.end(3).soon()
            listOf(body, ignoring).forEach { it.started.soon() }
            future.cancel(true)
            future.cancel(true)
            ignoring.returns(1)
            future.terminated().soon()
            calls.sorted() shouldBe listOf("body", "ignoring", "stage 1", "stage 2")
            calls.filter { it.startsWith("stage") } shouldBe listOf("stage 1", "stage 2")
        }

        test("the hook of a task that is still producing its stage runs once, and the stage is cancelled (Java)") {
            val calls = AtomicInteger()
            val producing = Piece<Unit>().ignoringCancel()
            val stage = TestStage<Int>()
            val task =
                Task
                    .async {
                        producing.block()
                        stage
                    }.onCancel { calls.incrementAndGet() }
            val future = Gather.of(task).all()
            producing.started.soon()
            future.cancel(true)
            producing.noticed.soon()
            producing.returns(Unit)
            future.terminated().soon()
            calls.get() shouldBe 1
            stage.cancels.toList() shouldBe listOf(true)
        }

        test("a hook of a task that had not started does not run (Java)") {
            val calls = AtomicInteger()
            val first = Piece<Int>()
            val future = Gather.of(first.task(), value(1).task().onCancel { calls.incrementAndGet() }).limit(1).all()
            first.started.soon()
            future.cancel(true)
            future.terminated().soon()
            calls.get() shouldBe 0
        }

        // ---- from anywhere

        class Way(
            val name: String,
            val use: (GatherFuture<List<Int>>) -> CompletableFuture<*>,
        ) {
            override fun toString() = name
        }
        val direct = Executor(Runnable::run)
        listOf(
            Way("cancel(true)") { f -> f.also { it.cancel(true) } },
            Way("cancel(false)") { f -> f.also { it.cancel(false) } },
            Way("complete") { f -> f.also { it.complete(listOf(7)) } },
            Way("completeExceptionally") { f -> f.also { it.completeExceptionally(IOException("outside")) } },
            Way("completeAsync") { f -> f.completeAsync { listOf(7) } },
            Way("completeAsync on an executor") { f -> f.completeAsync({ listOf(7) }, direct) },
            Way("completeAsync of a supplier that throws") { f -> f.completeAsync({ error("supplier") }, direct) },
            Way("orTimeout") { f -> f.orTimeout(1, TimeUnit.MILLISECONDS) },
            Way("completeOnTimeout") { f -> f.completeOnTimeout(listOf(7), 1, TimeUnit.MILLISECONDS) },
            Way("thenApply(..).cancel") { f -> f.thenApply { it.size }.also { it.cancel(true) } },
            Way("thenApplyAsync(..).cancel") { f -> f.thenApplyAsync { it.size }.also { it.cancel(true) } },
            Way("thenCompose(..).cancel") { f ->
                f.thenCompose { CompletableFuture.completedFuture(it.size) }.also { it.cancel(true) }
            },
            Way("thenCombine(..).cancel") { f ->
                f.thenCombine(CompletableFuture.completedFuture(1)) { a, b -> a.size + b }.also { it.cancel(true) }
            },
            Way("handle(..).thenAccept(..).cancel") { f ->
                f.handle { _, _ -> 1 }.thenAccept { }.also { it.cancel(true) }
            },
            Way("exceptionally(..).cancel") { f -> f.exceptionally { listOf() }.also { it.cancel(true) } },
            Way("whenComplete(..).cancel") { f -> f.whenComplete { _, _ -> }.also { it.cancel(true) } },
            Way("copy().cancel") { f -> f.copy().also { it.cancel(true) } },
            Way("thenApply(..).orTimeout") { f -> f.thenApply { it.size }.orTimeout(1, TimeUnit.MILLISECONDS) },
            Way("thenApply(..).completeOnTimeout") { f ->
                f.thenApply { it.size }.completeOnTimeout(7, 1, TimeUnit.MILLISECONDS)
            },
            Way("thenApply(..).complete") { f -> f.thenApply { it.size }.also { it.complete(7) } },
            Way("thenApply(..).completeAsync") { f -> f.thenApply { it.size }.completeAsync({ 7 }, direct) },
        ).forEach { way ->
            test("$way cancels every task and completes the gather's own future (Java)") {
                val piece = Piece<Int>().cleaningUp()
                val stage = TestStage<Int>()
                val future = Gather.of(piece.task(), Task.started(stage)).all()
                piece.started.soon()
                val used = way.use(future)
                used.handle { _, _ -> }.soon()
                piece.noticed.soon()
                future.handle { _, _ -> }.soon()
                future.terminated().isDone shouldBe false // the body is still cleaning up
                piece.finishCleanup()
                future.terminated().soon()
                stage.cancels.toList() shouldBe listOf(true)
                if (used !== future) future.isCancelled shouldBe true
            }
        }

        test("completing from outside gives the future that value or exception (Java)") {
            val (a, b) = List(2) { Gather.of(Piece<Int>().task()).all() }
            a.complete(listOf(7)) shouldBe true
            a.complete(listOf(8)) shouldBe false
            a.soon() shouldBe listOf(7)
            val cause = IOException("outside")
            b.completeExceptionally(cause) shouldBe true
            JavaRunning(b).end().shouldBeInstanceOf<End.Failed>().cause shouldBe cause
            listOf(a, b).forEach { it.terminated().soon() }
        }

        test("a time limit that is far away is accepted and does nothing (Java)") {
            val piece = Piece<Int>()
            val future = Gather.of(piece.task()).all()
            future.orTimeout(Long.MAX_VALUE, TimeUnit.DAYS).completeOnTimeout(listOf(), Long.MAX_VALUE, TimeUnit.DAYS)
            piece.returns(1)
            future.soon() shouldBe listOf(1)
        }

        test("closing the scope cancels every task and waits for them (Java)") {
            val pieces = List(2) { Piece<Int>() }
            val scope = GatherScope()
            val futures = pieces.map { Gather.of(it.task()).scope(scope).all() }
            pieces.forEach { it.started.soon() }
            scope.close()
            pieces.none { it.isRunning } shouldBe true
            futures.all { it.isCancelled && it.terminated().isDone } shouldBe true
        }

        test("cancelling a coroutine around the caller cancels every task (Kotlin)") {
            val pieces = List(2) { Piece<Int>() }
            val scope = CoroutineScope(Dispatchers.Default)
            val caller =
                scope.async { coroutineScope { gatherSuspending(*pieces.suspending()) } }
            pieces.forEach { it.started.soon() }
            scope.coroutineContext[Job]!!.cancel()
            shouldThrow<CancellationException> { caller.asCompletableFuture().soon() }
            pieces.all { it.noticed.isDone && !it.isRunning } shouldBe true
        }

        test("a coroutine launched by a body is cancelled as well (Kotlin)") {
            runTest {
                val launched = CompletableFuture<Job>()
                val caller =
                    launch {
                        gatherSuspending({
                            launched.complete(CoroutineScope(currentCoroutineContext()).launch { awaitCancellation() })
                            awaitCancellation()
                        })
                    }
                testScheduler.runCurrent()
                caller.cancel()
                testScheduler.runCurrent()
                launched.soon().isCancelled shouldBe true
                caller.isCompleted shouldBe true
            }
        }

        // ---- the way to opt out

        listOf(
            Way("cancel") { f -> f.shielded().also { it.cancel(true) } },
            Way("complete") { f -> f.shielded().also { it.complete(listOf()) } },
            Way("orTimeout") { f -> f.shielded().orTimeout(1, TimeUnit.MILLISECONDS) },
            Way("thenApply(..).cancel") { f -> f.shielded().thenApply { it.size }.also { it.cancel(true) } },
        ).forEach { way ->
            test("shielded() keeps $way from the gather (Java)") {
                val piece = Piece<Int>()
                val future = Gather.of(piece.task()).all()
                piece.started.soon()
                val view = future.shielded()
                way.use(future).handle { _, _ -> }.soon()
                piece.noticed.isDone shouldBe false
                piece.returns(1)
                future.soon() shouldBe listOf(1)
                view.soon() shouldBe listOf(1)
            }
        }

        test("shielded() completes as the gather does (Java)") {
            val cause = IOException("boom")
            val failed = Gather.of(failure<Int>(cause).task()).all().shielded()
            shouldThrow<ExecutionException> { failed.soon() }.cause shouldBe cause
            val cancelled = Gather.of(Piece<Int>().task()).all()
            val view = cancelled.shielded()
            cancelled.cancel(true)
            shouldThrow<CancellationException> { view.soon() }
            view.isCancelled shouldBe true
        }
    })
