package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture

class FatalSpec :
    BothDoors({
        @Suppress("DEPRECATION") // still thrown on 17
        fun fatalErrors() =
            listOf(OutOfMemoryError("test"), InternalError("test"), ThreadDeath())

        FailurePolicy.entries.forEach { policy ->
            both("a fatal error fails all and cancels the others, with $policy") { door ->
                for (fatal in fatalErrors()) {
                    val (a, b) = List(2) { Piece<Int>() }
                    val running = door.all(listOf(a, b), How(onFailure = policy))
                    a.started.soon()
                    b.started.soon()
                    a.throws(fatal)
                    running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs fatal
                    b.noticed.soon()
                }
            }
        }

        both("a fatal error fails settled and cancels the others") { door ->
            for (fatal in fatalErrors()) {
                val (a, b) = List(2) { Piece<Int>() }
                val queued = value(3)
                val running = door.settled(listOf(a, b, queued), How(limit = 2))
                a.started.soon()
                b.started.soon()
                a.throws(fatal)
                running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs fatal
                b.noticed.isDone shouldBe true
                queued.timesRun shouldBe 0
            }
        }

        both("a fatal error is no outcome") { door ->
            val fatal = OutOfMemoryError("test")
            val recorder = Recorder()
            door.settled(listOf(failure<Int>(fatal)), How(listener = recorder)).end()
            recorder.end(0).soon().shouldBeInstanceOf<Outcome.Cancelled<*>>()
        }

        both("a fatal error after another failure wins") { door ->
            val fatal = OutOfMemoryError("test")
            val tasks = listOf(failure<Int>(IOException("first")), failure(fatal), value(2))
            val end = door.all(tasks, How(limit = 1, onFailure = FailurePolicy.AWAIT_OTHERS)).end()
            end.shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs fatal
        }

        both("a fatal error of a task that another failure cancels wins") { door ->
            val fatal = OutOfMemoryError("test")
            val (a, b) = List(2) { Piece<Int>() }
            a.failingCleanup(fatal)
            val running = door.all(listOf(a, b))
            a.started.soon()
            b.started.soon()
            b.throws(IOException("first"))
            running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs fatal
        }

        both("a fatal error of a task that the deadline cancels wins, settled or not") { door ->
            for (start in listOf<(List<Piece<Int>>, How) -> Running<*>>(door::all, door::settled)) {
                val fatal = OutOfMemoryError("test")
                val running = start(listOf(Piece<Int>().failingCleanup(fatal)), How(timeout = SHORT))
                running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs fatal
            }
        }

        both("a fatal error of a task that its own deadline cancels wins, settled or not") { door ->
            for (start in listOf<(List<Piece<Int>>, How) -> Running<*>>(door::all, door::settled)) {
                val fatal = OutOfMemoryError("test")
                val running = start(listOf(Piece<Int>().failingCleanup(fatal)), How(taskTimeout = SHORT))
                running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs fatal
            }
        }

        both("a fatal error of a task that was left running reaches the listener") { door ->
            val fatal = OutOfMemoryError("test")
            val recorder = Recorder()
            val (a, b) = List(2) { Piece<Int>() }
            val how = How(onFailure = FailurePolicy.LEAVE_OTHERS, listener = recorder)
            val running = door.all(listOf(a, b), how)
            a.started.soon()
            b.started.soon()
            b.throws(IOException("first"))
            running.end().shouldBeInstanceOf<End.Failed>()
            a.throws(fatal)
            recorder.firstDropped.soon() shouldBeSameInstanceAs fatal
        }

        test("a fatal error of a task of a cancelled gather reaches the listener (Java)") {
            val fatal = OutOfMemoryError("test")
            val recorder = Recorder()
            val a = Piece<Int>().failingCleanup(fatal)
            val future = Gather.of(a.task()).listener(recorder).all()
            a.started.soon()
            future.cancel(true)
            future.terminated().soon()
            recorder.dropped.toList() shouldContain fatal
        }

        test("a stage that fails with a fatal error (Java)") {
            val fatal = OutOfMemoryError("test")
            val end = JavaRunning(Gather.started(listOf(CompletableFuture.failedFuture<Int>(fatal))).settled()).end()
            end.shouldBeInstanceOf<End.Failed>().thrown.shouldBeInstanceOf<GatherException>()
            end.cause shouldBeSameInstanceAs fatal
        }

        both("other errors are failures") { door ->
            for (error in listOf(
                AssertionError("test"),
                StackOverflowError("test"),
                NoClassDefFoundError("test"),
                ExceptionInInitializerError("test"),
            )) {
                door.settled(listOf(failure<Int>(error))).end() shouldBe End.Value(listOf(Outcome.Failure<Int>(error)))
                val end = door.all(listOf(failure<Int>(error))).end()
                end.shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
            }
        }

        test("a stack that overflows in a body is a failure of that task (Java)") {
            val settled = Gather.of(Callable { depth() }, Callable { 1 }).settled().soon()
            settled[0].shouldBeInstanceOf<Outcome.Failure<Int>>().cause.shouldBeInstanceOf<StackOverflowError>()
            settled[1] shouldBe Outcome.Success(1)
        }

        test("a stack that overflows in a body is a failure of that task (Kotlin)") {
            val settled = runBlocking { gatherSettled({ depth() }, { 1 }) }
            settled[0].shouldBeInstanceOf<Outcome.Failure<Int>>().cause.shouldBeInstanceOf<StackOverflowError>()
            settled[1] shouldBe Outcome.Success(1)
        }
    })

private fun depth(): Int = depth() + 1
