package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.runTest
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

class FirstFailureSpec :
    BothDoors({
        every("the first failure in time wins, whatever its place, as the same instance") { door ->
            for (first in 0..2) {
                val error = IOException("$first")
                val pieces = List(3) { Piece<Int>() }
                val running = door.all(pieces)
                pieces.forEach { it.started.soon() }
                pieces[first].throws(error)
                (running.end() as End.Failed).cause shouldBeSameInstanceAs error
            }
        }

        for (policy in FailurePolicy.entries) {
            every("with $policy a second failure, when the first has been decided, does not win") { door ->
                val errors = List(3) { IOException("$it") }
                val pieces = List(3) { Piece<Int>().ignoringCancel() }
                val witness = Piece<Int>()
                val limit = if (policy == FailurePolicy.AWAIT_OTHERS) 3 else 4
                val running = door.all(pieces + witness, How(limit = limit, onFailure = policy))
                pieces.forEach { it.started.soon() }
                if (limit == 4) witness.started.soon()
                pieces[1].throws(errors[1])
                when (policy) {
                    FailurePolicy.CANCEL_OTHERS -> witness.noticed.soon()
                    FailurePolicy.AWAIT_OTHERS -> witness.started.soon()
                    FailurePolicy.LEAVE_OTHERS -> running.end()
                }
                witness.returns(3)
                pieces[0].throws(errors[0])
                pieces[2].throws(errors[2])
                (running.end() as End.Failed).cause shouldBeSameInstanceAs errors[1]
            }
        }

        for (policy in FailurePolicy.entries) {
            every("with $policy exactly one of those that fail together wins, as the same instance") { door ->
                val together = Executors.newFixedThreadPool(4)
                val barrier = CyclicBarrier(4)
                val winners = ArrayList<Int>()
                repeat(500) {
                    val errors = List(4) { IOException("$it") }
                    val pieces = List(4) { Piece<Int>().ignoringCancel() }
                    val running = door.all(pieces, How(onFailure = policy))
                    pieces.forEach { it.started.soon() }
                    pieces.forEachIndexed { i, piece ->
                        together.execute {
                            barrier.await(SECONDS, TimeUnit.SECONDS)
                            piece.throws(errors[i])
                        }
                    }
                    val end = running.end() as End.Failed
                    val winner = errors.indexOfFirst { it === end.cause }
                    winners += winner
                    errors.indices shouldContain winner
                    (end.thrown as? GatherException)?.let {
                        it.index() shouldBe winner
                        (it.outcomes()[winner] as Outcome.Failure).cause shouldBeSameInstanceAs end.cause
                    }
                    // Once: whoever asks again hears of the same.
                    (running.end() as End.Failed).cause shouldBeSameInstanceAs end.cause
                }
                together.shutdown()
            }
        }

        every("a failure beside values wins") { door ->
            val error = IOException()
            val pieces = listOf(value(1), failure(error), value(3))
            (door.all(pieces, How(onFailure = FailurePolicy.AWAIT_OTHERS)).end() as End.Failed)
                .cause shouldBeSameInstanceAs error
        }

        every("an Error that is not the JVM's own is a failure like any other") { door ->
            for (error in listOf(AssertionError(), LinkageError(), Error(), Throwable())) {
                (door.all(listOf(failure<Int>(error))).end() as End.Failed).cause shouldBeSameInstanceAs error
            }
        }

        test("the future fails once: its dependents are told once (Java)") {
            val error = IOException()
            val told = AtomicInteger()
            val pieces = List(8) { Piece<Int>() }
            val future = Gather.of(pieces.map { piece -> Task.of { piece.block() } }).all()
            val watched = future.whenComplete { _, _ -> told.incrementAndGet() }
            pieces.forEach { it.throws(error) }
            shouldThrow<ExecutionException> { watched.soon() }
            future.terminated().soon()
            JavaDoor.letThingsHappen()
            told.get() shouldBe 1
        }

        test("join, get and every dependent give the task's own exception as the cause (Java)") {
            val error = IOException()
            val future = Gather.of(Task.of<Int> { throw error }).all()
            shouldThrow<ExecutionException> { future.soon() }.cause shouldBeSameInstanceAs error
            val thrown = shouldThrow<GatherException> { future.join() }
            thrown.cause shouldBeSameInstanceAs error
            thrown.index() shouldBe 0
            shouldThrow<CompletionException> { future.thenApply { it }.join() }.let {
                (it as? GatherException ?: it.cause)!!.let { e -> if (e is GatherException) e.cause else e }
            } shouldBeSameInstanceAs error
            future.handle { _, e -> e }.soon() shouldBeSameInstanceAs thrown
        }

        for (wrapped in listOf(false, true)) {
            val how = if (wrapped) "wrapped by a stage before it" else "as it is"
            test("a stage that failed gives its own exception, $how (Java)") {
                val error = IOException()
                val source = CompletableFuture.failedFuture<Int>(error)
                val stage = if (wrapped) source.thenApply { it }.thenApply { it } else source
                for (task in listOf(Task.started(stage), Task.async { stage })) {
                    val end = JavaRunning(Gather.of(task).all()).end() as End.Failed
                    end.cause shouldBeSameInstanceAs error
                }
            }
        }

        test("a body that throws a CompletionException fails with that (Java)") {
            val error = CompletionException(IOException())
            (JavaRunning(Gather.of(Task.of<Int> { throw error }).all()).end() as End.Failed)
                .cause shouldBeSameInstanceAs error
        }

        test("a supplier of a stage that throws fails its task (Java)") {
            val error = IllegalStateException()
            (JavaRunning(Gather.of(Task.async<Int> { throw error }).all()).end() as End.Failed)
                .cause shouldBeSameInstanceAs error
        }

        test("the caller catches the exception itself, after a suspension too (Kotlin)") {
            runTest {
                val error = IOException()
                val caught =
                    shouldThrow<IOException> {
                        gather(
                            {
                                delay(2.seconds)
                                throw IOException("too late")
                            },
                            {
                                delay(1.seconds)
                                throw error
                            },
                            { delay(3.seconds) },
                        )
                    }
                caught shouldBeSameInstanceAs error
                testScheduler.currentTime shouldBe 1_000
            }
        }
    })
