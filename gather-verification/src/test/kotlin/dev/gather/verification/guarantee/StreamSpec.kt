package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.UNLIMITED
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import java.io.IOException
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/** Results as they come, through every way to take them. */
class StreamSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        fun every(
            name: String,
            body: suspend (StreamDoor) -> Unit,
        ) = StreamDoor.all.forEach { door -> test("$name ($door)") { body(door) } }

        fun Completed<*>.plain() = index to outcome

        every("results come in the order in which the tasks end") { door ->
            val pieces = List(3) { Piece<String>() }
            // A limit, since without one a publisher starts no more tasks than were requested.
            val reader = door.open(pieces, How(limit = 3)) { it }
            pieces[2].returns("c")
            reader.next()!!.plain() shouldBe (2L to Outcome.Success("c"))
            pieces[0].returns("a")
            reader.next()!!.plain() shouldBe (0L to Outcome.Success("a"))
            pieces[1].returns("b")
            reader.next()!!.plain() shouldBe (1L to Outcome.Success("b"))
            reader.next() shouldBe null
        }

        every("without any item there is only the end") { door ->
            door.open(emptyList<Piece<Int>>()) { it }.next() shouldBe null
            door.open(emptyList<Piece<Int>>().asIterable().asSequence().asIterable()) { it }.next() shouldBe null
        }

        every("nothing starts before the first result is asked for, and each run is a new one") { door ->
            val piece = value(1)
            val readers = List(2) { door.open(listOf(piece)) { it } }
            JavaDoor.letThingsHappen()
            piece.timesRun shouldBe 0
            readers.forEach { it.rest().map { result -> result.plain() } shouldBe listOf(0L to Outcome.Success(1)) }
            piece.timesRun shouldBe 2
        }

        every("a failure is a result like any other, and so is a task that cancels itself") { door ->
            val error = IOException()
            val pieces = listOf(failure(error), failure(CancellationException("own")), value<Int?>(null))
            val results = door.open(pieces, How(limit = 1)) { it }.rest()
            results.map { it.plain() } shouldBe
                listOf(
                    0L to Outcome.Failure<Int?>(error),
                    1L to Outcome.Cancelled<Int?>(CancelReason.TASK, true),
                    2L to Outcome.Success<Int?>(null),
                )
        }

        for (limit in listOf(1, 4)) {
            every("an input without end is read no further than the limit of $limit ahead of what is taken") { door ->
                val pulled = AtomicInteger()
                val input = generateSequence { pulled.incrementAndGet() }.asIterable()
                val reader = door.open(input, How(limit = limit)) { value(it) }
                for (taken in 1..1_000) {
                    reader.next()
                    pulled.get() shouldBeLessThanOrEqual taken + limit
                }
                JavaDoor.letThingsHappen()
                pulled.get() shouldBeLessThanOrEqual 1_000 + limit
                reader.close()
                val atClose = pulled.get()
                JavaDoor.letThingsHappen()
                pulled.get() shouldBe atClose
            }
        }

        every("tasks run ahead of a slow reader, up to the limit") { door ->
            val pieces = List(5) { Piece<Int>() }
            val reader = door.open(pieces, How(limit = 4)) { it }
            pieces[0].returns(0)
            reader.next()
            pieces.take(4).forEach { it.started.soon() }
            reader.close()
        }

        every("no more than the limit run at the same time, and all come through") { door ->
            for (limit in listOf(1, 3, 16)) {
                val gauge = Gauge()
                val reader = door.open(0 until 500, How(limit = limit)) { value(it).measuredBy(gauge) }
                reader.rest().map { it.index to it.getOrThrow() }.sortedBy { it.first } shouldBe
                    List(500) { it.toLong() to it }
                gauge.max shouldBeLessThanOrEqual limit
            }
        }

        every("who has enough cancels what is running, and what had not started never does") { door ->
            val running = List(3) { Piece<Int>() }
            val queued = Piece<Int>()
            val heard = Heard(total = 5)
            val reader = door.open(listOf(value(1)) + running + queued, How(limit = 3, listener = heard)) { it }
            reader.next()
            running.forEach { it.started.soon() }
            reader.close()
            running.forEach { it.noticed.soon() }
            running.forEach { it.ended.soon() }
            JavaDoor.letThingsHappen()
            queued.timesRun shouldBe 0
        }

        every("what has ended when an iterator throws comes before its exception") { door ->
            val error = IOException()
            val input = Iterable { iterator { yieldAll(listOf(1, 2)).also { throw error } } }
            val reader = door.open(input, How(limit = 1)) { value(it) }
            reader.next()!!.getOrThrow() shouldBe 1
            reader.next()!!.getOrThrow() shouldBe 2
            val thrown = shouldThrowAny { reader.next() }
            (if (thrown is GatherException) thrown.cause else thrown) shouldBeSameInstanceAs error
            (thrown as? GatherException)?.index() shouldBe (if (door is KotlinFlow) null else -1)
        }

        every("at the deadline what has not ended comes as cancelled, and then the end") { door ->
            val forEver = Piece<Int>()
            val queued = Piece<Int>()
            val reader = door.open(listOf(value(1), forEver, queued), How(limit = 1, timeout = SHORT)) { it }
            reader.rest().map { it.plain() } shouldBe
                listOf(
                    0L to Outcome.Success(1),
                    1L to Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true),
                    2L to Outcome.Cancelled<Int>(CancelReason.TIMEOUT, false),
                )
            forEver.isRunning shouldBe false
            queued.timesRun shouldBe 0
        }

        every("a deadline of zero starts nothing") { door ->
            val piece = value(1)
            door.open(List(1) { piece }, How(timeout = Duration.ZERO)) { it }.rest().map { it.plain() } shouldBe
                listOf(0L to Outcome.Cancelled<Int>(CancelReason.TIMEOUT, false))
            piece.timesRun shouldBe 0
        }

        every("a task that takes too long is a failure, and the others come through") { door ->
            val slow = Piece<Int>()
            val results = door.open(listOf(slow, value(2)), How(limit = 2, taskTimeout = SHORT)) { it }.rest()
            results.map { it.index } shouldBe listOf(1L, 0L)
            (results[1].outcome as Outcome.Failure).cause.message shouldBe "task[0] did not end within 250ms"
        }

        every("a listener hears of every task") { door ->
            val heard = Heard(total = 3)
            door.open(List(3) { value(it) }, How(limit = 2, listener = heard)) { it }.rest().size shouldBe 3
            heard.all.soon()
            heard.ends.map { it.first }.sorted() shouldBe listOf(0, 1, 2)
        }

        every("100,000 results that are there at once come through") { door ->
            val reader = door.open(0 until 100_000, How(limit = UNLIMITED)) { value(it) }
            reader.rest().sumOf { it.getOrThrow().toLong() } shouldBe 4_999_950_000L
        }
    })
