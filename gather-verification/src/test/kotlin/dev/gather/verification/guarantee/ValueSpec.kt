package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.yield
import java.io.IOException
import kotlin.time.Duration.Companion.hours

class ValueSpec :
    BothDoors({
        val returned =
            mapOf(
                "an exception" to IOException(),
                "an error" to AssertionError(),
                "an error of the JVM" to OutOfMemoryError(),
                "a CancellationException" to CancellationException("just a value"),
                "an InterruptedException" to InterruptedException(),
                "an outcome that is a failure" to Outcome.Failure<Int>(IOException()),
                "an outcome that is cancelled" to Outcome.Cancelled<Int>(CancelReason.GATHER, false),
                "an empty list" to emptyList<Int>(),
                "Unit" to Unit,
            )
        for ((what, value) in returned) {
            every("$what that is returned is a value") { door ->
                val list = (door.all(listOf(value(value), value(1))).end() as End.Value).value
                list[0] shouldBeSameInstanceAs value
                list[1] shouldBe 1
            }

            every("$what that is returned is a Success") { door ->
                val list = (door.settled(listOf(value(value), value(1))).end() as End.Value).value
                (list[0] as Outcome.Success).value shouldBeSameInstanceAs value
                list[0].getOrThrow() shouldBeSameInstanceAs value
            }
        }

        every("an exception that is returned stops nobody") { door ->
            val pieces = listOf(Piece<Any>(), Piece(), Piece())
            val running = door.all(pieces, How(limit = 2))
            pieces[0].returns(IOException())
            pieces[2].started.soon()
            pieces[1].noticed.isDone shouldBe false
            pieces[1].returns(1)
            pieces[2].returns(2)
            (running.end() as End.Value).value.drop(1) shouldBe listOf(1, 2)
        }

        both("an exception that a deferred or a stage holds as its value is a value") { door ->
            val error = IOException()
            val list = (door.started(listOf(Handle<Any>().returns(error))).end() as End.Value).value
            list.single() shouldBeSameInstanceAs error
        }

        test("combine finds an exception that was returned (Java)") {
            val error = IOException()
            val task = Task.of { error }
            Gather.of(task).combine { it.get(task) }.soon() shouldBeSameInstanceAs error
        }

        test("a Result that failed is a value, from a body that suspends and one that does not (Kotlin)") {
            val failure = Result.failure<Int>(IOException())
            val atOnce: suspend () -> Result<Int> = { failure }
            val later: suspend () -> Result<Int> = {
                yield()
                failure
            }
            for (limit in listOf(1, 2)) {
                gather(atOnce, later, limit = limit) shouldBe listOf(failure, failure)
                gather(atOnce, later, limit = limit, taskTimeout = 1.hours) shouldBe listOf(failure, failure)
                gatherSettled(atOnce, later, limit = limit) shouldBe List(2) { Outcome.Success(failure) }
            }
        }
    })
