package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage

/** One piece for each kind of work that Java has; they can be mixed freely. */
private class JavaKinds {
    val callable = Piece<Any>("callable")
    val supplier = Piece<Any>("supplier of a stage")
    val running = CompletableFuture<Any>()
    val nested = Piece<Any>("gather within a supplier")
    val outer = Piece<Any>("gather that is running")
    val outerGather = Gather.of(Task.of { outer.block() }).all()

    val tasks: List<Task<Any>> =
        listOf(
            Task.of { callable.block() },
            Task.async { supplier.stage() },
            Task.started(running),
            Task.async { Gather.of(Task.of { nested.block() }).all().thenApply { it.single() } },
            Task.started(outerGather.thenApply { it.single() }),
        )
    val pieces = listOf(callable, supplier, nested, outer)

    fun awaitStarted() = pieces.forEach { it.started.soon() }
}

/** And for each kind that Kotlin has. */
private class KotlinKinds {
    val suspending = Piece<Any>("suspending body")
    val blocking = Piece<Any>("blocking body")
    val deferred = CompletableDeferred<Any>()
    val stage = CompletableFuture<Any>()
    val nested = Piece<Any>("gather within a body")
    val pieces = listOf(suspending, blocking, nested)

    val tasks: Array<suspend () -> Any> =
        arrayOf(
            { suspending.suspending() },
            { runInterruptible(Dispatchers.IO) { blocking.block() } },
            { deferred.await() },
            { stage.await() },
            { gather({ nested.suspending() }).single() },
        )

    fun awaitStarted() = pieces.forEach { it.started.soon() }
}

private suspend fun <T> levels(
    depth: Int,
    body: suspend () -> T,
): Any? = if (depth == 0) gather(body) else gather({ levels(depth - 1, body) })

