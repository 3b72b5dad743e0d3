package dev.gather.bridge

import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.supervisorScope
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.ExecutionException
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

private val ROUNDS = 10_000 * Integer.getInteger("gather.stress", 1)

/** A cancel on one side meets the end on the other: both sides agree on which was first, and nothing is left. */
class CrossingRaceSpec :
    FunSpec({
        val door = JavaDoor("races")
        lateinit var other: ExecutorService
        beforeTest { other = Executors.newSingleThreadExecutor() }
        afterTest { other.shutdown() }
        afterSpec { door.close() }

        /** Runs both at the same time, as well as two threads can. */
        fun race(
            one: () -> Unit,
            another: () -> Unit,
        ) {
            val barrier = CyclicBarrier(2)
            val there =
                other.submit {
                    barrier.await(SECONDS, TimeUnit.SECONDS)
                    another()
                }
            barrier.await(SECONDS, TimeUnit.SECONDS)
            one()
            there.get(SECONDS, TimeUnit.SECONDS)
        }

        test("cancel of a future against the end of its coroutine") {
            repeat(ROUNDS) {
                val go = CompletableDeferred<Int>()
                val ended = AtomicInteger()
                val future =
                    door.future {
                        try {
                            go.await()
                        } finally {
                            ended.incrementAndGet()
                        }
                    }
                val derived = future.thenApply { it + 1 }
                var won = false
                race({ won = (if (it % 2 == 0) future else derived).cancel(true) }, { go.complete(1) })
                future.terminated().soon()
                // A coroutine that was cancelled before it began has not even tried.
                (ended.get() <= 1) shouldBe true
                future.isDone shouldBe true
                if (it % 2 == 0) {
                    future.isCancelled shouldBe won
                    if (!won) future.join() shouldBe 1
                }
            }
        }

        test("cancel of a gather of Java against the end of the coroutine that is its task") {
            repeat(ROUNDS) {
                val go = CompletableDeferred<Int>()
                val running = AtomicInteger()
                val future =
                    Gather
                        .of(
                            door.task {
                                running.incrementAndGet()
                                try {
                                    go.await()
                                } finally {
                                    running.decrementAndGet()
                                }
                            },
                            Task.shared(CompletableFuture.completedFuture(2)),
                        ).all()
                var won = false
                race({ won = future.cancel(true) }, { go.complete(1) })
                future.terminated().soon()
                running.get() shouldBe 0
                if (!won) future.join() shouldBe listOf(1, 2)
                future.isCancelled shouldBe won
            }
        }

        test("cancel of a coroutine against the end of the stage that it owns") {
            repeat(ROUNDS) {
                val stage = CompletableFuture<Int>()
                supervisorScope {
                    val caller = async(Dispatchers.Default) { stage.awaitOwned() }
                    race({ caller.cancel() }, { stage.complete(1) })
                    caller.join()
                    stage.isDone shouldBe true
                    if (!caller.isCancelled) caller.await() shouldBe 1
                }
            }
        }

        test("close of a door against calls that come in") {
            repeat(ROUNDS) {
                val short = JavaDoor("short")
                val calls = mutableListOf<CompletableFuture<Int>>()
                race(
                    { short.close() },
                    {
                        runCatching {
                            repeat(5) { calls += short.future { 1 } }
                        }
                    },
                )
                for (call in calls) {
                    try {
                        call.soon() shouldBe 1
                    } catch (_: ExecutionException) {
                        error("it has failed")
                    } catch (_: CancellationException) {
                        // it came in too late
                    }
                }
            }
        }
    })
