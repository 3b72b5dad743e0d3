package dev.gather.bridge

import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.atomic.AtomicInteger

/** A cancel in Java meets the end in Kotlin: both sides agree on which was first, and nothing is left. */
class CrossingRaceSpec :
    FunSpec({
        val door = JavaDoor("races")
        lateinit var race: Race
        beforeTest { race = Race() }
        afterTest { race.close() }
        afterSpec { door.close() }

        test("cancel of a future against the end of its coroutine") {
            repeat(RACES) {
                val go = CompletableDeferred<Int>()
                val started = Signal()
                val running = AtomicInteger()
                val future =
                    door.future {
                        running.incrementAndGet()
                        try {
                            started.come()
                            go.await()
                        } finally {
                            running.decrementAndGet()
                        }
                    }
                val asked = if (it % 2 == 0) future else future.thenApply { value -> value }
                if (it % 4 < 2) started.soon()
                var won = false
                race({ won = asked.cancel(true) }, { go.complete(1) })
                future.terminated().soon()
                running.get() shouldBe 0
                future.isDone shouldBe true
                asked.isCancelled shouldBe won
                if (!won) asked.join() shouldBe 1
            }
        }

        test("cancel of a gather of Java against the end of the coroutine that is its task") {
            repeat(RACES) {
                val go = CompletableDeferred<Int>()
                val started = Signal()
                val running = AtomicInteger()
                val future =
                    Gather
                        .of(
                            door.task {
                                running.incrementAndGet()
                                try {
                                    started.come()
                                    go.await()
                                } finally {
                                    running.decrementAndGet()
                                }
                            },
                            Task.shared(CompletableFuture.completedFuture(2)),
                        ).all()
                if (it % 2 == 0) started.soon()
                var won = false
                race({ won = future.cancel(true) }, { go.complete(1) })
                future.terminated().soon()
                running.get() shouldBe 0
                if (!won) future.join() shouldBe listOf(1, 2)
                future.isCancelled shouldBe won
            }
        }

        test("cancel of a subscription against the end of its flow") {
            repeat(RACES) {
                // In every second round nothing ends it but the cancel.
                val isEndless = it % 2 == 0
                val short = JavaDoor("short")
                val go = CompletableDeferred<Unit>()
                val started = Signal()
                val ended = Signal()
                val subscriber = Counting()
                val publisher =
                    short.publisher<Int> {
                        flow {
                            try {
                                started.come()
                                go.await()
                                emit(1)
                                if (isEndless) awaitCancellation()
                            } finally {
                                ended.come()
                            }
                        }
                    }
                publisher.subscribe(subscriber)
                started.soon()
                race({ subscriber.subscription!!.cancel() }, { go.complete(Unit) })
                ended.soon()
                short.close()
                subscriber.failures.get() shouldBe 0
                (subscriber.ends.get() <= subscriber.items.get() && subscriber.items.get() <= 1) shouldBe true
            }
        }

        test("close of a stream against the end of what it has launched") {
            repeat(RACES) {
                val go = CompletableDeferred<Unit>()
                val running = AtomicInteger()
                val stream =
                    door.stream {
                        launch(start = CoroutineStart.UNDISPATCHED) {
                            running.incrementAndGet()
                            try {
                                go.await()
                            } finally {
                                running.decrementAndGet()
                            }
                        }
                        flowOf(1)
                    }
                val values = stream.iterator()
                values.next() shouldBe 1
                race({ stream.close() }, { go.complete(Unit) })
                running.get() shouldBe 0
                values.hasNext() shouldBe false
            }
        }

        for ((way, call) in WAITING) {
            test("interrupt of what waits for $way against the end of its coroutine") {
                repeat(RACES) {
                    val go = CompletableDeferred<Unit>()
                    val running = AtomicInteger()
                    val reader = CompletableFuture<Thread>()
                    val result =
                        race.beside {
                            reader.complete(Thread.currentThread())
                            try {
                                call(door) {
                                    running.incrementAndGet()
                                    try {
                                        go.await()
                                        1
                                    } finally {
                                        running.decrementAndGet()
                                    }
                                }
                            } catch (e: CancellationException) {
                                check(Thread.currentThread().isInterrupted) { "the flag is lost" }
                                0
                            } finally {
                                check(running.get() == 0) { "it is running" }
                                Thread.interrupted()
                            }
                        }
                    val thread = reader.soon()
                    race({ thread.interrupt() }, { go.complete(Unit) })
                    (result.soon() in 0..1) shouldBe true
                }
            }
        }

        test("close of a scope against the end of its coroutine") {
            repeat(RACES) {
                val scope = GatherScope()
                val go = CompletableDeferred<Int>()
                val running = AtomicInteger()
                val coroutine =
                    scope.asCoroutineScope().async {
                        running.incrementAndGet()
                        try {
                            go.await()
                        } finally {
                            running.decrementAndGet()
                        }
                    }
                var left = -1
                race(
                    {
                        scope.close()
                        left = running.get()
                    },
                    { go.complete(1) },
                )
                left shouldBe 0
                coroutine.isCompleted shouldBe true
            }
        }

        test("close of a door against calls that come in") {
            repeat(RACES) {
                val short = JavaDoor("short")
                val running = AtomicInteger()
                val calls = mutableListOf<CompletableFuture<Int>>()
                var left = -1
                race(
                    {
                        short.close()
                        left = running.get()
                    },
                    {
                        try {
                            repeat(5) {
                                calls +=
                                    short.future {
                                        running.incrementAndGet()
                                        try {
                                            yield()
                                            1
                                        } finally {
                                            running.decrementAndGet()
                                        }
                                    }
                            }
                        } catch (e: IllegalStateException) {
                            check(short.isClosed) { e }
                        }
                    },
                )
                left shouldBe 0
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

private val WAITING =
    mapOf<String, (JavaDoor, suspend () -> Int) -> Int>(
        "a value" to { door, code -> door.blocking { code() } },
        "a stream" to { door, code -> door.stream { flow { emit(code()) } }.use { it.toList().single() } },
    )

private class Counting : Subscribing() {
    @Volatile var subscription: Subscription? = null
    val items = AtomicInteger()
    val ends = AtomicInteger()
    val failures = AtomicInteger()

    override fun onSubscribe(subscription: Subscription) {
        this.subscription = subscription
        subscription.request(Long.MAX_VALUE)
    }

    override fun onNext(item: Int) {
        items.incrementAndGet()
    }

    override fun onError(throwable: Throwable) {
        failures.incrementAndGet()
    }

    override fun onComplete() {
        ends.incrementAndGet()
    }
}