class MixedKindsSpec :
    BothDoors({
        test("callables, suppliers of stages, running stages and gathers mix, in input order (Java)") {
            val kinds = JavaKinds()
            val future = Gather.of(kinds.tasks).all()
            kinds.awaitStarted()
            kinds.outer.returns("outer")
            kinds.nested.returns("nested")
            kinds.running.complete("running")
            kinds.supplier.returns("supplier")
            kinds.callable.returns("callable")
            future.soon() shouldBe listOf("callable", "supplier", "running", "nested", "outer")
        }

        test("bodies, deferreds, stages, blocking calls and gathers mix, in input order (Kotlin)") {
            val kinds = KotlinKinds()
            val running = KotlinDoor.start { gather(*kinds.tasks) }
            kinds.awaitStarted()
            kinds.nested.returns("nested")
            kinds.stage.complete("stage")
            kinds.deferred.complete("deferred")
            kinds.blocking.returns("blocking")
            kinds.suspending.returns("suspending")
            running.end() shouldBe End.Value(listOf("suspending", "blocking", "deferred", "stage", "nested"))
        }

        test("with a limit of 1 every kind makes room for the next (Java)") {
            val kinds = JavaKinds()
            val future = Gather.of(kinds.tasks).limit(1).all()
            kinds.pieces.forEach { it.returns("$it") }
            kinds.running.complete("running")
            future.soon().size shouldBe 5
        }

        for (failing in listOf("callable", "supplier of a stage", "running", "nested", "outer")) {
            test("when the $failing fails, every other kind is cancelled and has ended (Java)") {
                val error = IOException()
                val kinds = JavaKinds()
                val future = Gather.of(kinds.tasks).all()
                kinds.awaitStarted()
                when (failing) {
                    "callable" -> kinds.callable.throws(error)
                    "supplier of a stage" -> kinds.supplier.throws(error)
                    "running" -> kinds.running.completeExceptionally(error)
                    "nested" -> kinds.nested.throws(error)
                    else -> kinds.outer.throws(error)
                }
                (JavaRunning(future).end() as End.Failed).cause shouldBeSameInstanceAs error
                kinds.pieces.count { it.isRunning } shouldBe 0
                kinds.running.isDone shouldBe true
                kinds.outerGather.isDone shouldBe true
                val outcomes = shouldThrow<GatherException> { future.join() }.outcomes()
                outcomes.count { it is Outcome.Failure } shouldBe 1
                outcomes.count { it == Outcome.Cancelled<Any>(CancelReason.OTHER_FAILED, true) } shouldBe 4
            }
        }

        test("a cancel reaches every kind (Java)") {
            val kinds = JavaKinds()
            val future = Gather.of(kinds.tasks).all()
            kinds.awaitStarted()
            future.cancel(true)
            kinds.pieces.forEach { it.noticed.soon() }
            kinds.running.isCancelled shouldBe true
            kinds.outerGather.isCancelled shouldBe true
            future.terminated().soon()
            kinds.pieces.count { it.isRunning } shouldBe 0
        }

        for (failing in listOf("suspending", "blocking", "deferred", "stage", "nested")) {
            test("when the $failing one fails, every other kind is cancelled and has ended (Kotlin)") {
                val error = IOException()
                val kinds = KotlinKinds()
                val running = KotlinDoor.start { gather(*kinds.tasks) }
                kinds.awaitStarted()
                when (failing) {
                    "suspending" -> kinds.suspending.throws(error)
                    "blocking" -> kinds.blocking.throws(error)
                    "deferred" -> kinds.deferred.completeExceptionally(error)
                    "stage" -> kinds.stage.completeExceptionally(error)
                    else -> kinds.nested.throws(error)
                }
                val cause = (running.end() as End.Failed).cause
                // await() and runInterruptible are not ours: they may throw a copy, whose cause is the original.
                if (cause !== error) cause.cause shouldBeSameInstanceAs error
                kinds.pieces.count { it.isRunning } shouldBe 0
            }
        }

        test("a cancel reaches every kind (Kotlin)") {
            val kinds = KotlinKinds()
            val running = KotlinDoor.start { gather(*kinds.tasks) }
            kinds.awaitStarted()
            running.cancel()
            kinds.pieces.forEach { it.noticed.soon() }
            running.end() shouldBe End.Cancelled
            kinds.pieces.count { it.isRunning } shouldBe 0
            kinds.stage.isCancelled shouldBe true // so does await
        }

        test("deferreds of one scope are gathered as they are (Kotlin)") {
            coroutineScope {
                listOf(async { 1 }, async(Dispatchers.IO) { 2 }, CompletableDeferred(3)).gather() shouldBe
                    listOf(1, 2, 3)
            }
        }

        test("settled gathers nest in gathers and the other way round (both)") {
            val error = IOException()
            gather({ gatherSettled({ throw error }, { 1 }) }, { 2 }) shouldBe
                listOf(listOf(Outcome.Failure<Int>(error), Outcome.Success(1)), 2)
            val inner = Gather.of(Task.of<Int> { throw error }, Task.of { 1 })
            Gather.of<Any>(Task.async { inner.settled() }, Task.of { 2 }).all().soon() shouldBe
                listOf(listOf(Outcome.Failure<Int>(error), Outcome.Success(1)), 2)
        }

        test("a gather of one door is a task of the other (both)") {
            coroutineScope {
                val kotlin = future { gather({ 1 }, { 2 }) }
                val java = Gather.of(Task.started(kotlin), Task.of { listOf(3) }).all()
                gather({ java.await() }, { listOf(listOf(4)) }) shouldBe
                    listOf(listOf(listOf(1, 2), listOf(3)), listOf(listOf(4)))
            }
        }

        test("a gather among the tasks that somebody else cancels has ended when the failure is there (Java)") {
            val piece = Piece<Int>().cleaningUp()
            val inner = Gather.of(Task.of { piece.block() }).all()
            val future = Gather.of(Task.started(inner)).all()
            piece.started.soon()
            inner.cancel(true)
            piece.noticed.soon()
            JavaDoor.letThingsHappen()
            future.isDone shouldBe false
            piece.finishCleanup()
            (JavaRunning(future).end() as End.Failed).cause.shouldBeInstanceOf<CancellationException>()
            piece.isRunning shouldBe false
        }

        for (depth in listOf(0, 22, 23, 24)) {
            test("a coroutine that a body launches is a part of a gather $depth levels down (Kotlin)") {
                val error = IOException()
                val piece = Piece<Int>().cleaningUp()
                val running =
                    KotlinDoor.start {
                        levels(depth) {
                            val scope = CoroutineScope(currentCoroutineContext())
                            scope.launch { piece.suspending() }
                            scope.launch {
                                withContext(NonCancellable) { piece.started.copy().await() }
                                throw error
                            }
                            1
                        }
                    }
                piece.noticed.soon()
                KotlinDoor.letThingsHappen()
                running.isDone shouldBe false
                piece.finishCleanup()
                val cause = (running.end() as End.Failed).cause
                generateSequence(cause) { it.cause }.last() shouldBeSameInstanceAs error
                piece.isRunning shouldBe false
            }
        }

        test("a stage of a class of its own, which cannot be turned into a future, is awaited (Java)") {
            val source = CompletableFuture<Int>()
            val foreign =
                object : CompletionStage<Int> by source {
                    override fun toCompletableFuture() = throw UnsupportedOperationException()
                }
            val failing = Piece<Int>()
            val future = Gather.of(Task.started(foreign), Task.of { failing.block() }).all()
            val again = Gather.started(listOf(foreign)).all()
            failing.throws(IOException())
            (JavaRunning(future).end() is End.Failed) shouldBe true // nobody can cancel it
            again.isDone shouldBe false
            source.complete(1)
            again.soon() shouldBe listOf(1)
        }
    })
