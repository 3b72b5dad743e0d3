package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.future.await
import kotlinx.coroutines.job
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeoutException

private val cancelling = How(limit = 3)
private val awaiting = How(limit = 3, onFailure = FailurePolicy.AWAIT_OTHERS)

private fun leaving(heard: Heard? = null) =
    How(limit = 3, onFailure = FailurePolicy.LEAVE_OTHERS, listener = heard)

private suspend fun nested(
    depth: Int,
    pieces: List<Piece<Int>>,
): List<Any> =
    if (depth == 0) {
        gather({ pieces[0].suspending() }, { pieces[1].suspending() })
    } else {
        gather({ nested(depth - 1, pieces) })
    }

class PolicySpec :
    BothDoors({
        // ---- CANCEL_OTHERS

        every("CANCEL_OTHERS: the others are cancelled, and the gather fails after they have ended") { door ->
            val error = IOException()
            val pieces = List(3) { Piece<Int>().cleaningUp() }
            val running = door.all(pieces, cancelling)
            pieces.forEach { it.started.soon() }
            pieces[1].throws(error)
            pieces[0].noticed.soon()
            pieces[2].noticed.soon()
            door.letThingsHappen()
            running.isDone shouldBe false
            pieces[0].finishCleanup()
            pieces[0].ended.soon()
            door.letThingsHappen()
            running.isDone shouldBe false
            pieces[2].finishCleanup()
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
            pieces.count { it.isRunning } shouldBe 0
        }

        every("CANCEL_OTHERS is the default") { door ->
            val error = IOException()
            val pieces = List(2) { Piece<Int>() }
            val running = door.all(pieces)
            pieces.forEach { it.started.soon() }
            pieces[0].throws(error)
            pieces[1].noticed.soon()
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
        }

        every("CANCEL_OTHERS: queued tasks never start") { door ->
            val pieces = List(8) { Piece<Int>() }
            val heard = Heard()
            val running = door.all(pieces, How(limit = 3, listener = heard))
            pieces.take(3).forEach { it.started.soon() }
            pieces[0].throws(IOException())
            running.end().shouldBeInstanceOf<End.Failed>()
            running.awaitTerminated()
            door.letThingsHappen()
            pieces.sumOf { it.timesRun } shouldBe 3
            heard.starts.shouldContainExactlyInAnyOrder(0, 1, 2)
            heard.ends.map { it.first } shouldContainExactlyInAnyOrder pieces.indices.toList()
            heard.ends
                .filter { it.first > 2 }
                .map { it.second }
                .toSet() shouldBe
                setOf(Outcome.Cancelled<Any?>(CancelReason.OTHER_FAILED, false))
        }

        every("CANCEL_OTHERS: with a limit of 1 nothing starts behind the one that fails") { door ->
            val error = IOException()
            val pieces = listOf(value(1), failure(error), value(3), value(4))
            (door.all(pieces, How(limit = 1)).end() as End.Failed).cause shouldBeSameInstanceAs error
            pieces.map { it.timesRun } shouldBe listOf(1, 1, 0, 0)
        }

        every("CANCEL_OTHERS: a task that takes no notice delays the failure, and its value is dropped") { door ->
            val error = IOException()
            val pieces = listOf(Piece<Int>(), Piece<Int>().ignoringCancel())
            val running = door.all(pieces)
            pieces.forEach { it.started.soon() }
            pieces[0].throws(error)
            door.letThingsHappen()
            running.isDone shouldBe false
            pieces[1].returns(1)
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
            pieces[1].isRunning shouldBe false
        }

        for (depth in listOf(1, 23, 24, 25, 48)) {
            test("a gather $depth levels down has ended when the outermost fails or is cancelled (Kotlin)") {
                for (isCancelled in listOf(true, false)) {
                    val error = IOException()
                    val pieces = listOf(Piece(), Piece<Int>().cleaningUp())
                    val running = KotlinDoor.start { nested(depth, pieces) }
                    pieces.forEach { it.started.soon() }
                    if (isCancelled) running.cancel() else pieces[0].throws(error)
                    pieces[1].noticed.soon()
                    KotlinDoor.letThingsHappen()
                    running.isDone shouldBe false
                    pieces[1].finishCleanup()
                    val end = running.end()
                    pieces.count { it.isRunning } shouldBe 0
                    if (isCancelled) {
                        end shouldBe End.Cancelled
                    } else {
                        (end as End.Failed).cause shouldBeSameInstanceAs
                            error
                    }
                }
            }
        }

        // ---- AWAIT_OTHERS

        every("AWAIT_OTHERS: the others run to their end, queued ones too, then the gather fails") { door ->
            val error = IOException()
            val pieces = List(6) { Piece<Int>() }
            val running = door.all(pieces, awaiting)
            pieces.take(3).forEach { it.started.soon() }
            pieces[1].throws(error)
            pieces[3].started.soon()
            pieces[0].returns(0)
            pieces[4].started.soon()
            pieces[2].throws(IOException("later"))
            pieces[5].started.soon()
            pieces[3].returns(3)
            pieces[4].returns(4)
            door.letThingsHappen()
            running.isDone shouldBe false
            pieces[5].throws(IOException("last"))
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
            pieces.count { it.noticed.isDone } shouldBe 0
            pieces.sumOf { it.timesRun } shouldBe 6
        }

        every("AWAIT_OTHERS: the first failure in time wins over one that comes later and stands before it") { door ->
            val error = IOException()
            val pieces = List(4) { Piece<Int>() }
            val running = door.all(pieces, awaiting)
            pieces.take(3).forEach { it.started.soon() }
            pieces[2].throws(error)
            pieces[3].started.soon() // in the room that the failed one has left
            pieces[0].throws(IOException("later"))
            pieces[1].returns(1)
            pieces[3].throws(IOException("last"))
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
        }

        every("AWAIT_OTHERS: a cancel after the failure still cancels what is running") { door ->
            val pieces = List(3) { Piece<Int>() }
            val running = door.all(pieces, awaiting)
            pieces.forEach { it.started.soon() }
            pieces[0].throws(IOException())
            pieces[0].ended.soon()
            running.cancel()
            pieces[1].noticed.soon()
            pieces[2].noticed.soon()
            running.end() shouldBe End.Cancelled
        }

        // ---- LEAVE_OTHERS

        every("LEAVE_OTHERS: the gather fails at once, and what has started runs on") { door ->
            val error = IOException()
            val pieces = List(3) { Piece<Int>() }
            val running = door.all(pieces, leaving())
            pieces.forEach { it.started.soon() }
            pieces[1].throws(error)
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
            door.letThingsHappen()
            listOf(0, 2).forEach {
                pieces[it].isRunning shouldBe true
                pieces[it].noticed.isDone shouldBe false
                pieces[it].returns(it)
                pieces[it].ended.soon()
            }
        }

        every("LEAVE_OTHERS: tasks not yet started never start, not even when there is room") { door ->
            val heard = Heard()
            val pieces = List(8) { Piece<Int>() }
            val running = door.all(pieces, leaving(heard))
            pieces.take(3).forEach { it.started.soon() }
            pieces[0].throws(IOException())
            running.end().shouldBeInstanceOf<End.Failed>()
            pieces[1].returns(1)
            pieces[2].returns(2)
            pieces[1].ended.soon()
            pieces[2].ended.soon()
            running.awaitTerminated()
            door.letThingsHappen()
            pieces.sumOf { it.timesRun } shouldBe 3
            heard.starts.shouldContainExactlyInAnyOrder(0, 1, 2)
        }

        every("LEAVE_OTHERS: items of a lazy input not yet read are never read") { door ->
            val pulled = ArrayList<Int>()
            val input = generateSequence(0) { it + 1 }.onEach { synchronized(pulled) { pulled.add(it) } }.asIterable()
            val pieces = List(3) { Piece<Int>() }
            val running = door.each(input, leaving()) { pieces[it] }
            pieces.forEach { it.started.soon() }
            pieces[0].throws(IOException())
            running.end().shouldBeInstanceOf<End.Failed>()
            pieces[1].returns(1)
            pieces[2].returns(2)
            pieces[1].ended.soon()
            pieces[2].ended.soon()
            door.letThingsHappen()
            synchronized(pulled) { pulled.toList() } shouldBe listOf(0, 1, 2)
        }

        every("LEAVE_OTHERS: later failures go to the listener, once each, and nowhere else") { door ->
            val error = IOException()
            val later = listOf(IOException("1"), IOException("2"))
            val heard = Heard()
            val pieces = List(3) { Piece<Int>() }
            val running = door.all(pieces, leaving(heard))
            pieces.forEach { it.started.soon() }
            pieces[0].throws(error)
            val end = running.end() as End.Failed
            pieces[1].throws(later[0])
            heard.soonDropped().second shouldBeSameInstanceAs later[0]
            pieces[2].throws(later[1])
            heard.soonDropped().second shouldBeSameInstanceAs later[1]
            door.letThingsHappen()
            heard.dropped.shouldBeEmpty()
            end.cause.suppressed
                .toList()
                .shouldBeEmpty()
            end.thrown.suppressed
                .toList()
                .shouldBeEmpty()
        }

        every("LEAVE_OTHERS: a cancel after the failure touches nobody") { door ->
            val error = IOException()
            val pieces = List(3) { Piece<Int>() }
            val running = door.all(pieces, leaving())
            pieces.forEach { it.started.soon() }
            pieces[0].throws(error)
            running.end()
            running.cancel()
            door.letThingsHappen()
            pieces.count { it.noticed.isDone } shouldBe 0
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
            pieces[1].returns(1)
            pieces[2].returns(2)
        }

        every("LEAVE_OTHERS: a cancel before any failure cancels all") { door ->
            val pieces = List(3) { Piece<Int>() }
            val running = door.all(pieces, leaving())
            pieces.forEach { it.started.soon() }
            running.cancel()
            pieces.forEach { it.noticed.soon() }
            running.end() shouldBe End.Cancelled
        }

        every("LEAVE_OTHERS: without a failure the values are there when all have ended") { door ->
            val pieces = List(5) { Piece<Int>() }
            val running = door.all(pieces, leaving())
            pieces.forEachIndexed { i, piece -> piece.returns(i) }
            running.end() shouldBe End.Value(listOf(0, 1, 2, 3, 4))
        }

        every("LEAVE_OTHERS: each task has one end, whenever the failure comes") { door ->
            repeat(500) {
                val heard = Heard(total = 64)
                val pieces = List(64) { i -> if (i == 20) failure(IOException()) else value(i) }
                val how = How(onFailure = FailurePolicy.LEAVE_OTHERS, listener = heard)
                door.all(pieces, how).end().shouldBeInstanceOf<End.Failed>()
                heard.all.soon()
                heard.ends.map { it.first }.sorted() shouldBe List(64) { it }
                pieces.indices.filter { pieces[it].timesRun > 0 } shouldContainExactlyInAnyOrder heard.starts
            }
        }

        every("LEAVE_OTHERS with a deadline of zero starts nothing, and does not hang") { door ->
            val piece = Piece<Int>()
            val how = How(onFailure = FailurePolicy.LEAVE_OTHERS, timeout = Duration.ZERO)
            val end = door.all(listOf(piece), how).end() as End.Failed
            end.cause.shouldBeInstanceOf<TimeoutException>()
            piece.timesRun shouldBe 0
        }

        both("LEAVE_OTHERS: a left task that runs into its own timeout is a later failure") { door ->
            val heard = Heard()
            val pieces = List(2) { Piece<Int>() }
            val how =
                How(onFailure = FailurePolicy.LEAVE_OTHERS, taskTimeout = Duration.ofMillis(300), listener = heard)
            val running = door.all(pieces, how)
            pieces.forEach { it.started.soon() }
            pieces[0].throws(IOException())
            running.end().shouldBeInstanceOf<End.Failed>()
            heard.soonDropped().second.shouldBeInstanceOf<TimeoutException>()
            pieces[1].noticed.isDone shouldBe true
        }

        test("LEAVE_OTHERS: cancel returns false, and terminated() completes when the last one has ended (Java)") {
            val error = IOException()
            val pieces = List(3) { Piece<Int>() }
            val future =
                Gather.of(pieces.map { piece -> Task.of { piece.block() } }).onFailure(FailurePolicy.LEAVE_OTHERS).all()
            pieces.forEach { it.started.soon() }
            pieces[0].throws(error)
            (JavaRunning(future).end() as End.Failed).cause shouldBeSameInstanceAs error
            future.cancel(true) shouldBe false
            future.isCancelled shouldBe false
            pieces[1].returns(1)
            pieces[1].ended.soon()
            JavaDoor.letThingsHappen()
            future.terminated().isDone shouldBe false
            pieces[2].noticed.isDone shouldBe false
            pieces[2].returns(2)
            future.terminated().soon()
            val thrown = shouldThrow<GatherException> { future.join() }
            thrown.outcomes() shouldBe
                listOf(
                    Outcome.Failure<Int>(error),
                    Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true),
                    Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true),
                )
        }

        test("LEAVE_OTHERS: a stage that a left body returns later is followed to its end (Java)") {
            val heard = Heard()
            val goOn = CompletableFuture<Unit>()
            val starting = CompletableFuture<Unit>()
            val stage = CompletableFuture<Int>()
            val failing = Piece<Int>()
            val slow =
                Task.async {
                    starting.complete(Unit)
                    goOn.soon()
                    stage
                }
            val future =
                Gather
                    .of(Task.of { failing.block() }, slow)
                    .onFailure(FailurePolicy.LEAVE_OTHERS)
                    .listener(heard)
                    .all()
            starting.soon()
            failing.throws(IOException())
            JavaRunning(future).end().shouldBeInstanceOf<End.Failed>()
            goOn.complete(Unit)
            JavaDoor.letThingsHappen()
            future.terminated().isDone shouldBe false
            stage.isDone shouldBe false
            val later = IOException("later")
            stage.completeExceptionally(later)
            heard.soonDropped() shouldBe (1 to later)
            future.terminated().soon()
        }

        test("closing the scope cancels what LEAVE_OTHERS left, and waits for it (Java)") {
            val scope = GatherScope()
            val pieces = List(2) { Piece<Int>().cleaningUp() }
            val future =
                Gather
                    .of(pieces.map { piece -> Task.of { piece.block() } })
                    .onFailure(FailurePolicy.LEAVE_OTHERS)
                    .scope(scope)
                    .all()
            pieces.forEach { it.started.soon() }
            pieces[0].throws(IOException())
            JavaRunning(future).end().shouldBeInstanceOf<End.Failed>()
            val closing = CompletableFuture.runAsync { scope.close() }
            pieces[1].noticed.soon()
            closing.isDone shouldBe false
            pieces[1].finishCleanup()
            closing.soon()
            pieces[1].isRunning shouldBe false
            future.terminated().soon()
        }

        test("what a left task throws when the scope is closed reaches the listener (Java)") {
            val error = IOException("cleanup")
            val heard = Heard()
            val scope = GatherScope()
            val pieces = listOf(Piece(), Piece<Int>().failingCleanup(error))
            val future =
                Gather
                    .of(pieces.map { piece -> Task.of { piece.block() } })
                    .onFailure(FailurePolicy.LEAVE_OTHERS)
                    .listener(heard)
                    .scope(scope)
                    .all()
            pieces.forEach { it.started.soon() }
            pieces[0].throws(IOException())
            JavaRunning(future).end().shouldBeInstanceOf<End.Failed>()
            scope.close()
            heard.soonDropped() shouldBe (1 to error)
        }

        test("cancelling the owner cancels what LEAVE_OTHERS left, and waits for it (Kotlin)") {
            val error = IOException("cleanup")
            val heard = Heard()
            val owner = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            val pieces = List(2) { Piece<Int>().cleaningUp() }
            pieces[1].failingCleanup(error)
            CompletableFuture.runAsync {
                pieces.forEach { it.started.soon() }
                pieces[0].throws(IOException())
            }
            shouldThrow<IOException> {
                gather(
                    { pieces[0].suspending() },
                    { pieces[1].suspending() },
                    onFailure = FailurePolicy.LEAVE_OTHERS,
                    scope = owner,
                    options = gatherOptions(listener = heard),
                )
            }
            owner.cancel()
            pieces[1].noticed.await()
            owner.coroutineContext.job.isCompleted shouldBe false
            pieces[1].finishCleanup()
            owner.coroutineContext.job.join()
            pieces[1].isRunning shouldBe false
            heard.soonDropped() shouldBe (1 to error)
        }

        test("an owner is waited for by what LEAVE_OTHERS left, and not cancelled by its failures (Kotlin)") {
            val owner = CoroutineScope(Job() + Dispatchers.Default)
            val pieces = List(2) { Piece<Int>() }
            CompletableFuture.runAsync {
                pieces.forEach { it.started.soon() }
                pieces[0].throws(IOException())
            }
            shouldThrow<IOException> {
                gather(
                    { pieces[0].suspending() },
                    { pieces[1].suspending() },
                    onFailure = FailurePolicy.LEAVE_OTHERS,
                    scope = owner,
                )
            }
            owner.coroutineContext.job.children
                .count() shouldBe 1
            pieces[1].throws(IOException("later"))
            owner.coroutineContext.job.children
                .forEach { it.join() }
            owner.coroutineContext.job.isActive shouldBe true
        }

        test("LEAVE_OTHERS in an owner that has ended is refused, and nothing starts (Kotlin)") {
            val owner = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            owner.cancel()
            val piece = Piece<Int>()
            shouldThrow<IllegalStateException> {
                gather({ piece.suspending() }, onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner)
            }
            piece.timesRun shouldBe 0
        }
    })
