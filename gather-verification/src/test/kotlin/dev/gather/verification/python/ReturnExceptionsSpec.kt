package dev.gather.verification.python

import dev.gather.CancelReason
import dev.gather.Outcome
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.Piece
import dev.gather.verification.guarantee.soon
import dev.gather.verification.guarantee.value
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import java.util.concurrent.CompletableFuture

/** A36 to A41: failures are collected, and no policy is asked. */
class ReturnExceptionsSpec :
    PythonRules({
        everywhere("A36 it waits for all, and each failure stands in its slot, the same instance") { door, setting ->
            val (a, b, c, d) = List(4) { Piece<Int>() }
            val running = door.settled(listOf(a, b, c, d), setting.how())
            started(a, b, c, d)
            val (first, second) = List(2) { Boom("$it") }
            b.throws(first).ended.soon()
            d.throws(second).ended.soon()
            c.returns(3).ended.soon()
            a.isRunning shouldBe true
            a.noticed.isDone shouldBe false
            running.isDone shouldBe false
            a.returns(1)
            running.end() shouldBe
                End.Value(
                    listOf(
                        Outcome.Success(1),
                        Outcome.Failure<Int>(first),
                        Outcome.Success(3),
                        Outcome.Failure<Int>(second),
                    ),
                )
        }

        kotlin("A36 it waits for all, and each failure stands in its slot, the same instance") {
            val (first, second) = List(2) { Boom("$it") }
            settled(ok("a", 30), fail(first, 10), ok("b", 0), fail(second, 20)) shouldBe
                listOf(
                    Outcome.Success("a"),
                    Outcome.Failure<String>(first),
                    Outcome.Success("b"),
                    Outcome.Failure<String>(second),
                )
            now shouldBe 30
        }

        everywhere("A37 a cancelled task stands in its slot, and the rest is waited for") { door, setting ->
            val (cancelled, other) = List(2) { Piece<Int>() }
            val running = door.settled(listOf(cancelled, other), setting.how())
            started(cancelled, other)
            cancelled.throws(CancellationException("by itself")).ended.soon()
            other.isRunning shouldBe true
            other.returns(2)
            running.end() shouldBe
                End.Value(listOf(Outcome.Cancelled<Int>(CancelReason.TASK, true), Outcome.Success(2)))
        }

        everywhere("A38 a cancelled slot says why in a word, and holds no exception") { door, setting ->
            val pieces = List(2) { Piece<Int>().throws(CancellationException("message $it")) }
            val end = door.settled(pieces, setting.how()).end().shouldBeInstanceOf<End.Value<List<Outcome<Int>>>>()
            end.value[0] shouldBe end.value[1]
            end.value[0] shouldBe Outcome.Cancelled<Int>(CancelReason.TASK, true)
        }

        java("A39 a task in two slots fails in both with one instance") { setting ->
            val piece = Piece<Int>().throws(Boom("twice"))
            val task = Task.of { piece.block() }
            val outcomes =
                Gather
                    .of(task, task)
                    .onFailure(setting.policy)
                    .settled()
                    .soon()
            outcomes[0].cause() shouldBeSameInstanceAs outcomes[1].cause()
            piece.timesRun shouldBe 1

            val stage = CompletableFuture.failedFuture<Int>(Boom("stage"))
            val stages =
                Gather
                    .started(listOf(stage, stage))
                    .onFailure(setting.policy)
                    .settled()
                    .soon()
            stages[0].cause() shouldBeSameInstanceAs stages[1].cause()
        }

        kotlin("A39 a task in two slots fails in both with one instance") {
            val deferred = CompletableDeferred<Int>()
            val error = Boom("twice")
            deferred.completeExceptionally(error)
            listOf(deferred, deferred).gatherSettled().forEach { it.cause() shouldBeSameInstanceAs error }
        }

        everywhere("A40 every throwable is collected, but those of A32") { door, setting ->
            val throwables = listOf(object : Throwable() {}, AssertionError(), LinkageError(), Boom("exception"))
            val pieces = throwables.map { Piece<Int>().throws(it) } + value(1)
            door.settled(pieces, setting.how()).end() shouldBe
                End.Value(throwables.map { Outcome.Failure<Int>(it) } + Outcome.Success(1))
        }

        everywhere("A41 the result is typed, and the compiler knows every case") { door, setting ->
            val pieces = listOf(value(1), Piece<Int>().throws(Boom("x")), Piece<Int>().throws(CancellationException()))
            val end = door.settled(pieces, setting.how()).end().shouldBeInstanceOf<End.Value<List<Outcome<Int>>>>()
            end.value.map(::describe) shouldBe listOf("1", "x", "TASK")
        }
    })

private fun Outcome<*>.cause(): Throwable = shouldBeInstanceOf<Outcome.Failure<*>>().cause

/** No else branch: it would not compile if there were a fourth case. */
private fun describe(outcome: Outcome<Int>): String =
    when (outcome) {
        is Outcome.Success -> "${outcome.value}"
        is Outcome.Failure -> "${outcome.cause.message}"
        is Outcome.Cancelled -> "${outcome.reason}"
    }
