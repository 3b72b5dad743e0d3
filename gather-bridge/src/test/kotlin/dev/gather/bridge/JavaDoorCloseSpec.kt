package dev.gather.bridge

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.withContext
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class JavaDoorCloseSpec :
    FunSpec({
        test("close cancels what is running, and returns when it has ended") {
            val door = JavaDoor("users")
            val body = CleaningUp()
            val future =
                door.future {
                    body.run()
                }
            body.started.soon()
            val closed = Signal()
            thread {
                door.close()
                closed.come()
            }
            body.cleaning.soon()
            shouldThrow<CancellationException> { future.soon() } // at once
            closed.hasCome shouldBe false
            body.goOn()
            closed.soon()
            future.terminated().isDone shouldBe true
            door.isClosed shouldBe true
        }

        test("grace bounds the wait, and an interrupt does not") {
            val go = CompletableFuture<Unit>()
            val started = Signal()
            val door = JavaDoor("users", grace = 1.milliseconds)
            val future =
                door.future {
                    withContext(NonCancellable) {
                        started.come()
                        go.awaitShared()
                    }
                }
            started.soon()
            inTime {
                door.close()
                Thread.currentThread().interrupt()
                door.close(grace = 2.milliseconds)
                Thread.currentThread().isInterrupted shouldBe true
            }
            future.terminated().isDone shouldBe false
            go.complete(Unit)
            future.terminated().soon()
            inTime { door.close(1.seconds) }
        }

        test("a negative grace is refused") {
            shouldThrow<IllegalArgumentException> { JavaDoor("users", grace = (-1).seconds) }.message shouldBe
                "grace must not be negative, but was -1s"
            JavaDoor("users").use { door ->
                shouldThrow<IllegalArgumentException> { door.close((-1).seconds) }
                door.isClosed shouldBe false
            }
        }

        test("a call may close the door it has come in by: it waits for the others only") {
            val door = JavaDoor("users")
            val other = Signal()
            val ended = Signal()
            door.future {
                try {
                    other.come()
                    awaitCancellation()
                } finally {
                    ended.come()
                }
            }
            other.soon()
            val closing = CompletableFuture<Boolean>()
            door.future {
                door.close()
                closing.complete(ended.hasCome)
            }
            closing.soon() shouldBe true
            door.close()
        }

        val singles =
            mapOf(
                "an executor that has run no call" to { Executors.newSingleThreadExecutor().asCoroutineDispatcher() },
                "limitedParallelism" to { Dispatchers.Default.limitedParallelism(1) },
                "an executor of somebody's own" to { Loop().asCoroutineDispatcher() },
                "a dispatcher of somebody's own" to { HandMadeDispatcher(Loop()) },
            )
        for ((which, make) in singles) {
            test("on what may be the thread that its calls need it returns, and they end after it: $which") {
                val single = make()
                val door = JavaDoor("single", single)
                val ends = CompletableFuture<CompletableFuture<Void?>>()
                single.asExecutor().execute {
                    val call = door.future { awaitCancellation() }
                    door.close()
                    ends.complete(call.terminated())
                }
                ends.soon().soon()
                single.closeWithExecutor()
            }
        }

        test("on a thread of another dispatcher it waits for the end, however long that takes") {
            val single = Dispatchers.Default.limitedParallelism(1)
            val door = JavaDoor("single", single)
            val body = CleaningUp()
            door.future { body.run() }
            body.started.soon()
            val closed = CoroutineScope(Dispatchers.IO).async { door.close() }.asCompletableFuture()
            body.cleaning.soon()
            shouldThrow<TimeoutException> { closed.get(6, TimeUnit.SECONDS) }
            body.goOn()
            closed.soon()
        }

        test("so may a blocking call, a stream's flow, and whoever hears of an end") {
            for (how in 0..2) {
                val door = JavaDoor("users")
                inTime {
                    when (how) {
                        0 -> runCatching { door.blocking { door.close() } }
                        1 ->
                            runCatching {
                                door
                                    .stream {
                                        door.close()
                                        flowOf(1)
                                    }.use { it.toList() }
                            }
                        else -> door.future { 1 }.thenRun { door.close() }.join()
                    }
                    door.close()
                }
            }
        }

        test("the job in its context closes it") {
            val parent = Job()
            val door = JavaDoor("users", Dispatchers.Default + parent)
            val started = Signal()
            val future =
                door.future {
                    started.come()
                    awaitCancellation()
                }
            started.soon()
            parent.cancel()
            future.terminated().soon()
            future.isCancelled shouldBe true
            door.isClosed shouldBe true
            shouldThrow<IllegalStateException> { door.future { 1 } }
            door.close()
        }

        test("one call that fails leaves the others alone") {
            JavaDoor("users").use { door ->
                val go = CompletableFuture<Int>()
                val future = door.future { go.awaitShared() }
                runCatching { door.future<Int> { error("no") }.soon() }
                go.complete(1)
                future.soon() shouldBe 1
            }
        }
    })
