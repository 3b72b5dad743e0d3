package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CountDownLatch
import kotlin.coroutines.cancellation.CancellationException

class FailureSpec :
    BothDoors({
        both("with AWAIT_OTHERS no later failure is lost") { door ->
            val (e0, e1, e2) = List(3) { IOException("e$it") }
            val tasks = listOf(failure<Int>(e0), value(1), failure(e1), failure(e2))
            val end = door.all(tasks, How(limit = 1, onFailure = FailurePolicy.AWAIT_OTHERS)).end()
            end.shouldBeInstanceOf<End.Failed>()
            end.cause shouldBeSameInstanceAs e0
            end.otherFailures() shouldBe listOf(e1, e2)
        }

        both("a task that fails with its own exception when it is cancelled is not lost") { door ->
            val (e0, e1, e2) = List(3) { IOException("e$it") }
            val (a, b, c) = List(3) { Piece<Int>() }
            a.failingCleanup(e0)
            c.failingCleanup(e2)
            val running = door.all(listOf(a, b, c))
            listOf(a, b, c).forEach { it.started.soon() }
            b.throws(e1)
            val end = running.end()
            end.shouldBeInstanceOf<End.Failed>()
            end.cause shouldBeSameInstanceAs e1
            end.otherFailures() shouldContainExactlyInAnyOrder listOf(e0, e2)
        }

        both("it is not lost either where every task has a time limit") { door ->
            val (e0, e1) = List(2) { IOException("e$it") }
            val (a, b) = List(2) { Piece<Int>() }
            a.failingCleanup(e0)
            val running = door.all(listOf(a, b), How(taskTimeout = LONG))
            listOf(a, b).forEach { it.started.soon() }
            b.throws(e1)
            val end = running.end()
            end.shouldBeInstanceOf<End.Failed>()
            end.cause shouldBeSameInstanceAs e1
            end.otherFailures() shouldBe listOf(e0)
        }

        both("one instance thrown by two tasks") { door ->
            val same = IOException("same")
            val tasks = listOf(failure<Int>(same), failure(same))
            val end = door.all(tasks, How(limit = 1, onFailure = FailurePolicy.AWAIT_OTHERS)).end()
            end.shouldBeInstanceOf<End.Failed>()
            end.cause shouldBeSameInstanceAs same
            same.suppressed.toList().shouldBeEmpty()
            door.settled(tasks).end() shouldBe End.Value(List(2) { Outcome.Failure<Int>(same) })
        }

        both("an exception that refuses to have others suppressed") { door ->
            val closed = NoSuppression()
            val tasks = listOf(failure<Int>(closed), failure(IOException("other")))
            val end = door.all(tasks, How(limit = 1, onFailure = FailurePolicy.AWAIT_OTHERS)).end()
            end.shouldBeInstanceOf<End.Failed>()
            end.cause shouldBeSameInstanceAs closed
        }

        both("exceptions whose causes run in a circle") { door ->
            val (e0, e1) = List(2) { IllegalStateException("e$it") }
            e0.initCause(e1)
            e1.initCause(e0)
            val (a, b) = List(2) { Piece<Int>() }
            a.failingCleanup(e0)
            val running = door.all(listOf(a, b))
            listOf(a, b).forEach { it.started.soon() }
            b.throws(e1)
            val end = running.end()
            end.shouldBeInstanceOf<End.Failed>()
            end.cause shouldBeSameInstanceAs e1
            end.otherFailures() shouldBe listOf(e0)
        }

        test("a stage that fails with wrappers whose causes run in a circle (Java)") {
            val inner = Wrapper()
            val outer = CompletionException(inner).also(inner::initCause)
            val end = JavaRunning(Gather.started(listOf(CompletableFuture.failedFuture<Int>(outer))).all()).end()
            end.shouldBeInstanceOf<End.Failed>().cause.shouldBeInstanceOf<CompletionException>()
        }

        both("the exceptions of users that fail again and again do not grow") { door ->
            val (e0, e1) = List(2) { IOException("e$it") }
            val tasks = listOf(failure<Int>(e0), failure(e1))
            repeat(3) { door.all(tasks, How(limit = 1, onFailure = FailurePolicy.AWAIT_OTHERS)).end() }
            e0.suppressed.size shouldBe if (door === JavaDoor) 0 else 1
            e1.suppressed.size shouldBe 0
        }

        test("the exception knows how every task ended, by index (Java)") {
            val cause = IOException("disk full")
            val cleanup = IOException("cleanup")
            val (running, failing, breaking) = List(3) { Piece<String>() }
            breaking.failingCleanup(cleanup)
            val tasks =
                listOf(
                    Task.started(CompletableFuture.completedFuture("a")),
                    running.task(),
                    failing.task().named("write"),
                    breaking.task(),
                    value("never").task(),
                )
            val future = Gather
                .of(tasks)
                .limit(3)
                .name("copy")
                .all()
            listOf(running, failing, breaking).forEach { it.started.soon() }
            failing.throws(cause)
            val thrown = shouldThrow<GatherException> { future.orStuck().join() }
            thrown.message shouldBe "gather copy failed: task[2] write of 5: java.io.IOException: disk full"
            thrown.index() shouldBe 2
            thrown.taskName() shouldBe "write"
            thrown.cause shouldBeSameInstanceAs cause
            thrown.outcomes() shouldBe
                listOf(
                    Outcome.Success("a"),
                    Outcome.Cancelled<String>(CancelReason.OTHER_FAILED, true),
                    Outcome.Failure<String>(cause),
                    Outcome.Failure<String>(cleanup),
                    Outcome.Cancelled<String>(CancelReason.OTHER_FAILED, false),
                )
            shouldThrow<UnsupportedOperationException> { (thrown.outcomes() as MutableList).clear() }
        }

        test("a listener does not change what the exception knows (Java)") {
            val done = CompletableFuture.completedFuture("a")
            val again = value("b").task()
            val failing = failure<String>(IOException("boom")).task()
            val tasks = listOf(again, failing, value("never").task(), Task.started(done), again)
            val recorder = Recorder()
            val thrown =
                shouldThrow<GatherException> {
                    Gather
                        .of(tasks)
                        .limit(1)
                        .listener(recorder)
                        .all()
                        .orStuck()
                        .join()
                }
            thrown.outcomes()[3] shouldBe Outcome.Success("a")
            thrown.outcomes()[4] shouldBe Outcome.Success("b")
            recorder.events.filter { it.startsWith("end") } shouldContainExactlyInAnyOrder List(5) { "end[$it]" }
        }

        test("no exception of a user is touched (Java)") {
            val (e0, e1) = List(2) { IOException("e$it") }
            val tasks = listOf(failure<Int>(e0), failure(e1))
            val how = How(limit = 1, onFailure = FailurePolicy.AWAIT_OTHERS)
            val end = JavaDoor.all(tasks, how).end() as End.Failed
            end.thrown.shouldBeInstanceOf<GatherException>().outcomes() shouldHaveSize 2
            for (error in listOf(e0, e1)) {
                error.suppressed.toList().shouldBeEmpty()
                error.cause shouldBe null
            }
        }

        test("the message of a gather without names (Java)") {
            val end = JavaDoor.all(listOf(value(1), failure(IOException("boom"))), How(limit = 1)).end() as End.Failed
            end.thrown.message shouldBe "gather failed: task[1] of 2: java.io.IOException: boom"
        }

        test("the message counts only what is known to be there (Java)") {
            val lazy = Iterable { iterator { yieldAll(0..4) } }
            val gather = Gather.each(lazy) { i: Int -> if (i == 3) throw IOException("boom") else i }.limit(1)
            val end = JavaRunning(gather.all()).end() as End.Failed
            end.thrown.message shouldBe "gather failed: task[3]: java.io.IOException: boom"
            val late = Gather.each(lazy) { i: Int -> if (i == 3) CountDownLatch(1).await() else i }.limit(1)
            val timedOut = JavaRunning(late.timeout(SHORT).all()).end() as End.Failed
            timedOut.thrown.message shouldBe "gather timed out after 250ms: 3 done; unfinished: task[3]"
        }

        test("the message counts only what is known to be there (Kotlin)") {
            val cancelled: suspend (Int) -> Int = { if (it == 3) throw CancellationException("boom") else it }
            val cause = "java.util.concurrent.CancellationException: boom"
            val calls: Map<String, suspend () -> Any?> =
                mapOf(
                    "task[3]: $cause" to
                        { Iterable { iterator { yieldAll(0..4) } }.gather(limit = 1, body = cancelled) },
                    "task[3] of 5: $cause" to { (0..4).toList().gather(limit = 1, body = cancelled) },
                    "task[3]: $cause " to { (0..4).asFlow().gather(limit = 1, body = cancelled).toList() },
                )
            for ((message, call) in calls) {
                shouldThrow<GatherException> { runBlocking { call() } }.message shouldBe
                    "gather failed: ${message.trim()}"
            }
        }
    })

private class Wrapper : CompletionException("wrapper")

private class NoSuppression : RuntimeException("closed", null, false, false)

/** The failures besides the first, wherever a door keeps them. */
private fun End.Failed.otherFailures(): List<Throwable> {
    val thrown = thrown as? GatherException ?: return thrown.suppressed.toList()
    return thrown.outcomes().mapNotNull { (it as? Outcome.Failure)?.cause }.filter { it !== cause }
}
