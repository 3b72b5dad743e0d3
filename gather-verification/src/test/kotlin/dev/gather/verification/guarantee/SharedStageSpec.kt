package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.TimeoutException
import kotlin.time.Duration.Companion.seconds

/** Guarantee 56: who owns a stage decides whether it is cancelled; and what cannot be cancelled is not waited for. */
class SharedStageSpec :
    FunSpec({
        timeout = (4 * SECONDS).seconds.inWholeMilliseconds

        for ((kind, make) in KINDS) {
            fun pending() = CompletableFuture<Int>().let { it to make(it) }

            test("the deadline of the gather ends the wait: $kind") {
                val (stage, task) = pending()
                Gather
                    .of(task)
                    .timeout(A_MOMENT)
                    .settled()
                    .soon() shouldBe
                    listOf(Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true))
                stage.isDone shouldBe false
            }

            test("its own deadline: $kind") {
                val (stage, task) = pending()
                val outcomes = Gather.of(task.timeout(A_MOMENT), Task.of { 1 }).settled().soon()
                outcomes[0].shouldBeInstanceOf<Outcome.Failure<Int>>().cause.shouldBeInstanceOf<TimeoutException>()
                outcomes[1] shouldBe Outcome.Success(1)
                stage.isDone shouldBe false
            }

            test("the failure of another: $kind") {
                val (stage, task) = pending()
                val failing = Piece<Int>()
                val failed = Gather.of(task, failing.task()).all()
                awaitDependents(stage)
                failing.throws(IllegalStateException("other"))
                shouldThrow<GatherException> { failed.endedSoon().join() }.outcomes() shouldContain
                    Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true)
                stage.isDone shouldBe false
            }

            test("enough others have succeeded: $kind") {
                val (stage, task) = pending()
                Gather.of(task, Task.of { 1 }).any().soon() shouldBe 1
                Gather
                    .of(task, Task.of { 1 })
                    .atLeast(1)
                    .soon()
                    .map { it.index } shouldBe listOf(1L)
                stage.isDone shouldBe false
            }

            test("a cancel: $kind") {
                val (stage, task) = pending()
                val heard = CompletableFuture<Unit>()
                val future = Gather.of(task.onCancel { heard.complete(Unit) }).all()
                awaitDependents(stage)
                future.cancel(true) shouldBe true
                future.terminated().soon()
                heard.soon()
                stage.isDone shouldBe false
                stage.complete(1)
                future.isCancelled shouldBe true
            }

            test("a stream that is closed: $kind") {
                val (stage, task) = pending()
                Gather.of(task, Task.of { 1 }).stream().use { it.findFirst().get().index shouldBe 1L }
                stage.isDone shouldBe false
            }

            test("while it is waited for its value counts, and its failure: $kind") {
                val (stage, task) = pending()
                val future = Gather.of(task, Task.of { 2 }).all()
                stage.complete(1)
                future.soon() shouldBe listOf(1, 2)
                val failing = CompletableFuture<Int>()
                val failed = Gather.of(make(failing)).settled()
                val error = IllegalStateException()
                failing.completeExceptionally(error)
                failed.soon() shouldBe listOf(Outcome.Failure<Int>(error))
                val done = CompletableFuture.completedFuture(3)
                Gather.of(make(done)).all().soon() shouldBe listOf(3)
            }
        }

        test("a stage of the gather's own is cancelled, a shared one is not") {
            val own = CompletableFuture<Int>()
            val shared = CompletableFuture<Int>()
            Gather
                .of(Task.started(own), Task.shared(shared))
                .timeout(A_MOMENT)
                .settled()
                .soon()
            own.isCancelled shouldBe true
            shared.isDone shouldBe false
            val several = List(3) { CompletableFuture<Int>() }
            val future = Gather.shared(several).all()
            future.cancel(true)
            future.terminated().soon()
            several.none { it.isDone } shouldBe true
            Gather
                .shared(several)
                .all()
                .also { several.forEach { s -> s.complete(1) } }
                .soon() shouldBe listOf(1, 1, 1)
        }

        test("the future of another gather can be shared: that runs on") {
            val piece = Piece<Int>()
            val other = Gather.of(piece.task()).all()
            piece.started.soon()
            Gather
                .of(Task.shared(other))
                .timeout(A_MOMENT)
                .settled()
                .soon()
                .single() shouldBe
                Outcome.Cancelled<List<Int>>(CancelReason.TIMEOUT, true)
            other.isDone shouldBe false
            piece.returns(1)
            other.soon() shouldBe listOf(1)
        }

        test("a future that takes its time to end when it is cancelled is waited for, whatever it answers") {
            for (answer in listOf(true, false)) {
                val asked = CompletableFuture<Unit>()
                val slow =
                    object : CompletableFuture<Int>() {
                        override fun cancel(mayInterruptIfRunning: Boolean) = answer.also { asked.complete(Unit) }
                    }
                val future = Gather.started(listOf(slow)).timeout(A_MOMENT).settled()
                asked.soon()
                future.isDone shouldBe false
                slow.completeExceptionally(CancellationException())
                future.soon().single() shouldBe Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true)
            }
        }

        test("a stage that many gathers have raced keeps less than 100 bytes of each") {
            val longLived = CompletableFuture<Int>()

            fun race(times: Int) =
                repeat(times) { Gather.of(Task.shared(longLived), Task.started(DONE)).any().join() shouldBe 1 }
            race(1_000)
            val before = usedAfterGc()
            race(ROUNDS)
            val kept = (usedAfterGc() - before) / ROUNDS
            withClue("$kept bytes a round") { kept shouldBeLessThan 100L }
            longLived.isDone shouldBe false
            longLived.complete(1)
        }
    })

private val A_MOMENT = Duration.ofMillis(10)

private val DONE = CompletableFuture.completedFuture(1)

private const val ROUNDS = 100_000

/** A stage that is nobody's future. */
private class Wrapped<T>(
    stage: CompletableFuture<T>,
) : CompletionStage<T> by stage {
    private val stage = stage

    override fun toCompletableFuture(): CompletableFuture<T> = stage.copy()
}

/** What hides itself altogether, as the contract of CompletionStage allows. */
private class Hidden<T>(
    stage: CompletableFuture<T>,
) : CompletionStage<T> by stage {
    override fun toCompletableFuture(): CompletableFuture<T> = throw UnsupportedOperationException()
}

private val KINDS: Map<String, (CompletableFuture<Int>) -> Task<Int>> =
    mapOf(
        "shared" to { Task.shared(it) },
        "shared, minimal" to { Task.shared(it.minimalCompletionStage()) },
        "minimal" to { Task.started(it.minimalCompletionStage()) },
        "minimal, of a supplier" to { stage -> Task.async { stage.minimalCompletionStage() } },
        "a copy each time" to { Task.started(Wrapped(it)) },
        "a copy each time, of a supplier" to { stage -> Task.async { Wrapped(stage) } },
        "hidden" to { Task.started(Hidden(it)) },
    )

private fun <R> GatherFuture<R>.endedSoon() = also { it.handle { _, _ -> }.soon() }

private fun usedAfterGc(): Long {
    repeat(3) { System.gc() }
    return Runtime.getRuntime().let { it.totalMemory() - it.freeMemory() }
}
