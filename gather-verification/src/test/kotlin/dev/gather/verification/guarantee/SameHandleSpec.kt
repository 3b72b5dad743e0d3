package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger

/** All are equal. */
private class Equal(
    private val piece: Piece<Int>,
) : Callable<Int> {
    override fun call(): Int = piece.block()

    override fun equals(other: Any?) = other is Equal

    override fun hashCode() = 1
}

private class EqualSuspending(
    private val piece: Piece<Int>,
) : suspend () -> Int {
    override suspend fun invoke(): Int = piece.suspending()

    override fun equals(other: Any?) = other is EqualSuspending

    override fun hashCode() = 1
}

class SameHandleSpec :
    BothDoors({
        // A few tasks are compared one by one, more than 8 are looked up in a map.
        for (others in listOf(1, 20)) {
            val size = "among ${others + 3} tasks"

            fun others() = List(others) { Task.of { -1 } }

            test("a task that stands in three places runs once, $size (Java)") {
                for (kind in listOf("blocking", "async")) {
                    val piece = Piece<Int>()
                    val task = if (kind == "blocking") Task.of { piece.block() } else Task.async { piece.stage() }
                    val future = Gather.of(listOf(task) + others() + task + task).all()
                    piece.returns(7)
                    future.soon() shouldBe listOf(7) + List(others) { -1 } + listOf(7, 7)
                    piece.timesRun shouldBe 1
                }
            }

            test("a task that stands in three places runs once with a limit of 1, $size (Java)") {
                val piece = value(7)
                val task = Task.of { piece.block() }
                Gather
                    .of(listOf(task) + others() + task + task)
                    .limit(1)
                    .all()
                    .soon() shouldBe
                    listOf(7) + List(others) { -1 } + listOf(7, 7)
                piece.timesRun shouldBe 1
            }

            test("a task that stands in three places settles all of them, $size (Java)") {
                val error = IOException()
                val piece = failure<Int>(error)
                val task = Task.of { piece.block() }
                val outcomes = Gather.of(listOf(task) + others() + task + task).settled().soon()
                listOf(0, others + 1, others + 2).forEach {
                    (outcomes[it] as Outcome.Failure).cause shouldBeSameInstanceAs error
                }
                outcomes.count { it.isSuccess } shouldBe others
                piece.timesRun shouldBe 1
            }

            test("a task that stands in three places fails the gather once, at the first of them, $size (Java)") {
                val error = IOException()
                val heard = Heard(total = others + 3)
                val piece = failure<Int>(error)
                val task = Task.of { piece.block() }
                val tasks = others() + task + task + task
                val future =
                    Gather
                        .of(tasks)
                        .onFailure(FailurePolicy.AWAIT_OTHERS)
                        .listener(heard)
                        .all()
                (JavaRunning(future).end() as End.Failed).cause shouldBeSameInstanceAs error
                val thrown = shouldThrow<GatherException> { future.join() }
                thrown.index() shouldBe others
                thrown.outcomes().takeLast(3) shouldBe List(3) { Outcome.Failure<Int>(error) }
                thrown.suppressed.size shouldBe 0
                heard.starts.sorted() shouldBe List(others + 1) { it }
                heard.ends.map { it.first }.sorted() shouldBe tasks.indices.toList()
            }

            test("a task that stands in three places is cancelled once, $size (Java)") {
                val hooks = AtomicInteger()
                val piece = Piece<Int>().cleaningUp()
                val failing = Piece<Int>()
                val task = Task.of { piece.block() }.onCancel { hooks.incrementAndGet() }
                val tasks = listOf(task) + others() + task + task + Task.of { failing.block() }
                val future = Gather.of(tasks).all()
                piece.started.soon()
                failing.throws(IOException())
                piece.noticed.soon()
                piece.finishCleanup()
                (JavaRunning(future).end() is End.Failed) shouldBe true
                val outcomes = shouldThrow<GatherException> { future.join() }.outcomes()
                listOf(0, others + 1, others + 2).forEach {
                    outcomes[it] shouldBe Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true)
                }
                hooks.get() shouldBe 1
                piece.interruptsInCleanup.get() shouldBe 0
                piece.timesRun shouldBe 1
            }
        }

        test("a task that is left running has one outcome in all its places (Java)") {
            val error = IOException()
            val (left, failing) = List(2) { Piece<Int>() }
            val task = Task.of { left.block() }
            val future =
                Gather
                    .of(task, Task.of { failing.block() }, task)
                    .limit(2)
                    .onFailure(FailurePolicy.LEAVE_OTHERS)
                    .all()
            left.started.soon()
            failing.throws(error)
            (JavaRunning(future).end() as End.Failed).cause shouldBeSameInstanceAs error
            shouldThrow<GatherException> { future.join() }.outcomes() shouldBe
                listOf(
                    Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true),
                    Outcome.Failure<Int>(error),
                    Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true),
                )
            left.returns(1)
            future.terminated().soon()
            left.timesRun shouldBe 1
        }

        test("combine finds the value of a task that stands in two places (Java)") {
            val piece = value(7)
            val task = Task.of { piece.block() }
            Gather.of(task, task).combine { it.get(task) }.soon() shouldBe 7
            piece.timesRun shouldBe 1
        }

        test("the same work under another name is another task (Java)") {
            val piece = value(7)
            val task = Task.of { piece.block() }
            Gather.of(task, task.named("again")).all().soon() shouldBe listOf(7, 7)
            piece.timesRun shouldBe 2
        }

        test("a started task that stands in two places is awaited in both (Java)") {
            val stage = CompletableFuture<Int>()
            val task = Task.started(stage)
            val future = Gather.of(task, Task.of { 1 }, task).all()
            stage.complete(7)
            future.soon() shouldBe listOf(7, 1, 7)
        }

        both("a handle that stands in three places has its value in each") { door ->
            val (handle, other) = List(2) { Handle<Int>() }
            val running = door.started(listOf(handle, other, handle, handle))
            handle.returns(7)
            other.returns(1)
            running.end() shouldBe End.Value(listOf(7, 1, 7, 7))
        }

        both("a handle that stands in two places and fails has one failure in each") { door ->
            val error = IOException()
            val handle = Handle<Int>()
            val settled = door.startedSettled(listOf(handle, handle))
            val all = door.started(listOf(handle, handle))
            handle.throws(error)
            val outcomes = (settled.end() as End.Value).value
            outcomes.forEach { (it as Outcome.Failure).cause shouldBeSameInstanceAs error }
            val end = all.end() as End.Failed
            end.cause shouldBeSameInstanceAs error
            end.cause.suppressed.size shouldBe 0
        }

        both("a handle in two gathers has its value in both") { door ->
            val handle = Handle<Int>()
            val (first, second) = List(2) { door.started(listOf(handle)) }
            handle.returns(7)
            first.end() shouldBe End.Value(listOf(7))
            second.end() shouldBe End.Value(listOf(7))
        }

        test("a stage that stands in two places and takes no notice of a cancel is waited for (Java)") {
            val stage =
                object : CompletableFuture<Int>() {
                    override fun cancel(mayInterruptIfRunning: Boolean) = false
                }
            val future = Gather.started(listOf(stage, stage, CompletableFuture.failedFuture(IOException()))).all()
            future.isDone shouldBe false
            stage.complete(1)
            (JavaRunning(future).end() is End.Failed) shouldBe true
        }

        test("tasks that are equal but not the same run each (Java)") {
            for (n in listOf(3, 20)) {
                val pieces = List(n) { value(it) }
                Gather.of(*pieces.map(::Equal).toTypedArray()).all().soon() shouldBe List(n) { it }
                Gather.of(pieces.map { Task.of(Equal(it)) }).all().soon() shouldBe List(n) { it }
                pieces.map { it.timesRun } shouldBe List(n) { 2 }
            }
        }

        test("tasks that are equal but not the same run each (Kotlin)") {
            for (n in listOf(3, 20)) {
                val pieces = List(n) { value(it) }
                gather(*pieces.map(::EqualSuspending).toTypedArray()) shouldBe List(n) { it }
                pieces.map { it.timesRun } shouldBe List(n) { 1 }
            }
        }

        test("the same lambda given twice runs twice (Java)") {
            val runs = AtomicInteger()
            val body = Callable { runs.incrementAndGet() }
            Gather
                .of(body, body)
                .all()
                .soon()
                .sorted() shouldContainExactly listOf(1, 2)
        }

        test("the same lambda given twice runs twice (Kotlin)") {
            val runs = AtomicInteger()
            val body: suspend () -> Int = { runs.incrementAndGet() }
            gather(body, body).sorted() shouldContainExactly listOf(1, 2)
        }

        every("the same item given twice runs twice") { door ->
            val piece = value(7)
            door.each(listOf(piece, piece)) { it }.end() shouldBe End.Value(listOf(7, 7))
            piece.timesRun shouldBe 2
        }

        test("a lazy deferred that stands in two places runs once (Kotlin)") {
            val piece = value(7)
            coroutineScope {
                val lazy = async(start = CoroutineStart.LAZY) { piece.suspending() }
                listOf(lazy, lazy).gather() shouldBe listOf(7, 7)
            }
            piece.timesRun shouldBe 1
        }

        test("a deferred awaited by others too gives them its value (Kotlin)") {
            coroutineScope {
                val deferred = CompletableDeferred<Int>()
                val other = async { deferred.await() }
                val gathered = async { listOf(deferred, deferred).gather() }
                deferred.complete(7)
                gathered.await() shouldBe listOf(7, 7)
                other.await() shouldBe 7
            }
        }
    })
