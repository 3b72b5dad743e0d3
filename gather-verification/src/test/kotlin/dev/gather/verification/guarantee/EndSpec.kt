package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.CoroutineContext

class EndSpec :
    BothDoors({
        // ---- when the result is there, nothing is still running

        both("success comes after the last task") { door ->
            for (settled in listOf(false, true)) {
                val pieces = List(3) { Piece<Int>() }
                val recorder = Recorder()
                val how = How(listener = recorder)
                val running = if (settled) door.settled(pieces, how) else door.all(pieces, how)
                pieces.forEach { it.started.soon() }
                for (index in 0..1) {
                    pieces[index].returns(index)
                    recorder.end(index).soon()
                    running.isDone shouldBe false
                }
                pieces[2].returns(2)
                running.end().shouldBeInstanceOf<End.Value<*>>()
                pieces.none { it.isRunning } shouldBe true
            }
        }

        both("failure comes after the tasks it cancelled have cleaned up") { door ->
            val (cleaning, stubborn, failing) = List(3) { Piece<Int>() }
            cleaning.cleaningUp()
            stubborn.ignoringCancel()
            val running = door.all(listOf(cleaning, stubborn, failing))
            listOf(cleaning, stubborn, failing).forEach { it.started.soon() }
            failing.throws(IOException("boom"))
            cleaning.noticed.soon()
            running.isDone shouldBe false
            cleaning.finishCleanup()
            running.isDone shouldBe false
            stubborn.returns(1)
            running.end().shouldBeInstanceOf<End.Failed>()
            listOf(cleaning, stubborn).none { it.isRunning } shouldBe true
        }

        both("only LEAVE_OTHERS is excepted, and terminated() tells when those have ended") { door ->
            val (other, failing) = List(2) { Piece<Int>() }
            val running = door.all(listOf(other, failing), How(onFailure = FailurePolicy.LEAVE_OTHERS))
            listOf(other, failing).forEach { it.started.soon() }
            failing.throws(IOException("boom"))
            running.end().shouldBeInstanceOf<End.Failed>()
            other.isRunning shouldBe true
            if (running is JavaRunning) running.future.terminated().isDone shouldBe false
            other.returns(1)
            running.awaitTerminated()
            other.noticed.isDone shouldBe false
        }

        both("a gather inside a gather: the outer failure waits for the inner cleanup") { door ->
            val cleaning = Piece<Int>().cleaningUp()
            val failing = Piece<Int>()
            val running: Running<*> =
                if (door === JavaDoor) {
                    val inner = Task.async { Gather.of(cleaning.task()).all() }
                    JavaRunning(Gather.of<Any>(inner, failing.task()).all())
                } else {
                    KotlinDoor.start { gather({ gather({ cleaning.suspending() }) }, { failing.suspending() }) }
                }
            cleaning.started.soon()
            failing.started.soon()
            failing.throws(IOException("boom"))
            cleaning.noticed.soon()
            running.isDone shouldBe false
            cleaning.finishCleanup()
            running.end().shouldBeInstanceOf<End.Failed>()
            cleaning.isRunning shouldBe false
        }

        both("a gather inside a gather: cancelling the outer one waits for the inner cleanup") { door ->
            val cleaning = Piece<Int>().cleaningUp()
            val running: Running<*> =
                if (door === JavaDoor) {
                    JavaRunning(
                        Gather.of(Task.async { Gather.of(cleaning.task()).all().thenApply { it.single() } }).all(),
                    )
                } else {
                    KotlinDoor.start { gather({ gather({ cleaning.suspending() }).single() }) }
                }
            cleaning.started.soon()
            running.cancel()
            cleaning.noticed.soon()
            if (running is JavaRunning) {
                running.future.terminated().isDone shouldBe false
            } else {
                running.isDone shouldBe
                    false
            }
            cleaning.finishCleanup()
            running.awaitTerminated()
            running.end() shouldBe End.Cancelled
            cleaning.isRunning shouldBe false
        }

        test("the hook of a task that timed out has returned as well (Java)") {
            val (called, released) = List(2) { CompletableFuture<Unit>() }
            val returned = AtomicBoolean()
            val piece = Piece<Int>()
            val task =
                piece.task().timeout(SHORT).onCancel {
                    called.complete(Unit)
                    released.soon()
                    returned.set(true)
                }
            val future = Gather.of(task).settled()
            val seen = future.thenApply { returned.get() }
            called.soon()
            piece.noticed.soon()
            released.complete(Unit)
            seen.soon() shouldBe true
        }

        test("terminated() is done when a dependent of the result runs (Java)") {
            val (failing, done) = List(2) { Piece<Int>() }
            for (piece in listOf(failing, done)) {
                val future = Gather.of(piece.task()).all()
                val terminated = future.handle { _, _ -> future.terminated().isDone }
                if (piece === failing) piece.throws(IOException("boom")) else piece.returns(1)
                terminated.soon() shouldBe true
            }
        }

        test("a gather does not wait for a thread that it no longer needs (Java)") {
            val pool = Executors.newFixedThreadPool(1)
            val gate = CompletableFuture<Unit>()
            pool.execute { gate.soon() }
            val future = Gather.of(List(3) { value(it).task() }).executor(pool).all()
            // Stands in the queue behind the gather, but in front of whatever that sends from now on.
            val joined = CompletableFuture.supplyAsync({ future.get(SECONDS / 2, TimeUnit.SECONDS) }, pool)
            gate.complete(Unit)
            joined.soon() shouldBe listOf(0, 1, 2)
            pool.shutdown()
        }

        test("nor does a call (Kotlin)") {
            val given = ArrayList<Runnable>()
            val returned = AtomicBoolean()
            val run: suspend () -> Unit = {
                gather({ 0 }, { 1 }, { 2 })
                returned.set(true)
            }
            CoroutineScope(QueueDispatcher(given)).launch(start = CoroutineStart.UNDISPATCHED) { run() }
            returned.get() shouldBe true
        }

        test("a call returns after its cleanup, also when cancelled, in virtual time (Kotlin)") {
            runTest {
                val caller =
                    launch {
                        gather({ cleaningUp(500) }, { awaitCancellation() })
                    }
                delay(100)
                caller.cancel()
                caller.join()
                testScheduler.currentTime shouldBe 600
            }
        }

        test("a failure comes after the cleanup, in virtual time (Kotlin)") {
            runTest {
                shouldThrow<IOException> {
                    gather({ cleaningUp(500) }, {
                        delay(100)
                        throw IOException("boom")
                    })
                }
                testScheduler.currentTime shouldBe 600
            }
        }

        test("coroutines launched into the context of a body are waited for (Kotlin)") {
            runTest {
                gather({ CoroutineScope(currentCoroutineContext()).launch { delay(300) } })
                testScheduler.currentTime shouldBe 300
            }
        }

        test("deferreds have ended when a failure cancels them (Kotlin)") {
            runTest {
                supervisorScope {
                    val cleaning = async { cleaningUp(500) }
                    val failing = CompletableDeferred<Nothing>()
                    failing.completeExceptionally(IOException("boom"))
                    delay(1)
                    shouldThrow<IOException> { listOf(cleaning, failing).gather() }
                    cleaning.isCompleted shouldBe true
                    testScheduler.currentTime shouldBe 501
                }
            }
        }

        // ---- completed from outside

        test("completed from outside the future is done at once, and terminated() later (Java)") {
            val ways =
                listOf<(GatherFuture<List<Int>>) -> Unit>(
                    { it.cancel(true) },
                    { it.complete(listOf()) },
                    { it.completeExceptionally(IOException("outside")) },
                )
            for (way in ways) {
                val piece = Piece<Int>().cleaningUp()
                val future = Gather.of(piece.task()).all()
                val before = future.terminated()
                piece.started.soon()
                way(future)
                future.isDone shouldBe true
                piece.noticed.soon()
                listOf(before, future.terminated()).any { it.isDone } shouldBe false
                piece.finishCleanup()
                before.soon()
                future.terminated().soon()
                piece.isRunning shouldBe false
            }
        }

        test("orTimeout does not wait for the tasks, terminated() does (Java)") {
            val piece = Piece<Int>().cleaningUp()
            val future = Gather.of(piece.task()).all().also { it.orTimeout(1, TimeUnit.MILLISECONDS) }
            shouldThrow<ExecutionException> { future.soon() }
                .cause
                .shouldBeInstanceOf<TimeoutException>()
            if (piece.timesRun > 0) piece.noticed.soon()
            piece.finishCleanup()
            future.terminated().soon()
            piece.isRunning shouldBe false
        }

        test("terminated() belongs to whoever asked for it (Java)") {
            val piece = Piece<Int>()
            val future = Gather.of(piece.task()).all()
            piece.started.soon()
            future.terminated().cancel(true)
            future.terminated().complete(null)
            piece.noticed.isDone shouldBe false
            future.terminated().isDone shouldBe false
            piece.returns(1)
            future.soon() shouldBe listOf(1)
        }
    })

private suspend fun cleaningUp(millis: Long): Nothing =
    try {
        awaitCancellation()
    } finally {
        withContext(NonCancellable) { delay(millis) }
    }

/** Keeps what it is given. */
private class QueueDispatcher(
    private val given: MutableList<Runnable>,
) : CoroutineDispatcher() {
    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) {
        given.add(block)
    }
}
