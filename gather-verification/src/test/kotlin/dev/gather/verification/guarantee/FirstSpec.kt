package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.coroutines.gatherAny
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The first that count: any, atLeast, and starts one after another. */
class FirstSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        fun both(
            name: String,
            body: suspend (FirstDoor) -> Unit,
        ) = FirstDoor.both.forEach { door -> test("$name ($door)") { body(door) } }

        // ---- any

        both("any gives the first success, and the others have been cancelled and have ended") { door ->
            val (slow, quick, other) = List(3) { Piece<String>() }
            val heard = Heard(total = 3)
            slow.cleaningUp()
            val running = door.any(listOf(slow, quick, other), How(listener = heard))
            listOf(slow, quick, other).forEach { it.started.soon() }
            quick.returns("quick")
            slow.noticed.soon()
            JavaDoor.letThingsHappen()
            running.isDone shouldBe false
            slow.finishCleanup()
            running.end() shouldBe End.Value("quick")
            listOf(slow, other).count { it.isRunning } shouldBe 0
            heard.all.soon()
            heard.ends.filter { it.first != 1 }.map { it.second } shouldContainExactly
                List(2) { Outcome.Cancelled<String>(CancelReason.ENOUGH, true) }
        }

        both("any takes no notice of failures while one may still succeed") { door ->
            val last = Piece<Int?>()
            val tasks = listOf(failure(IOException()), failure(CancellationException("own")), last)
            val running = door.any(tasks)
            last.started.soon()
            JavaDoor.letThingsHappen()
            running.isDone shouldBe false
            last.returns(null)
            running.end() shouldBe End.Value(null)
        }

        both("if all fail, any fails with the first failure and keeps every outcome") { door ->
            val (first, second, third) = List(3) { IOException("$it") }
            val pieces = List(3) { Piece<Int>() }
            val running = door.any(pieces, How(limit = 2, name = "mirrors"))
            pieces[0].started.soon()
            pieces[1].throws(first)
            pieces[2].started.soon() // so the first has been counted
            pieces[0].throws(second)
            pieces[2].throws(third)
            val end = running.end().shouldBeInstanceOf<End.Failed>()
            end.cause shouldBeSameInstanceAs first
            val thrown = end.thrown
            if (thrown is GatherException) {
                thrown.outcomes() shouldBe listOf(second, first, third).map { Outcome.Failure<Int>(it) }
                thrown.index() shouldBe 1
                thrown.message shouldBe
                    "gather mirrors failed: 0 of 3 succeeded where 1 had to; first task[1] of 3: $first"
            } else {
                thrown.suppressed.toList() shouldBe listOf(second, third)
            }
        }

        both("any of nothing fails and says so") { door ->
            val end = door.any(emptyList<Piece<Int>>()).end().shouldBeInstanceOf<End.Failed>()
            end.cause.shouldBeInstanceOf<NoSuchElementException>().message shouldBe "0 of 0 succeeded where 1 had to"
        }

        both("tasks that were queued when any was decided never start") { door ->
            val queued = List(3) { Piece<Int>() }
            door.any(listOf(value(1)) + queued, How(limit = 1)).end() shouldBe End.Value(1)
            queued.sumOf { it.timesRun } shouldBe 0
        }

        both("a cancelled any gives no value") { door ->
            val pieces = List(2) { Piece<Int>() }
            val running = door.any(pieces)
            pieces.forEach { it.started.soon() }
            running.cancel()
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            pieces.forEach { it.noticed.isDone shouldBe true }
        }

        // ---- atLeast

        both("atLeast gives the first successes in the order in which they come, with their positions") { door ->
            val pieces = List(4) { Piece<String>() }
            val running = door.atLeast(2, pieces, How(limit = 3))
            pieces[2].returns("c")
            pieces[3].started.soon() // so the first has been counted
            JavaDoor.letThingsHappen()
            running.isDone shouldBe false
            pieces[0].returns("a")
            val values = running.end().shouldBeInstanceOf<End.Value<*>>().value as List<*>
            values.map { it as Completed<*> }.map { it.index to it.outcome } shouldBe
                listOf(2L to Outcome.Success("c"), 0L to Outcome.Success("a"))
            listOf(pieces[1], pieces[3]).forEach { it.noticed.isDone shouldBe true }
        }

        both("atLeast fails as soon as too many have failed, and the others are cancelled") { door ->
            val error = IOException("first")
            val pieces = List(5) { Piece<Int>() }
            val running = door.atLeast(4, pieces, How(limit = 4))
            pieces.take(4).forEach { it.started.soon() }
            pieces[2].throws(error)
            pieces[4].started.soon() // so the first has been counted
            JavaDoor.letThingsHappen()
            running.isDone shouldBe false
            pieces[0].throws(IOException("second"))
            val end = running.end().shouldBeInstanceOf<End.Failed>()
            end.cause shouldBeSameInstanceAs error
            listOf(pieces[1], pieces[3], pieces[4]).forEach { it.noticed.isDone shouldBe true }
        }

        both("atLeast of too few fails, also if nobody knew how many there are") { door ->
            val known = door.atLeast(3, List(2) { value(it) }).end().shouldBeInstanceOf<End.Failed>()
            known.cause.shouldBeInstanceOf<NoSuchElementException>().message shouldContain
                "of 2 succeeded where 3 had to"
            val lazy = sequenceOf(value(1), value(2)).asIterable()
            val unknown = door.atLeastOf(3, lazy, How(limit = 1)).end().shouldBeInstanceOf<End.Failed>()
            unknown.cause.shouldBeInstanceOf<NoSuchElementException>().message shouldBe
                "2 of 2 succeeded where 3 had to"
        }

        both("atLeast reads an input without end only as far as it has to") { door ->
            val numbers = generateSequence(0) { it + 1 }.map { value(it) }.asIterable()
            val end = door.atLeastOf(5, numbers, How(limit = 2)).end().shouldBeInstanceOf<End.Value<*>>()
            (end.value as List<*>).size shouldBe 5
        }

        both("atLeast at the deadline fails with what there was") { door ->
            val forEver = Piece<Int>()
            val running = door.atLeast(2, listOf(value(1), forEver), How(timeout = SHORT, name = "quorum"))
            val cause = running.end().shouldBeInstanceOf<End.Failed>().cause
            val thrown = cause.shouldBeInstanceOf<GatherTimeoutException>()
            thrown.message shouldBe "gather quorum timed out after 250ms: 1/2 done; unfinished: task[1]"
            thrown.outcomes() shouldBe
                listOf(Outcome.Success(1), Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true))
        }

        both("exactly one decides where successes and the last failures come at the same time") { door ->
            repeat(500) {
                val tasks = List(8) { if (it % 2 == 0) value(it) else failure<Int>(IOException()) }
                val end = door.atLeast(4, tasks).end().shouldBeInstanceOf<End.Value<*>>()
                (end.value as List<*>).map { (it as Completed<*>).index } shouldContainExactlyInAnyOrder
                    listOf(0L, 2L, 4L, 6L)
            }
        }

        test("a task counts in all its places at once (Java)") {
            val (success, failure) = listOf(value(1).task(), failure<Int>(IOException()).task())
            val piece = Piece<Int>()
            val places = Gather.of(success, success, piece.task()).atLeast(2).soon()
            places.map { it.index } shouldBe listOf(0L, 1L)
            JavaRunning(Gather.of(failure, failure, Piece<Int>().task()).atLeast(2))
                .end()
                .shouldBeInstanceOf<End.Failed>()
        }

        test("a failure policy is not asked for (Java)") {
            val pending = CompletableFuture<Int>()
            val stages = listOf(CompletableFuture.failedFuture(IOException()), pending)
            JavaRunning(Gather.started(stages).onFailure(FailurePolicy.LEAVE_OTHERS).atLeast(2))
                .end()
                .shouldBeInstanceOf<End.Failed>()
            pending.isCancelled shouldBe true
        }

        test("atLeast needs a number that makes sense (both)") {
            shouldThrow<IllegalArgumentException> { Gather.of(value(1).task()).atLeast(0) }.message shouldBe
                "successes must be at least 1, but was 0"
            val kotlin = KotlinFirst.atLeast(0, listOf(value(1))).end().shouldBeInstanceOf<End.Failed>()
            kotlin.cause.message shouldBe "successes must be at least 1, but was 0"
        }

        // ---- one after another

        both("the next task starts as soon as the one before has failed, and not before") { door ->
            val pieces = List(3) { Piece<Int>() }
            val running = door.any(pieces, stagger = LONG)
            pieces[0].started.soon()
            JavaDoor.letThingsHappen()
            pieces[1].timesRun shouldBe 0
            pieces[0].throws(IOException())
            pieces[1].started.soon()
            JavaDoor.letThingsHappen()
            pieces[2].timesRun shouldBe 0
            pieces[1].returns(7)
            running.end() shouldBe End.Value(7)
            pieces[2].timesRun shouldBe 0
        }

        both("the next task starts beside one that takes too long") { door ->
            val pieces = List(3) { Piece<Int>() }
            val running = door.any(pieces, stagger = Duration.ofMillis(1))
            pieces.forEach { it.started.soon() }
            pieces[1].returns(1)
            running.end() shouldBe End.Value(1)
        }

        both("a cancel reaches a gather whose next task waits for its turn") { door ->
            val pieces = List(2) { Piece<Int>() }
            val running = door.any(pieces, stagger = LONG)
            pieces[0].started.soon()
            running.cancel()
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            pieces[1].timesRun shouldBe 0
        }

        both("a deadline reaches a gather whose next task waits for its turn") { door ->
            val pieces = List(2) { Piece<Int>() }
            val running = door.any(pieces, How(timeout = SHORT), stagger = LONG)
            running
                .end()
                .shouldBeInstanceOf<End.Failed>()
                .cause
                .shouldBeInstanceOf<GatherTimeoutException>()
            pieces[1].timesRun shouldBe 0
        }

        test("one after another on the calling thread, the first failure is the first, however many there are (both)") {
            val java =
                Gather
                    .each(0 until MANY) { i: Int -> throw IOException("$i") }
                    .executor(Runnable::run)
                    .stagger(LONG)
                    .any()
            JavaRunning(java)
                .end()
                .shouldBeInstanceOf<End.Failed>()
                .cause.message shouldBe "0"
            withContext(Dispatchers.Unconfined) {
                shouldThrow<IOException> {
                    (0 until MANY).gatherAny<Int, Int>(stagger = 30.seconds) { throw IOException("$it") }
                }.message shouldBe "0"
            }
        }

        test("what has failed already, or stands in two places, keeps no task waiting for its turn (Java)") {
            val failed = Task.started(CompletableFuture.failedFuture<Int>(IOException()))
            val failing = failure<Int>(IOException()).task()
            Gather
                .of(failed, failing, failing, value(1).task())
                .stagger(LONG)
                .any()
                .soon() shouldBe 1
        }

        test("starts are as far apart as they should be (Kotlin, in virtual time)") {
            runTest {
                val starts = mutableListOf<Long>()
                val winner =
                    listOf(0, 1, 2, 3).gatherAny(stagger = 250.milliseconds) {
                        starts += currentTime
                        if (it == 1) {
                            delay(100)
                            throw IOException()
                        }
                        if (it < 3) awaitCancellation()
                        it
                    }
                winner shouldBe 3
                starts shouldBe listOf(0L, 250L, 350L, 600L)
            }
        }
    })

/** More than fit on a stack. */
private const val MANY = 20_000
