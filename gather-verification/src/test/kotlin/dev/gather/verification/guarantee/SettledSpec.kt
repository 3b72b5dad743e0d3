package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.Outcome
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.io.IOException
import java.util.concurrent.CancellationException

class SettledSpec :
    BothDoors({
        both("each slot says how its task ended, with the task's own exception") { door ->
            val cause = IOException("boom")
            val tasks = listOf(value("a"), failure(cause), failure(CancellationException("own")), value<String?>(null))
            val outcomes = (door.settled(tasks).end() as End.Value).value
            outcomes shouldBe
                listOf(
                    Outcome.Success("a"),
                    Outcome.Failure(cause),
                    Outcome.Cancelled(CancelReason.TASK, true),
                    Outcome.Success(null),
                )
            outcomes[1].shouldBeInstanceOf<Outcome.Failure<*>>().cause() shouldBeSameInstanceAs cause
        }

        both("a failure neither cancels the others nor keeps queued ones from starting") { door ->
            val cause = IOException("boom")
            val (a, b) = List(2) { Piece<Int>() }
            val running = door.settled(listOf(a, failure(cause), b, failure(cause), value(5)), How(limit = 2))
            a.started.soon()
            b.started.soon()
            b.returns(3)
            a.returns(1)
            val failed = Outcome.Failure<Int>(cause)
            running.end() shouldBe
                End.Value(listOf(Outcome.Success(1), failed, Outcome.Success(3), failed, Outcome.Success(5)))
            a.noticed.isDone shouldBe false
        }

        FailurePolicy.entries.forEach { policy ->
            both("every task may fail, whatever $policy would mean for them") { door ->
                val causes = List(3) { IOException("e$it") }
                val end = door.settled(causes.map { failure<Int>(it) }, How(onFailure = policy)).end()
                end shouldBe End.Value(causes.map { Outcome.Failure<Int>(it) })
            }
        }

        both("an ordinary error is a failure") { door ->
            val error = AssertionError("expected")
            door.settled(listOf(failure<Int>(error))).end() shouldBe End.Value(listOf(Outcome.Failure<Int>(error)))
        }

        both("the same for items") { door ->
            val cause = IOException("boom")
            val end = door
                .eachSettled(listOf(0, 1, 2), How(limit = 1)) {
                    if (it ==
                        1
                    ) {
                        failure(cause)
                    } else {
                        value(it)
                    }
                }.end()
            end shouldBe End.Value(listOf(Outcome.Success(0), Outcome.Failure(cause), Outcome.Success(2)))
        }
    })
