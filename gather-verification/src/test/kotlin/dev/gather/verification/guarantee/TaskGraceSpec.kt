package dev.gather.verification.guarantee

import dev.gather.GatherException
import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/** Guarantee 33 for single tasks: grace bounds the wait for one that was stopped by its own deadline, too. */
class TaskGraceSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        for ((kind, stubborn) in STUBBORN) {
            for ((result, ended) in RESULTS) {
                test("$result does not wait for $kind that would not stop at its own deadline") {
                    val release = CompletableFuture<Int>()
                    val outcome = ended(Gather.of(stubborn(release)).taskTimeout(A_MOMENT).grace(A_MOMENT))
                    val failure = outcome.shouldBeInstanceOf<TimeoutException>()
                    failure.message shouldContain "task[0] did not end within 100ms, and is still running after 100ms"
                    release.complete(1)
                }
            }

            test("a bound of the task's own, $kind: the end of all comes after the task") {
                val release = CompletableFuture<Int>()
                val other = Piece<Int>()
                val future = Gather.of(stubborn(release).timeout(A_MOMENT), other.task()).grace(A_MOMENT).settled()
                other.started.soon()
                other.returns(2)
                val (first, second) = future.soon()
                first.shouldBeInstanceOf<Outcome.Failure<Int>>().cause.shouldBeInstanceOf<TimeoutException>()
                second shouldBe Outcome.Success(2)
                future.terminated().isDone shouldBe false
                future.progress().failed() shouldBe 1
                release.complete(1)
                future.terminated().soon()
            }

            test("its place is free for others, $kind") {
                val release = CompletableFuture<Int>()
                val tasks = listOf(stubborn(release).timeout(A_MOMENT), Task.of { 2 }, Task.of { 3 })
                val outcomes = Gather
                    .of(tasks)
                    .limit(1)
                    .grace(A_MOMENT)
                    .settled()
                    .soon()
                outcomes.drop(1) shouldBe listOf(Outcome.Success(2), Outcome.Success(3))
                release.complete(1)
            }

            test("the others are cancelled as by any failure, $kind") {
                val release = CompletableFuture<Int>()
                val other = Piece<Int>()
                val future = Gather.of(stubborn(release).timeout(A_MOMENT), other.task()).grace(A_MOMENT).all()
                val thrown = shouldThrow<GatherException> { future.endedSoon().join() }
                thrown.cause.shouldBeInstanceOf<TimeoutException>()
                other.isRunning shouldBe false
                release.complete(1)
                future.terminated().soon()
            }

            test("a value in place of the failure, $kind") {
                val release = CompletableFuture<Int>()
                val task = stubborn(release).timeout(A_MOMENT).orElse(7)
                Gather
                    .of(task)
                    .grace(A_MOMENT)
                    .all()
                    .soon() shouldBe listOf(7)
                release.complete(1)
            }

