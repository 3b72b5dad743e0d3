package dev.gather.verification.guarantee

import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger

/** Only the Java door interrupts threads. */
class InterruptHygieneSpec :
    FunSpec({
        fun <R> onOneThread(body: (ExecutorService) -> R): R {
            val pool = Executors.newFixedThreadPool(1)
            try {
                return body(pool)
            } finally {
                pool.shutdown()
            }
        }

        /** Whether the next thing to run in the pool would find itself interrupted. */
        fun ExecutorService.isInterrupted() = submit<Boolean> { Thread.currentThread().isInterrupted }.soon()

        test("the thread of a cancelled body comes back without its flag, whatever the body did with it") {
            val ends =
                listOf<(Piece<Int>) -> Int>(
                    { it.block() },
                    { piece -> runCatching { piece.block() }.getOrDefault(0) },
                    { piece ->
                        runCatching { piece.block() }
                        Thread.currentThread().interrupt() // as books tell us to
                        0
                    },
                )
            for (end in ends) {
                onOneThread { pool ->
                    val piece = Piece<Int>()
                    val future = Gather.of(Task.of { end(piece) }).executor(pool).all()
                    piece.started.soon()
                    future.cancel(true)
                    future.terminated().soon()
                    pool.isInterrupted() shouldBe false
                }
            }
        }

        test("a body that ignores its interrupt gives its thread back without it") {
            onOneThread { pool ->
                val (started, cancelled) = List(2) { CompletableFuture<Unit>() }
                val future =
                    Gather
                        .of(
                            Task.of {
                                started.complete(Unit)
                                while (!cancelled.isDone) Thread.onSpinWait()
                            },
                        ).executor(pool)
                        .all()
                started.soon()
                future.cancel(true)
                cancelled.complete(Unit)
                future.terminated().soon()
                pool.isInterrupted() shouldBe false
            }
        }

        test("a body that interrupts its own thread does not interrupt the next body, nor the pool") {
            onOneThread { pool ->
                val flags =
                    Gather
                        .each(0 until 10) {
                            Thread.currentThread().isInterrupted.also { Thread.currentThread().interrupt() }
                        }.executor(pool)
                        .all()
                flags.soon() shouldBe List(10) { false }
                pool.isInterrupted() shouldBe false
            }
        }

        test("the same on the default executor") {
            repeat(100) {
                val flags =
                    Gather.each(0 until 10) {
                        Thread.currentThread().isInterrupted.also { Thread.currentThread().interrupt() }
                    }
                flags.limit(2).all().soon() shouldBe List(10) { false }
            }
        }

        test("a body that timed out leaves no flag for the next one on its thread") {
            onOneThread { pool ->
                val late = Piece<Int>()
                val flag = Task.of { if (Thread.currentThread().isInterrupted) 1 else 0 }
                val outcomes = Gather.of(late.task().timeout(SHORT), flag).executor(pool).settled()
                outcomes.soon()[1].orThrow shouldBe 0
            }
        }

        test("the flag of a caller stays as it is when bodies run on its thread") {
            Thread.currentThread().interrupt()
            try {
                val flags = Gather
                    .each(
                        0 until 3,
                    ) { Thread.currentThread().isInterrupted }
                    .executor(Runnable::run)
                    .all()
                flags.isDone shouldBe true
                Thread.currentThread().isInterrupted shouldBe true
            } finally {
                Thread.interrupted()
            }
        }

        test("a caller that waits can be interrupted, and its gather goes on") {
            val piece = Piece<Int>()
            val future = Gather.of(piece.task()).all()
            piece.started.soon()
            Thread.currentThread().interrupt()
            shouldThrow<InterruptedException> { future.get() }
            Thread.interrupted() shouldBe false
            piece.noticed.isDone shouldBe false
            piece.returns(1)
            future.soon() shouldBe listOf(1)
        }

        test("an interrupt that comes late never hits what runs next on the thread") {
            onOneThread { pool ->
                val strays = AtomicInteger()
                repeat(5000) { round ->
                    val started = CompletableFuture<Unit>()
                    val future =
                        Gather
                            .of(
                                Task.of {
                                    started.complete(Unit)
                                    repeat(round % 50) { Thread.onSpinWait() }
                                },
                            ).executor(pool)
                            .all()
                    val next = pool.submit { if (Thread.currentThread().isInterrupted) strays.incrementAndGet() }
                    started.soon()
                    future.cancel(true)
                    next.soon()
                    future.terminated().soon()
                }
                strays.get() shouldBe 0
            }
        }

        test("the timeout of one task never hits the next one of the same worker") {
            val strays = AtomicInteger()
            // Each body is told whether it has its time: those that have must not be interrupted.
            val tasks =
                List(2000) { index ->
                    if (index % 2 == 0) {
                        Task
                            .of {
                                val end = System.nanoTime() + 1_000_000 // about when its time is up
                                while (System.nanoTime() < end) Thread.onSpinWait()
                            }.timeout(Duration.ofMillis(1))
                    } else {
                        Task
                            .of {
                                repeat(100) {
                                    if (Thread.currentThread().isInterrupted) strays.incrementAndGet()
                                    Thread.onSpinWait()
                                }
                            }.timeout(LONG)
                    }
                }
            onOneThread { pool ->
                val outcomes = Gather
                    .of(tasks)
                    .executor(pool)
                    .settled()
                    .soon()
                outcomes.filterIndexed { index, _ -> index % 2 == 1 }.all { it.isSuccess } shouldBe true
                pool.isInterrupted() shouldBe false
            }
            strays.get() shouldBe 0
        }
    })
