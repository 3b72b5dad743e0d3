package dev.gather.verification.guarantee

import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.future.await
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

class CancelRaceSpec :
    FunSpec({
        /** Runs both at the same time, in this thread and in another; returns what the first one does. */
        fun <V> race(
            first: () -> V,
            second: () -> Unit,
        ): V {
            val barrier = CyclicBarrier(2)
            val other =
                CompletableFuture.runAsync({
                    barrier.await(SECONDS, TimeUnit.SECONDS)
                    second()
                }, rival)
            barrier.await(SECONDS, TimeUnit.SECONDS)
            return first().also { other.soon() }
        }

        fun <R> check(
            future: GatherFuture<R>,
            won: Boolean,
            result: R,
        ) {
            future.terminated().soon()
            future.isCancelled shouldBe won
            if (won) {
                shouldThrow<CancellationException> { future.soon() }
            } else {
                future.soon() shouldBe result
            }
            future.cancel(true) shouldBe won // as CompletableFuture says it: whether it is cancelled now
        }

        test("cancel against the last completion of a stage: exactly one wins (Java)") {
            repeat(ROUNDS) {
                val stage = CompletableFuture<Int>()
                val future = Gather.started(listOf(CompletableFuture.completedFuture(0), stage)).all()
                val won = race({ future.cancel(true) }, { stage.complete(1) })
                check(future, won, listOf(0, 1))
            }
        }

        test("cancel against the last completion of a body: exactly one wins (Java)") {
            repeat(ROUNDS) {
                val gate = CompletableFuture<Int>()
                val future = Gather.of(Task.of { 0 }, Task.of { gate.get() }).settled()
                val won = race({ future.cancel(true) }, { gate.complete(1) })
                check(future, won, listOf(Outcome.Success(0), Outcome.Success(1)))
            }
        }

        test("cancel against the first failure: exactly one wins (Java)") {
            val error = IllegalStateException("boom")
            repeat(ROUNDS) {
                val stage = CompletableFuture<Int>()
                val other = TestStage<Int>()
                val future = Gather.started(listOf(stage, other)).all()
                val won = race({ future.cancel(true) }, { stage.completeExceptionally(error) })
                future.terminated().soon()
                future.isCancelled shouldBe won
                if (!won) shouldThrow<ExecutionException> { future.soon() }.cause shouldBe error
                other.isCancelled shouldBe true
            }
        }

        test("cancel of a derived stage against the last completion (Java)") {
            repeat(ROUNDS) {
                val stage = CompletableFuture<Int>()
                val future = Gather.started(listOf(stage)).all()
                val derived = future.thenApply { it.single() }
                val won = race({ derived.cancel(true) }, { stage.complete(1) })
                future.terminated().soon()
                derived.isCancelled shouldBe won
                if (!won) derived.soon() shouldBe 1
                if (!future.isCancelled) future.soon() shouldBe listOf(1)
            }
        }

        test("complete against the last completion: exactly one value (Java)") {
            repeat(ROUNDS) {
                val stage = CompletableFuture<Int>()
                val future = Gather.started(listOf(stage)).all()
                val won = race({ future.complete(listOf(7)) }, { stage.complete(1) })
                future.soon() shouldBe if (won) listOf(7) else listOf(1)
                future.terminated().soon()
            }
        }

        test("several cancels: the tasks are reached once (Java)") {
            repeat(ROUNDS) {
                val hooks = AtomicInteger()
                val stage = TestStage<Int>()
                val future = Gather.of(Task.started(stage).onCancel { hooks.incrementAndGet() }).all()
                race({ future.cancel(true) }, { future.thenApply { it }.cancel(true) })
                future.terminated().soon()
                stage.cancels.size shouldBe 1
                hooks.get() shouldBe 1
            }
        }

        test("cancel against the start: what runs is reached, the rest never starts (Java)") {
            repeat(ROUNDS) {
                val running = AtomicInteger()
                val forEver = CompletableFuture<Int>()
                val tasks =
                    List(3) {
                        Task.of {
                            running.incrementAndGet()
                            try {
                                forEver.get()
                            } finally {
                                running.decrementAndGet()
                            }
                        }
                    }
                val future = Gather.of(tasks).all()
                future.cancel(true) shouldBe true
                future.terminated().soon()
                running.get() shouldBe 0
            }
        }

        test("cancel against a stage that a body is about to hand over: it is cancelled (Java)") {
            repeat(ROUNDS) {
                val gate = CompletableFuture<Unit>()
                val stage = TestStage<Int>()
                val asked = CompletableFuture<Unit>()
                val future =
                    Gather
                        .of(
                            Task.async {
                                asked.complete(Unit)
                                while (!gate.isDone) Thread.onSpinWait()
                                stage
                            },
                        ).all()
                asked.soon()
                race({ future.cancel(true) }, { gate.complete(Unit) }) shouldBe true
                future.terminated().soon()
                stage.cancels.toList() shouldBe listOf(true)
            }
        }

        test("cancelling the caller against the last completion: a list or a cancellation (Kotlin)") {
            val scope = CoroutineScope(Dispatchers.Default)
            repeat(ROUNDS) { round ->
                val gate = CompletableFuture<Int>()
                val returned = CompletableFuture<List<*>>()
                val caller =
                    scope.async {
                        val body: suspend () -> Int = { gate.copy().await() }
                        val list = if (round % 2 == 0) gather({ 0 }, body) else gatherSettled({ 0 }, body)
                        returned.complete(list)
                        list
                    }
                race({ caller.cancel() }, { gate.complete(1) })
                val done = caller.asCompletableFuture().handle { list, _ -> list }.soon()
                val list = returned.getNow(null)
                if (done != null) done shouldBe list
                if (list != null) {
                    list shouldBe if (round % 2 == 0) listOf(0, 1) else listOf(Outcome.Success(0), Outcome.Success(1))
                }
                if (!caller.isCancelled) done shouldBe list
            }
        }
    }) {
    private companion object {
        const val ROUNDS = 3000
        val rival = Executors.newSingleThreadExecutor { Thread(it).apply { isDaemon = true } }
    }
}