            test("it is heard of once, and what it fails with later is not lost, $kind") {
                val release = CompletableFuture<Int>()
                val ends = AtomicInteger()
                val dropped = ConcurrentLinkedQueue<Throwable>()
                val listener =
                    object : GatherListener {
                        override fun onEnd(
                            index: Int,
                            name: String?,
                            outcome: Outcome<*>,
                            elapsed: Duration,
                        ) {
                            ends.incrementAndGet()
                        }

                        override fun onDroppedError(
                            index: Int,
                            name: String?,
                            error: Throwable,
                        ) {
                            dropped.add(error)
                        }
                    }
                val gather = Gather
                    .of(stubborn(release))
                    .taskTimeout(A_MOMENT)
                    .grace(A_MOMENT)
                    .listener(listener)
                val future = gather.settled()
                future.soon()
                val late = IOException("late")
                release.completeExceptionally(late)
                future.terminated().soon()
                ends.get() shouldBe 1
                dropped.toList() shouldBe listOf(late)
            }
        }

        test("who shares the result of a task that is given up has it, too") {
            val release = CompletableFuture<Int>()
            val slow = Task.of { awaitIgnoringInterrupts(release) }.timeout(A_MOMENT).orElse(7)
            val quick = Task.of { 1 }
            val future = Gather.of(quick, slow, quick, slow).grace(A_MOMENT).all()
            future.soon() shouldBe listOf(1, 7, 1, 7)
            release.complete(2)
            future.terminated().soon()
            future.soon() shouldBe listOf(1, 7, 1, 7)
        }

        test("a hook that outlasts the grace: the end of all comes after it, and the permit comes back") {
            val held = CompletableFuture<Unit>()
            val limiter = Limiter.concurrent(1)
            val task = Task.async { CompletableFuture<Int>().minimalCompletionStage() }.onCancel { held.join() }
            val future = Gather
                .of(task)
                .taskTimeout(A_MOMENT)
                .grace(A_MOMENT)
                .limiter(limiter)
                .settled()
            held.completeOnTimeout(Unit, 400, TimeUnit.MILLISECONDS)
            future.soon()
            future.terminated().soon()
            limiter.active() shouldBe 0
        }

        test("a hook that outlasts the grace of a task that has stopped: nobody waits for it but the end of all") {
            val held = CompletableFuture<Unit>()
            val body = Piece<Int>()
            val future = Gather
                .of(body.task().onCancel { held.join() }, Task.of { 2 })
                .taskTimeout(A_MOMENT)
                .grace(A_MOMENT)
                .settled()
            body.ended.soon()
            future.soon().map { it.isSuccess } shouldBe listOf(false, true)
            future.terminated().isDone shouldBe false
            held.complete(Unit)
            future.terminated().soon()
        }

        test("tasks that are given up together do not wait for what the others end with") {
            val all = CountDownLatch(3)
            val release = CompletableFuture<Int>()
            val stubborn = Task.of { awaitIgnoringInterrupts(release) }.timeout(A_MOMENT)
            val tasks = List(3) {
                stubborn.recover {
                    all.countDown()
                    check(all.await(SECONDS, TimeUnit.SECONDS))
                    7
                }
            }
            Gather
                .of(tasks)
                .grace(A_MOMENT)
                .all()
                .soon() shouldBe listOf(7, 7, 7)
            release.complete(1)
        }

        test("the stage that a supplier returns after it was given up is cancelled") {
            val release = CompletableFuture<Unit>()
            val stage = TestStage<Int>()
            val task = Task.async {
                awaitIgnoringInterrupts(release)
                stage
            }
            val future = Gather
                .of(task)
                .taskTimeout(A_MOMENT)
                .grace(A_MOMENT)
                .settled()
            future.soon()
            release.complete(Unit)
            future.terminated().soon()
            stage.cancels.toList() shouldBe listOf(true)
        }

        test("the end of all comes after the parts of a body that was given up") {
            val release = CompletableFuture<Unit>()
            val piece = Piece<Int>().ignoringCancel()
            val task = Task.of {
                Gather.of(piece.task()).all()
                awaitIgnoringInterrupts(release)
            }
            val future = Gather
                .of(task)
                .taskTimeout(A_MOMENT)
                .grace(A_MOMENT)
                .settled()
            piece.started.soon()
            future.soon()
            release.complete(Unit)
            future.terminated().isDone shouldBe false
            piece.returns(1)
            future.terminated().soon()
        }

        test("who stops within the grace ends as ever, and is not named") {
            val piece = Piece<Int>()
            val outcome = Gather
                .of(piece.task().timeout(A_MOMENT))
                .grace(LONG)
                .settled()
                .soon()
                .single()
            outcome.shouldBeInstanceOf<Outcome.Failure<Int>>().cause.message shouldBe "task[0] did not end within 100ms"
        }

        test("a permit of a limiter comes back only when the body has returned") {
            val limiter = Limiter.concurrent(1)
            val stubborn = Piece<Int>().ignoringCancel()
            val gather = Gather
                .of(stubborn.task())
                .taskTimeout(A_MOMENT)
                .grace(A_MOMENT)
                .limiter(limiter)
            val future = gather.settled()
            future.soon()
            limiter.active() shouldBe 1
            stubborn.returns(1)
            future.terminated().soon()
            limiter.active() shouldBe 0
        }

        test("a scope that is closed waits no longer than the grace, also from inside of the body") {
            val scope = GatherScope()
            val stubborn = Piece<Int>().ignoringCancel()
            val future = Gather
                .of(stubborn.task())
                .grace(A_MOMENT)
                .scope(scope)
                .all()
            stubborn.started.soon()
            CompletableFuture.runAsync(scope::close) { Thread(it).start() }.soon()
            stubborn.isRunning shouldBe true
            stubborn.returns(1)
            future.terminated().soon()
            val inside = GatherScope()
            val closed = CompletableFuture<Unit>()
            val release = CompletableFuture<Unit>()
            val closing = Task.of {
                awaitIgnoringInterrupts(release)
                closed.complete(inside.close())
            }
            Gather
                .of(closing)
                .taskTimeout(A_MOMENT)
                .grace(A_MOMENT)
                .scope(inside)
                .settled()
                .soon()
            release.complete(Unit)
            closed.soon()
        }

        test("bodies that return just when they are given up end once") {
            repeat(300) { round ->
                val ends = AtomicInteger()
                val listener =
                    object : GatherListener {
                        override fun onEnd(
                            index: Int,
                            name: String?,
                            outcome: Outcome<*>,
                            elapsed: Duration,
                        ) {
                            ends.incrementAndGet()
                        }
                    }
                val future =
                    Gather
                        .each(List(3) { it }) {
                            val until = System.nanoTime() + 1_700_000 + round * 3_000L // sweeps over the moment
                            while (System.nanoTime() < until) Thread.onSpinWait()
                        }.taskTimeout(Duration.ofMillis(1))
                        .grace(Duration.ofMillis(1))
                        .listener(listener)
                        .settled()
                // A timer may come later than the body has returned.
                val outcomes = future.soon()
                withClue(outcomes) {
                    outcomes.all { it.isSuccess || it is Outcome.Failure && it.cause is TimeoutException } shouldBe true
                }
                future.terminated().soon()
                ends.get() shouldBe 3
            }
        }
    })

