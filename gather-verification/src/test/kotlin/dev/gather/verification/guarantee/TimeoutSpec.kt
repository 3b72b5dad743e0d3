package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class TimeoutSpec :
    BothDoors({
        // ---- the whole gather

        both("at the deadline all fails and keeps every outcome so far") { door ->
            val (forEver, queued) = List(2) { Piece<String>() }
            val end = door
                .all(
                    listOf(value("a"), forEver, queued),
                    How(limit = 1, timeout = SHORT, name = "pages"),
                ).end()
            val thrown = end.shouldBeInstanceOf<End.Failed>().cause.shouldBeInstanceOf<GatherTimeoutException>()
            thrown.message shouldBe "gather pages timed out after 250ms: 1/3 done; unfinished: task[1], 1 not started"
            thrown.outcomes() shouldBe
                listOf(
                    Outcome.Success("a"),
                    Outcome.Cancelled<String>(CancelReason.TIMEOUT, true),
                    Outcome.Cancelled<String>(CancelReason.TIMEOUT, false),
                )
            forEver.noticed.isDone shouldBe true
            forEver.isRunning shouldBe false
            queued.timesRun shouldBe 0
        }

        test("one catch around join() sees every way a gather fails, and get() has the cause (Java)") {
            val boom = IOException("boom")
            val fatal = OutOfMemoryError("of a test")
            val control = CancellationException("of its own")
            val thrower = Iterable<Int> { throw boom }
            val failing = Task.of<Int> { throw boom }

            fun never() = Task.started(CompletableFuture<Int>()) // a new one: at a deadline it is cancelled
            val one = Task.of { 1 }
            val ways =
                mapOf<GatherFuture<*>, (Throwable) -> Boolean>(
                    Gather.of(one, failing).all() to { it === boom },
                    Gather.of(failing).any() to { it === boom },
                    Gather.of(Task.of<Int> { throw control }).all() to { it === control },
                    Gather.of(Task.of<Int> { throw fatal }).settled() to { it === fatal },
                    Gather.each(thrower) { it: Int -> it }.settled() to { it === boom },
                    Gather.of(one).combine<Int> { throw boom } to { it === boom },
                    Gather.of(one).combine<Int> { throw control } to { it === control },
                    Gather.of(one, never()).timeout(SHORT).all() to { it is GatherTimeoutException },
                    Gather.of(one, never()).timeout(SHORT).atLeast(2) to { it is GatherTimeoutException },
                    Gather.keyed(mapOf("a" to never())).timeout(SHORT).all() to { it is GatherTimeoutException },
                    Gather.of(never()).timeout(Duration.ZERO).combine { 1 } to { it is GatherTimeoutException },
                )
            for ((future, isExpected) in ways) {
                val derived = future.thenApply { it }
                val thrown = shouldThrow<GatherException> { future.orStuck().join() }
                val cause = thrown.cause!!
                isExpected(cause) shouldBe true
                shouldThrow<ExecutionException> { future.soon() }.cause shouldBeSameInstanceAs cause
                future.isCancelled shouldBe false
                shouldThrow<GatherException> { derived.orStuck().join() } shouldBeSameInstanceAs thrown
                if (cause is GatherTimeoutException) {
                    thrown.message shouldBe cause.message
                    thrown.outcomes() shouldBe cause.outcomes()
                    thrown.index() shouldBe -1
                }
            }
        }

        both("at the deadline settled returns what there is") { door ->
            val cause = IOException("boom")
            val (forEver, queued) = List(2) { Piece<String>() }
            val tasks = listOf(value("a"), failure(cause), forEver, queued)
            door.settled(tasks, How(limit = 1, timeout = SHORT)).end() shouldBe
                End.Value(
                    listOf(
                        Outcome.Success("a"),
                        Outcome.Failure(cause),
                        Outcome.Cancelled(CancelReason.TIMEOUT, true),
                        Outcome.Cancelled(CancelReason.TIMEOUT, false),
                    ),
                )
            forEver.noticed.isDone shouldBe true
            queued.timesRun shouldBe 0
        }

        both("a task that ends after the deadline has not made it, whatever it returns") { door ->
            val stubborn = Piece<Int>().ignoringCancel()
            val recorder = Recorder()
            val running = door.settled(listOf(stubborn, Piece()), How(timeout = SHORT, listener = recorder))
            recorder.end(1).soon() // the deadline has passed
            running.isDone shouldBe false
            stubborn.returns(1)
            running.end() shouldBe End.Value(List(2) { Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true) })
        }

        both("the result comes after the tasks have ended") { door ->
            val cleaning = Piece<Int>().cleaningUp()
            val running = door.all(listOf(cleaning), How(timeout = SHORT))
            cleaning.noticed.soon()
            running.isDone shouldBe false
            cleaning.finishCleanup()
            running
                .end()
                .shouldBeInstanceOf<End.Failed>()
                .cause
                .shouldBeInstanceOf<GatherTimeoutException>()
            cleaning.isRunning shouldBe false
        }

        fun messageOf(end: End<*>) =
            end
                .shouldBeInstanceOf<End.Failed>()
                .cause
                .shouldBeInstanceOf<GatherTimeoutException>()
                .message

        both("the message names those that were running, ten at most, and counts the rest") { door ->
            val end = door.all(List(15) { Piece<Int>() }, How(limit = 12, timeout = Duration.ofSeconds(1))).end()
            messageOf(end) shouldBe
                "gather timed out after 1s: 0/15 done; unfinished: " +
                (0..9).joinToString { "task[$it]" } + ", 2 more, 3 not started"
        }

        both("the message names the task that waited for the limiter") { door ->
            val how = How(timeout = SHORT, limiter = Limiter.concurrent(1))
            messageOf(door.all(List(3) { Piece<Int>() }, how).end()) shouldBe
                "gather timed out after 250ms: 0/3 done; unfinished: task[0], task[1] (waiting for the limiter), " +
                "1 not started"
        }

        test("the message names the task whose turn had not come, and tasks by their names and keys") {
            val java = Gather.of(Piece<Int>().task().named("user"), Piece<Int>().task())
            val kotlin = mapOf("user" to suspend { awaitCancellation() }, "ads" to suspend { awaitCancellation() })
            messageOf(JavaRunning(java.timeout(SHORT).stagger(LONG).all()).end()) shouldBe
                "gather timed out after 250ms: 0/2 done; unfinished: task[0] user, task[1] (waiting for its turn)"
            shouldThrow<GatherTimeoutException> {
                kotlin.gather(timeout = 250.milliseconds, options = gatherOptions(stagger = 1.hours))
            }.message shouldBe
                "gather timed out after 250ms: 0/2 done; unfinished: task[0] user, task[1] ads (waiting for its turn)"
        }

        both("a timeout of zero starts nothing") { door ->
            for (limit in listOf(1, Int.MAX_VALUE)) {
                val pieces = List(3) { value(it) }
                val how = How(limit = limit, timeout = Duration.ZERO)
                val end = door.all(pieces, how).end().shouldBeInstanceOf<End.Failed>()
                end.cause.shouldBeInstanceOf<GatherTimeoutException>().message shouldBe
                    "gather timed out after 0s: 0/3 done; unfinished: 3 not started"
                val outcomes = List(3) { Outcome.Cancelled<Int>(CancelReason.TIMEOUT, false) }
                end.cause.outcomes() shouldBe outcomes
                door.settled(pieces, how).end() shouldBe End.Value(outcomes)
                door.each(listOf(0, 1), how) { pieces[it] }.end().shouldBeInstanceOf<End.Failed>()
                door.eachSettled(listOf(0, 1), how) { pieces[it] }.end().shouldBeInstanceOf<End.Value<*>>()
                pieces.map { it.timesRun } shouldBe listOf(0, 0, 0)
            }
        }

        both("a gather that ends in time does not hear of its deadline") { door ->
            door.all(listOf(value(1)), How(timeout = LONG)).end() shouldBe End.Value(listOf(1))
            val forEver = Duration.ofSeconds(Long.MAX_VALUE)
            door.all(listOf(value(1)), How(timeout = forEver, taskTimeout = forEver)).end() shouldBe
                End.Value(listOf(1))
        }

        both("a failure before the deadline wins, even if the deadline passes while the others end") { door ->
            val cause = IOException("first")
            val recorder = Recorder()
            val how = How(timeout = SHORT, onFailure = FailurePolicy.AWAIT_OTHERS, listener = recorder)
            val end = door.all(listOf(failure(cause), Piece<Int>()), how).end()
            end.shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs cause
            recorder.end(1).soon() shouldBe Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true)
        }

        test("stages that are done count before a deadline of zero (Java)") {
            val done = CompletableFuture.completedFuture(1)
            val open = TestStage<Int>()
            Gather
                .started(listOf(done))
                .timeout(Duration.ZERO)
                .all()
                .soon() shouldBe listOf(1)
            Gather
                .started(listOf(open, done))
                .timeout(Duration.ZERO)
                .settled()
                .soon() shouldBe
                listOf(Outcome.Cancelled(CancelReason.TIMEOUT, true), Outcome.Success(1))
            open.cancels.toList() shouldBe listOf(true)
        }

        test("at the deadline a gather throws and get() gives the timeout itself (Java)") {
            val future = Gather.of(Piece<Int>().task()).timeout(SHORT).all()
            shouldThrow<ExecutionException> { future.soon() }
                .cause
                .shouldBeInstanceOf<GatherTimeoutException>()
            future.isCancelled shouldBe false
        }

        test("the deadline in virtual time (Kotlin)") {
            runTest {
                val thrown =
                    shouldThrow<GatherTimeoutException> {
                        gather({
                            delay(10)
                            "a"
                        }, { awaitCancellation() }, {
                            delay(1001)
                            "c"
                        }, timeout = 1.seconds)
                    }
                testScheduler.currentTime shouldBe 1000
                thrown.message shouldBe "gather timed out after 1s: 1/3 done; unfinished: task[1], task[2]"
                thrown.outcomes() shouldBe
                    listOf(Outcome.Success("a")) + List(2) { Outcome.Cancelled<String>(CancelReason.TIMEOUT, true) }
            }
        }

        test("settled returns at the deadline, after the cleanup (Kotlin)") {
            runTest {
                val outcomes =
                    gatherSettled(
                        {
                            delay(10)
                            1
                        },
                        { cleaningUp(500.milliseconds) },
                        { 3 },
                        limit = 1,
                        timeout = 1.seconds,
                    )
                testScheduler.currentTime shouldBe 1500
                outcomes shouldBe
                    listOf(
                        Outcome.Success(1),
                        Outcome.Cancelled(CancelReason.TIMEOUT, true),
                        Outcome.Cancelled(CancelReason.TIMEOUT, false),
                    )
            }
        }

        test("the time limit of a caller is not taken for the gather's own (Kotlin)") {
            runTest {
                withTimeoutOrNull(100) { gather({ awaitCancellation() }, timeout = 1.seconds) } shouldBe null
                testScheduler.currentTime shouldBe 100
                withTimeoutOrNull(100) { gatherSettled({ awaitCancellation() }, timeout = 1.seconds) } shouldBe null
                testScheduler.currentTime shouldBe 200
            }
        }

        test("nor is the gather's own taken for that of its caller (Kotlin)") {
            runTest {
                shouldThrow<GatherTimeoutException> {
                    withTimeoutOrNull(1000) { gather({ awaitCancellation() }, timeout = 100.milliseconds) }
                }
                testScheduler.currentTime shouldBe 100
                val outcomes =
                    gatherSettled(
                        { gather({ awaitCancellation() }, timeout = 100.milliseconds) },
                        timeout = 1.seconds,
                    )
                (outcomes.single() as Outcome.Failure).cause().shouldBeInstanceOf<GatherTimeoutException>()
                testScheduler.currentTime shouldBe 200
            }
        }

        // ---- each task

        both("a task timeout cancels only that task, and is its failure") { door ->
            val forEver = Piece<Int>()
            val end = door.settled(listOf(forEver, value(1)), How(taskTimeout = SHORT)).end()
            val outcomes = (end as End.Value).value
            val failure = outcomes[0].shouldBeInstanceOf<Outcome.Failure<Int>>().cause()
            failure.shouldBeInstanceOf<TimeoutException>().message shouldBe "task[0] did not end within 250ms"
            outcomes[1] shouldBe Outcome.Success(1)
            forEver.noticed.isDone shouldBe true
        }

        both("a task timeout fails all like any failure: queued tasks never start") { door ->
            val (late, queued) = List(2) { Piece<Int>() }
            val running = door.each(listOf(late, queued), How(limit = 1, taskTimeout = SHORT)) { it }
            val end = running.end().shouldBeInstanceOf<End.Failed>()
            end.cause.shouldBeInstanceOf<TimeoutException>()
            (end.cause is GatherTimeoutException) shouldBe false
            late.noticed.isDone shouldBe true
            queued.timesRun shouldBe 0
        }

        both("the time of a task is counted from its own start") { door ->
            val pieces = List(3) { Piece<Int>() }
            val end = door.settled(pieces, How(limit = 1, taskTimeout = SHORT)).end() as End.Value
            end.value.map { (it as Outcome.Failure).cause().message } shouldBe
                List(3) { "task[$it] did not end within 250ms" }
            pieces.all { it.noticed.isDone } shouldBe true
        }

        both("the slot is free when the task has ended, not before") { door ->
            val cleaning = Piece<Int>().cleaningUp()
            val queued = value(1)
            val running = door.settled(listOf(cleaning, queued), How(limit = 1, taskTimeout = SHORT))
            cleaning.noticed.soon()
            queued.timesRun shouldBe 0
            cleaning.finishCleanup()
            (running.end() as End.Value).value[1] shouldBe Outcome.Success(1)
        }

        both("what a task throws because of its timeout is suppressed in the failure") { door ->
            val error = IOException("cleanup")
            val end = door
                .settled(
                    listOf(Piece<Int>().failingCleanup(error)),
                    How(taskTimeout = SHORT),
                ).end() as End.Value
            val failure = (end.value.single() as Outcome.Failure).cause()
            failure.shouldBeInstanceOf<TimeoutException>().suppressed.toList() shouldBe listOf(error)
        }

        both("a task that ends in time does not hear of its timeout") { door ->
            val pieces = List(100) { value(it) }
            door.all(pieces, How(taskTimeout = LONG)).end() shouldBe End.Value(List(100) { it })
        }

        both("a task timeout of zero: every task fails, none is called") { door ->
            val pieces = List(3) { value(it) }
            val end = door.settled(pieces, How(taskTimeout = Duration.ZERO)).end() as End.Value
            end.value.forEach { (it as Outcome.Failure).cause().shouldBeInstanceOf<TimeoutException>() }
            pieces.map { it.timesRun } shouldBe listOf(0, 0, 0)
        }

        test("a task's own timeout replaces that of the gather, in both directions (Java)") {
            val (short, long) = List(2) { Piece<Int>() }
            val own = listOf(short.task().named("fast").timeout(SHORT), long.task())
            val first = Gather.of(own).taskTimeout(LONG).settled()
            short.noticed.soon()
            long.returns(1)
            (first.soon()[0] as Outcome.Failure).cause().message shouldBe "task[0] fast did not end within 250ms"
            first.soon()[1] shouldBe Outcome.Success(1)

            val (late, inTime) = List(2) { Piece<Int>() }
            val second = Gather.of(late.task(), inTime.task().timeout(LONG)).taskTimeout(SHORT).settled()
            late.noticed.soon()
            inTime.returns(1)
            second.soon()[1] shouldBe Outcome.Success(1)
        }

        test("a task timeout on a stage: it gets cancel(true), and its hook runs (Java)") {
            val hooks = AtomicInteger()
            val (started, produced) = List(2) { TestStage<Int>() }
            val tasks =
                listOf(
                    Task.started(started).onCancel { hooks.incrementAndGet() },
                    Task.async { produced }.onCancel { hooks.incrementAndGet() },
                    value(2).task(),
                )
            val outcomes = Gather
                .of(tasks)
                .taskTimeout(SHORT)
                .settled()
                .soon()
            outcomes.take(2).forEach { (it as Outcome.Failure).cause().shouldBeInstanceOf<TimeoutException>() }
            outcomes[2] shouldBe Outcome.Success(2)
            listOf(started, produced).forEach { it.cancels.toList() shouldBe listOf(true) }
            hooks.get() shouldBe 2
        }

        test("the time of an asynchronous task is that of its body and its stage together (Java)") {
            val hooks = AtomicInteger()
            val body = Piece<Unit>().ignoringCancel()
            val stage = TestStage<Int>()
            val task =
                Task
                    .async {
                        body.block()
                        stage
                    }.timeout(SHORT)
                    .onCancel { hooks.incrementAndGet() }
            val future = Gather.of(task).settled()
            body.noticed.soon()
            body.returns(Unit)
            (future.soon().single() as Outcome.Failure).cause().shouldBeInstanceOf<TimeoutException>()
            stage.cancels.toList() shouldBe listOf(true)
            hooks.get() shouldBe 1
        }

        test("a stage that ends after its timeout has failed all the same (Java)") {
            val stage = TestStage<Int>(stubborn = true)
            val hook = CompletableFuture<Unit>()
            val future = Gather.of(Task.started(stage).timeout(SHORT).onCancel { hook.complete(Unit) }).settled()
            hook.soon()
            future.isDone shouldBe false
            stage.complete(1)
            (future.soon().single() as Outcome.Failure).cause().shouldBeInstanceOf<TimeoutException>()
        }

        test("a task timeout in virtual time (Kotlin)") {
            runTest {
                val outcomes =
                    gatherSettled(
                        {
                            delay(99)
                            0
                        },
                        { awaitCancellation() },
                        { cleaningUp(500.milliseconds) },
                        {
                            delay(50)
                            3
                        },
                        taskTimeout = 100.milliseconds,
                        limit = 3,
                    )
                testScheduler.currentTime shouldBe 600
                outcomes.map { it.isSuccess } shouldBe listOf(true, false, false, true)
                (outcomes[1] as Outcome.Failure).cause().message shouldBe "task[1] did not end within 100ms"
            }
        }

        test("the time of a task that was queued starts when it does (Kotlin)") {
            runTest {
                val body: suspend () -> Long = {
                    delay(80)
                    testScheduler.currentTime
                }
                val times = gather(body, body, body, limit = 1, taskTimeout = 100.milliseconds)
                times shouldBe listOf(80L, 160L, 240L)
            }
        }

        test("a task timeout that fails all (Kotlin)") {
            runTest {
                shouldThrow<TimeoutException> {
                    gather({ awaitCancellation() }, {
                        delay(50)
                        1
                    }, taskTimeout = 100.milliseconds)
                }
                testScheduler.currentTime shouldBe 100
            }
        }
    })

private suspend fun cleaningUp(time: kotlin.time.Duration): Nothing =
    try {
        awaitCancellation()
    } finally {
        withContext(NonCancellable) { delay(time) }
    }
