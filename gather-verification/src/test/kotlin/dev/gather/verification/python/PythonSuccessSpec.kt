package dev.gather.verification.python

import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.Piece
import dev.gather.verification.guarantee.soon
import dev.gather.verification.guarantee.value
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger

/** A19 to A23: when it is done, and with what. */
class PythonSuccessSpec :
    PythonRules({
        java("A19 it is done when the last distinct task is, and tells it once") { setting ->
            val (p, q, r) = List(3) { CompletableFuture<Int>() }
            val future = Gather.started(listOf(p, q, p, r)).onFailure(setting.policy).all()
            val told = AtomicInteger()
            future.whenComplete { _, _ -> told.incrementAndGet() }
            q.complete(2)
            p.complete(1)
            future.isDone shouldBe false
            told.get() shouldBe 0
            r.complete(3)
            future.isDone shouldBe true
            told.get() shouldBe 1
            future.soon() shouldBe listOf(1, 2, 1, 3)
        }

        kotlin("A19 it is done when the last distinct task is, and tells it once") {
            val (p, q, r) = List(3) { CompletableDeferred<Int>() }
            val call = start { all(listOf(p, q, p, r)) }
            q.complete(2)
            p.complete(1)
            letRun()
            call.endedAt shouldBe null
            r.complete(3)
            letRun()
            call.value shouldBe listOf(1, 2, 1, 3)
        }

        everywhere("A20 the list cannot be changed") { door, setting ->
            val end = door.all(listOf(value(1), value(2)), setting.how()).end() as End.Value
            val list = end.value as MutableList<Int>
            shouldThrow<UnsupportedOperationException> { list.add(9) }
            shouldThrow<UnsupportedOperationException> { list[0] = 9 }
            list shouldBe listOf(1, 2)
        }

        java("A21 everybody who waits gets the same list, or the same failure") { setting ->
            val good = Gather.of(Callable { 1 }).onFailure(setting.policy).all()
            good.soon() shouldBeSameInstanceAs good.soon()

            val bad = Gather.of(Callable<Int> { throw Boom("bad") }).onFailure(setting.policy).all()
            bad.terminated().soon()
            val first = shouldThrow<GatherException> { bad.join() }
            val frames = first.stackTrace.size
            val others = List(2) { CompletableFuture<Throwable>() }
            others.forEach { other -> Thread { other.complete(runCatching { bad.join() }.exceptionOrNull()) }.start() }
            others.forEach { it.soon() shouldBeSameInstanceAs first }
            first.stackTrace.size shouldBe frames
        }

        java("A22 inputs that are done already complete it before the call returns") { setting ->
            val done = List(3) { CompletableFuture.completedFuture(it) }
            Gather
                .started(done)
                .onFailure(setting.policy)
                .all()
                .isDone shouldBe true
        }

        kotlin("A22 inputs that are done already complete it before the call returns") {
            val done = List(3) { CompletableDeferred(it) }
            val call = start { all(done) }
            call.value shouldBe listOf(0, 1, 2) // it has not given up the thread
        }

        everywhere(
            "A23 an exception that is returned is a value, and can be told from one that is thrown",
        ) { door, setting ->
            val returned = Boom("returned")
            val thrown = Boom("thrown")
            door.all(listOf(value(returned)), setting.how()).end() shouldBe End.Value(listOf(returned))
            val pieces = listOf<Piece<Throwable>>(value(returned), Piece<Throwable>().throws(thrown))
            door.settled(pieces, setting.how()).end() shouldBe
                End.Value(listOf(Outcome.Success(returned), Outcome.Failure<Throwable>(thrown)))
        }

        java("A23 an exception that is returned is a value, and can be told from one that is thrown") { setting ->
            val returned = Boom("returned")
            val stage = CompletableFuture.completedFuture(returned)
            Gather
                .of(Task.started(stage))
                .onFailure(setting.policy)
                .all()
                .soon() shouldBe listOf(returned)
        }
    })