private val A_MOMENT = Duration.ofMillis(100)

private fun <R> GatherFuture<R>.endedSoon() = also { it.handle { _, _ -> }.soon() }

private fun <T> awaitIgnoringInterrupts(future: CompletableFuture<T>): T {
    while (true) {
        try {
            return future.get()
        } catch (_: InterruptedException) {
            // that is what it is about
        } catch (e: java.util.concurrent.ExecutionException) {
            throw e.cause!!
        }
    }
}

/** What goes on until it is released, whatever anybody says. */
private val STUBBORN: Map<String, (release: CompletableFuture<Int>) -> Task<Int>> =
    mapOf(
        "a body" to { release -> Task.of { awaitIgnoringInterrupts(release) } },
        "a supplier of a stage" to { release ->
            Task.async { CompletableFuture.completedFuture(awaitIgnoringInterrupts(release)) }
        },
        "a stage" to { release ->
            Task.async {
                TestStage<Int>(stubborn = true).also { stage ->
                    release.whenComplete { value, failure ->
                        if (failure == null) stage.complete(value) else stage.completeExceptionally(failure)
                    }
                }
            }
        },
    )

/** Ways to get the failure of the only task. */
private val RESULTS: Map<String, (Gather<Int>) -> Throwable?> =
    mapOf(
        "settled" to { (it.settled().soon().single() as? Outcome.Failure)?.cause },
        "all" to { gather -> shouldThrow<GatherException> { gather.all().endedSoon().join() }.cause },
        "any" to { gather -> shouldThrow<GatherException> { gather.any().endedSoon().join() }.cause },
        "a stream" to { gather ->
            gather.stream().use { (it.toList().single().outcome as? Outcome.Failure)?.cause }
        },
    )
