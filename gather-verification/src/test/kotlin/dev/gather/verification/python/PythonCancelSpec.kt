package dev.gather.verification.python

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
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
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withTimeout
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds

/** A42 to A62: cancelling the gather, or whoever waits for it. */
class PythonCancelSpec :
    PythonRules({
        everywhere("A42 cancel reaches every task that has not ended") { door, setting ->
            val (a, b, c) = List(3) { Piece<Int>() }
            val running = door.all(listOf(a, b, c), setting.how())
            started(a, b, c)
            b.returns(2).ended.soon()
            running.cancel()
            listOf(a, c).forEach { it.noticed.soon() }
            running.end() shouldBe End.Cancelled
            b.noticed.isDone shouldBe false
        }

        java("A42 cancel reaches every task that has not ended") { setting ->
            val piece = Piece<Int>()
            val future = Gather.of(Task.of { piece.block() }).onFailure(setting.policy).all()
            started(piece)
            future.cancel(true) shouldBe true
            future.isDone shouldBe true
            piece.noticed.soon()
        }

        everywhere("A43 cancel after the end touches nobody") { door, setting ->
            val (bad, other) = List(2) { Piece<Int>() }
            val running = door.all(listOf(bad, other), setting.how())
            started(bad, other)
            bad.throws(Boom("bad"))
            running.end().shouldBeInstanceOf<End.Failed>()
            running.cancel()
            if (running is JavaRunning) running.future.cancel(true) shouldBe false
            running.end().shouldBeInstanceOf<End.Failed>()
            setting.othersAfterFailure(other)
            other.returns(1).ended.soon()
            if (setting == Setting.CPYTHON) other.noticed.isDone shouldBe false
        }

        java("A43 cancel after the end touches nobody") { setting ->
            val stage = CompletableFuture.completedFuture(1)
            val future = Gather.started(listOf(stage)).onFailure(setting.policy).all()
            future.cancel(true) shouldBe false
            future.soon() shouldBe listOf(1)
        }

        java("A43 a further cancel says what the first one said") { setting ->
            val piece = Piece<Int>().cleaningUp()
            val future = Gather.of(Task.of { piece.block() }).onFailure(setting.policy).all()
            started(piece)
            future.cancel(true) shouldBe true
            piece.noticed.soon()
            future.cancel(true) shouldBe true
            piece.finishCleanup()
            future.terminated().soon()
            future.cancel(true) shouldBe true
        }

        java("A44 if cancel says no, the result is delivered") { setting ->
            repeat(200) {
                val stage = CompletableFuture<Int>()
                val future = Gather.started(listOf(stage)).onFailure(setting.policy).all()
                val together = CyclicBarrier(2)
                Thread {
                    together.await(20, TimeUnit.SECONDS)
                    stage.complete(1)
                }.start()
                together.await(20, TimeUnit.SECONDS)
                if (future.cancel(true)) {
                    shouldThrow<CancellationException> { future.soon() }
                } else {
                    future.soon() shouldBe listOf(1)
                }
            }
        }

        java("A44 a callback that was added later may cancel before the gather hears of the end") { setting ->
            val stage = CompletableFuture<Int>()
            val answers = mutableListOf<Boolean>()
            var cancel = { true }
            stage.thenRun { answers += cancel() }
            val future = Gather.started(listOf(stage)).onFailure(setting.policy).all()
            cancel = { future.cancel(true) }
            stage.complete(1)
            future.soon() shouldBe listOf(1)
            answers shouldBe listOf(false)

            val other = CompletableFuture<Int>()
            val cancelled = Gather.started(listOf(other)).onFailure(setting.policy).all()
            other.thenRun { answers += cancelled.cancel(true) }
            other.complete(1)
            shouldThrow<CancellationException> { cancelled.soon() }
            answers shouldBe listOf(false, true)
        }

        kotlin("A45 a caller that is cancelled gets no result, even if there is one already") {
            val call = start { all(ok("x", 10)) }
            launch {
                delay(10) // after the task, before its value has arrived
                log shouldBe listOf("x")
                call.endedAt shouldBe null
                call.cancel()
            }
            letRun()
            log shouldBe listOf("x")
            call.value shouldBe null
            call.thrown.shouldBeInstanceOf<CancellationException>()
        }

        everywhere("A46 a Kotlin call ends when its tasks have, a Java future at once") { door, setting ->
            val piece = Piece<Int>().cleaningUp()
            val running = door.all(listOf(piece), setting.how())
            started(piece)
            running.cancel()
            piece.noticed.soon()
            running.isDone shouldBe (running is JavaRunning)
            val terminated = (running as? JavaRunning)?.future?.terminated()
            terminated?.isDone shouldBe (if (running is JavaRunning) false else null)
            piece.finishCleanup()
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            piece.isRunning shouldBe false
        }

        everywhere("A47 a gather that was cancelled says that it is cancelled") { door, setting ->
            val piece = Piece<Int>()
            val running = door.all(listOf(piece), setting.how())
            started(piece)
            running.cancel()
            running.end() shouldBe End.Cancelled
            if (running is JavaRunning) running.future.isCancelled shouldBe true
        }

        everywhere("A48 a cancelled gather gives no list, even when it collects failures") { door, setting ->
            val pieces = List(2) { Piece<Int>().ignoringCancel() }
            val running = door.settled(pieces, setting.how())
            started(*pieces.toTypedArray())
            running.cancel()
            pieces.forEachIndexed { i, piece -> piece.returns(i) }
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
        }

        kotlin("A48 a cancelled gather gives no list, even when it collects failures") {
            val call = start { settled(slowToStop(80) { 1 }, slowToStop(30) { 2 }) }
            delay(20)
            call.cancel()
            letRun()
            call.value shouldBe null
            call.thrown.shouldBeInstanceOf<CancellationException>()
            call.endedAt shouldBe 100
        }

        kotlin("A49 after a cancel every cleanup is waited for") {
            val call = start { all(slowToStop(80) { throw it }, ok("x", 1000)) }
            delay(20)
            call.cancel()
            letRun()
            call.thrown.shouldBeInstanceOf<CancellationException>()
            call.endedAt shouldBe 100
        }

        java("A49 after a cancel every cleanup is waited for") { setting ->
            val slow = Piece<Int>().cleaningUp()
            val quick = Piece<Int>()
            val future = Gather.of(Task.of { slow.block() }, Task.of { quick.block() }).onFailure(setting.policy).all()
            started(slow, quick)
            future.cancel(true)
            slow.noticed.soon()
            quick.ended.soon()
            val terminated = future.terminated()
            terminated.isDone shouldBe false
            slow.finishCleanup()
            terminated.soon()
            slow.isRunning shouldBe false
        }

        kotlin("A50 a task that ignores the cancel delays the end, and its value is dropped") {
            val call = start { all(slowToStop(80) { 1 }) }
            delay(20)
            call.cancel()
            letRun()
            call.value shouldBe null
            call.thrown.shouldBeInstanceOf<CancellationException>()
            call.endedAt shouldBe 100
        }

        everywhere("A50 a task that ignores the cancel delays the end, and its value is dropped") { door, setting ->
            val piece = Piece<Int>().ignoringCancel()
            val running = door.all(listOf(piece), setting.how())
            started(piece)
            running.cancel()
            if (running !is JavaRunning) running.isDone shouldBe false
            piece.returns(1)
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
        }

        kotlin("A51 an error in a cleanup never replaces the cancellation") {
            val error = Boom("cleanup")
            for (order in listOf(listOf(10, 50), listOf(50, 10))) {
                val before = now
                val heard = Heard()
                val call =
                    start {
                        all(
                            slowToStop<Int>(order[0]) { throw error },
                            slowToStop(order[1]) { throw it },
                            listener = heard,
                        )
                    }
                delay(5)
                call.cancel()
                letRun()
                call.thrown
                    .shouldBeInstanceOf<CancellationException>()
                    .suppressed
                    .toList() shouldBe listOf(error)
                call.endedAt shouldBe before + 55
                heard.soonDropped() shouldBe (0 to error)
            }
        }

        kotlin("A51 an error in the cleanup of what is only awaited is not lost either") {
            val error = Boom("cleanup")
            val heard = Heard()
            supervisorScope {
                val bad = async { slowToStop<Int>(50) { throw error }() }
                delay(1)
                val call = start { all(listOf(bad), listener = heard) }
                call.cancel()
                letRun()
                call.thrown
                    .shouldBeInstanceOf<CancellationException>()
                    .suppressed
                    .toList() shouldBe listOf(error)
                heard.soonDropped() shouldBe (0 to error)
            }
        }

        everywhere("A51 an error in a cleanup never replaces the cancellation") { door, setting ->
            val heard = Heard()
            val error = Boom("cleanup")
            val bad = Piece<Int>().failingCleanup(error)
            val other = Piece<Int>().cleaningUp()
            val running = door.all(listOf(bad, other), setting.how(heard))
            started(bad, other)
            running.cancel()
            heard.soonDropped() shouldBe (0 to error)
            other.finishCleanup()
            running.end() shouldBe End.Cancelled
        }

        java("A52 cancelled before they start, bodies never run") { setting ->
            val sent = ConcurrentLinkedQueue<Runnable>()
            val pieces = List(2) { value(it) }
            val future =
                Gather
                    .of(pieces.map { piece -> Task.of { piece.block() } })
                    .onFailure(setting.policy)
                    .executor { sent += it }
                    .all()
            future.cancel(true) shouldBe true
            future.terminated().soon()
            while (true) (sent.poll() ?: break).run()
            pieces.forEach { it.timesRun shouldBe 0 }
        }

        kotlin("A52 cancelled before they start, bodies never run") {
            val job = launch { all(ok("a", 0), ok("b", 0)) }
            job.cancel()
            val call =
                start {
                    coroutineContextJob().cancel()
                    all(ok("c", 0), ok("d", 0))
                }
            letRun()
            log shouldBe emptyList()
            call.thrown.shouldBeInstanceOf<CancellationException>()
        }

        everywhere("A53 a second cancel does not disturb a cleanup") { door, setting ->
            val piece = Piece<Int>().cleaningUp()
            val running = door.all(listOf(piece), setting.how())
            started(piece)
            running.cancel()
            piece.noticed.soon()
            running.cancel()
            piece.isRunning shouldBe true
            piece.finishCleanup()
            running.awaitTerminated()
            piece.interruptsInCleanup.get() shouldBe 0
        }

        kotlin("A53 a second cancel does not disturb a cleanup") {
            val call = start { all(slowToStop<Int>(80) { throw it }) }
            delay(20)
            call.cancel()
            delay(20)
            call.cancel()
            letRun()
            call.endedAt shouldBe 100
        }

        java("A54 a task in several slots is cancelled once") { setting ->
            val piece = Piece<Int>()
            val hooks = AtomicInteger()
            val task = Task.of { piece.block() }.onCancel { hooks.incrementAndGet() }
            val stage = CountsCancels()
            val running = Task.started(stage)
            val future = Gather.of(task, running, task, running, task).onFailure(setting.policy).all()
            started(piece)
            future.cancel(true)
            future.terminated().soon()
            hooks.get() shouldBe 1
            stage.cancels.get() shouldBe 1
        }

        kotlin("A54 a task in several slots is cancelled once") {
            var notices = 0
            val handle =
                async {
                    try {
                        awaitCancellation()
                    } finally {
                        notices++
                    }
                }
            val call = start { all<Any>(listOf(handle, handle, handle)) }
            letTurn()
            call.cancel()
            letRun()
            notices shouldBe 1
            handle.isCancelled shouldBe true
        }

        kotlin("A55 the reason of a cancel reaches the caller") {
            val call = start { all(slowToStop<Int>(10) { throw it }, ok(1, 5)) }
            delay(7)
            call.cancel("why")
            letRun()
            call.thrown.shouldBeInstanceOf<CancellationException>().message shouldBe "why"
        }

        everywhere("A56 a failure that came before the cancel: one of the two, never both") { door, setting ->
            val error = Boom("before")
            val (bad, other) = List(2) { Piece<Int>() }
            val running = door.all(listOf(bad, other), setting.how())
            started(bad, other)
            other.cleaningUp()
            bad.throws(error)
            when (setting) {
                Setting.CPYTHON -> {
                    running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
                    running.cancel()
                    running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
                    other.returns(1)
                }

                Setting.DEFAULT -> {
                    other.noticed.soon() // the failure is there, and waits for the others
                    running.cancel()
                    other.finishCleanup()
                    running.end() shouldBe End.Cancelled
                }
            }
        }

        kotlin("A56 a failure that came before the cancel: one of the two, never both") {
            val error = Boom("before")
            val call = start { all(fail(error, 10), slowToStop<Int>(30) { throw it }) }
            delay(20)
            call.cancel()
            letRun()
            call.thrown shouldBeSameInstanceAs error
            call.endedAt shouldBe if (setting == Setting.CPYTHON) 10 else 40
        }

        kotlin("A57 a task may cancel whoever waits for it") {
            lateinit var caller: Job
            val call =
                start {
                    caller = coroutineContextJob()
                    all(
                        {
                            delay(10)
                            caller.cancel()
                            delay(1)
                            log += "not reached"
                        },
                        ok(Unit, 20),
                    )
                }
            letRun()
            call.thrown.shouldBeInstanceOf<CancellationException>()
            call.endedAt shouldBe 10
            log shouldBe emptyList()
        }

        java("A57 a task may cancel whoever waits for it") { setting ->
            val itself = CompletableFuture<CompletableFuture<*>>()
            val other = Piece<Int>()
            val future =
                Gather
                    .of(
                        Task.of {
                            other.started.soon()
                            itself.soon().cancel(true)
                            1
                        },
                        Task.of { other.block() },
                    ).onFailure(setting.policy)
                    .all()
            itself.complete(future)
            shouldThrow<CancellationException> { future.soon() }
            future.terminated().soon()
            other.noticed.isDone shouldBe true
        }

        java("A58 cancelling one gather cancels what it shares with another, unless it is shielded") { setting ->
            for (shielded in listOf(true, false)) {
                val shared = CompletableFuture<Int>()
                val own = CompletableFuture<Int>()
                val mine = if (shielded) shared.copy() else shared
                val first = Gather.started(listOf(mine)).onFailure(setting.policy).all()
                val second = Gather.started(listOf(shared, own)).onFailure(setting.policy).all()
                first.cancel(true)
                shared.isCancelled shouldBe !shielded
                second.isDone shouldBe !shielded
                own.isCancelled shouldBe (!shielded && setting == Setting.DEFAULT)
                if (shielded) {
                    shared.complete(1)
                    own.complete(2)
                    second.soon() shouldBe listOf(1, 2)
                } else {
                    second.isCancelled shouldBe false
                    shouldThrow<GatherException> { second.join() }.cause.shouldBeInstanceOf<CancellationException>()
                }
            }
        }

        kotlin("A58 cancelling one gather cancels what it shares with another, unless it is shielded") {
            for (shielded in listOf(true, false)) {
                val (shared, own) = List(2) { CompletableDeferred<Int>() }
                val first = start { if (shielded) all({ shared.await() }) else all(listOf(shared)) }
                val second = start { all(listOf(shared, own)) }
                letTurn()
                first.cancel()
                letTurn()
                shared.isCancelled shouldBe !shielded
                own.isCancelled shouldBe (!shielded && setting == Setting.DEFAULT)
                if (shielded) {
                    shared.complete(1)
                    own.complete(2)
                    letRun()
                    second.value shouldBe listOf(1, 2)
                } else {
                    second.thrown.shouldBeInstanceOf<GatherException>()
                }
            }
        }

        java("A59 a shielded argument runs on when the gather is cancelled") { setting ->
            val piece = Piece<Int>()
            val inner = Gather.of(Task.of { piece.block() }).onFailure(setting.policy).all()
            val outer = Gather.started(listOf(inner.shielded())).onFailure(setting.policy).all()
            started(piece)
            outer.cancel(true)
            outer.terminated().soon()
            piece.noticed.isDone shouldBe false
            piece.returns(1)
            inner.soon() shouldBe listOf(1)
        }

        kotlin("A59 a shielded argument runs on when the gather is cancelled") {
            val inner = async { ok("x", 50)() }
            val call = start { all({ inner.await() }) }
            delay(20)
            call.cancel()
            letTurn()
            call.endedAt shouldBe 20
            inner.await() shouldBe "x"
            now shouldBe 50
        }

        java("A60 cancelling a shield round a gather leaves it alone") { setting ->
            val pieces = List(2) { Piece<Int>() }
            val future =
                Gather.of(pieces.map { piece -> Task.of { piece.block() } }).onFailure(setting.policy).all()
            started(*pieces.toTypedArray())
            future.shielded().cancel(true) shouldBe true
            future.shielded().completeExceptionally(Boom("shield")) shouldBe true
            future.isDone shouldBe false
            pieces.forEachIndexed { i, piece -> piece.returns(i) }
            future.soon() shouldBe listOf(0, 1)
        }

        kotlin("A60 cancelling a shield round a gather leaves it alone") {
            val running = async { all(ok(1, 50), ok(2, 50)) }
            val shield = start { running.await() }
            delay(20)
            shield.cancel()
            letRun()
            shield.thrown.shouldBeInstanceOf<CancellationException>()
            running.await() shouldBe listOf(1, 2)
        }

        kotlin("A61 of two who wait, one may go without harm to the other") {
            val running = async { all(ok(1, 50)) }
            val (first, second) = List(2) { start { running.await() } }
            delay(20)
            first.cancel()
            letRun()
            first.value shouldBe null
            second.value shouldBe listOf(1)
        }

        java("A61 of two who wait, one may go without harm to the other") { setting ->
            val piece = Piece<Int>()
            val future = Gather.of(Task.of { piece.block() }).onFailure(setting.policy).all()
            started(piece)
            val gone = CompletableFuture<Boolean>()
            val waiter =
                Thread {
                    try {
                        future.get()
                        gone.complete(false)
                    } catch (_: InterruptedException) {
                        gone.complete(true)
                    }
                }
            waiter.start()
            waiter.interrupt()
            gone.soon() shouldBe true
            future.isDone shouldBe false
            piece.returns(1)
            future.soon() shouldBe listOf(1)
        }

        java("A61 in Java a derived stage owns what it waits for, unless it is shielded") { setting ->
            val piece = Piece<Int>()
            val future = Gather.of(Task.of { piece.block() }).onFailure(setting.policy).all()
            started(piece)
            future.shielded().thenApply { it.size }.cancel(true)
            future.isDone shouldBe false
            future.thenApply { it.size }.cancel(true)
            future.isCancelled shouldBe true
            piece.noticed.soon()
        }

        kotlin("A62 at a deadline what is finished is kept, and every cleanup is waited for") {
            val finished = ok("done", 5)
            val call = start { all(finished, slowToStop(50) { throw it }, timeout = 10) }
            letRun()
            call.thrown.shouldBeInstanceOf<GatherTimeoutException>().outcomes() shouldBe
                listOf(Outcome.Success("done"), Outcome.Cancelled<String>(CancelReason.TIMEOUT, true))
            call.endedAt shouldBe 60

            val collected = start { settled(finished, slowToStop(50) { throw it }, timeout = 10) }
            letRun()
            collected.value shouldBe
                listOf(Outcome.Success("done"), Outcome.Cancelled<String>(CancelReason.TIMEOUT, true))
            collected.endedAt shouldBe 120

            val around = start { withTimeout(10.milliseconds) { all(finished, slowToStop(50) { throw it }) } }
            letRun()
            around.thrown.shouldBeInstanceOf<TimeoutCancellationException>()
            around.endedAt shouldBe 180
        }

        java("A62 at a deadline what is finished is kept, and every cleanup is waited for") { setting ->
            val piece = Piece<Int>()
            val description =
                Gather
                    .of(Task.started(CompletableFuture.completedFuture(1)), Task.of { piece.block() })
                    .onFailure(setting.policy)
                    .timeout(Duration.ofMillis(1))
            val thrown = shouldThrow<ExecutionException> { description.all().soon() }.cause
            val kept = thrown.shouldBeInstanceOf<GatherTimeoutException>().outcomes()
            kept[0] shouldBe Outcome.Success(1)
            kept[1].shouldBeInstanceOf<Outcome.Cancelled<*>>().reason shouldBe CancelReason.TIMEOUT
            piece.isRunning shouldBe false
            description.settled().soon()[0] shouldBe Outcome.Success(1)
        }
    })

private suspend fun coroutineContextJob(): Job = currentCoroutineContext()[Job]!!

private class CountsCancels : CompletableFuture<Int>() {
    val cancels = AtomicInteger()

    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        cancels.incrementAndGet()
        return super.cancel(mayInterruptIfRunning)
    }
}
