package dev.gather.verification.faults

import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.verification.guarantee.soon
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

/** A gather of very many bodies gives its thread to whatever else waits there, after a while. */
class CedingSpec :
    FunSpec({
        timeout = (5 * PATIENCE).seconds.inWholeMilliseconds

        for (terminal in Terminal.entries) {
            for (stages in listOf(false, true)) {
                for (limit in listOf(1, 4, null)) {
                    val what = if (stages) "stages" else "bodies"
                    test("$terminal of an endless input of tiny $what, limit $limit: other work on its thread runs") {
                        onOneThread { thread ->
                            val input = UntilSomebodyElseRan()
                            val gather = input.gather(stages) { thread.execute(input::somebodyElse) }
                            terminal.outcomes((limit?.let(gather::limit) ?: gather).executor(thread))
                            input.cameToItsEnd shouldBe false
                        }
                    }
                }
            }
        }

        for (limit in listOf(1, 4)) {
            test("so does work that waits in front of a pool that is full, limit $limit") {
                BlockingPool(1).use { pool ->
                    val input = UntilSomebodyElseRan()
                    val gather = input.gather(stages = false) {
                        thread(isDaemon = true) { pool.execute(input::somebodyElse) }
                    }
                    gather
                        .limit(limit)
                        .executor(pool)
                        .settled()
                        .inTime()
                    input.cameToItsEnd shouldBe false
                }
            }
        }

        test("two long gathers on one thread both get on: the second ends while the first still runs") {
            onOneThread { thread ->
                val input = UntilSomebodyElseRan()
                val short = CompletableFuture<GatherFuture<List<Int>>>()
                val gather = input.gather(stages = false) {
                    val second = Gather.each(List(100) { it }) { it }.limit(2).executor(thread)
                    short.complete(second.all().also { it.thenRun(input::somebodyElse) })
                }
                gather
                    .limit(2)
                    .executor(thread)
                    .all()
                    .inTime()
                short.soon().inTime() shouldBe List(100) { it }
                input.cameToItsEnd shouldBe false
            }
        }

        for (limit in listOf(1, 4)) {
            for (source in listOf("list", "lazy input")) {
                test("a cancel that waits for the thread comes after a few bodies that take a while, $source, $limit") {
                    onOneThread { thread ->
                        val self = CompletableFuture<GatherFuture<*>>()
                        val after = AtomicInteger()
                        val numbers = List(100) { it }
                        val input = if (source == "list") numbers else Iterable { numbers.iterator() }
                        val future = Gather
                            .each(input) {
                                if (it == 0) thread.execute { self.soon().cancel(true) } else after.incrementAndGet()
                                LockSupport.parkNanos(A_WHILE)
                                it
                            }.limit(limit)
                            .executor(thread)
                            .all()
                        self.complete(future)
                        future.handle { _, _ -> }.soon()
                        future.terminated().soon()
                        after.get() shouldBeLessThan FEW
                        future.isCancelled shouldBe true
                    }
                }
            }
        }

        for (limit in listOf(1, 4)) {
            test("so it does where very many tiny bodies came before those, limit $limit") {
                onOneThread { thread ->
                    val others = CompletableFuture<Int>()
                    val slow = AtomicInteger()
                    val future = Gather
                        .each(List(TINY + 100) { it }) {
                            if (it == TINY) thread.execute { others.complete(slow.get()) }
                            if (it >= TINY && !others.isDone) {
                                slow.incrementAndGet()
                                LockSupport.parkNanos(A_WHILE)
                            }
                            it
                        }.limit(limit)
                        .executor(thread)
                        .all()
                    others.soon() shouldBeLessThan 2 * FEW
                    future.inTime()
                }
            }
        }

        for (limit in listOf(1, 3)) {
            test("a cancel from another thread: no body starts after it, limit $limit") {
                val executors = listOf<Executor>(Executor { Thread(it).start() }, Moody { it > limit })
                for (executor in executors) {
                    val started = AtomicInteger()
                    val running = CompletableFuture<Unit>()
                    val cancelled = CompletableFuture<Unit>()
                    val future = Gather
                        .each(List(100) { it }) {
                            if (started.incrementAndGet() == limit) running.complete(Unit)
                            awaitIgnoringInterrupts(cancelled)
                            it
                        }.limit(limit)
                        .executor(executor)
                        .all()
                    running.soon()
                    future.cancel(true) shouldBe true
                    cancelled.complete(Unit)
                    future.terminated().soon()
                    started.get() shouldBe limit
                }
            }
        }
    })

/** Enough for a worker to think that it may take long turns. */
private const val TINY = 3_000

/** Long enough to be told from a tiny body. */
private val A_WHILE = TimeUnit.MILLISECONDS.toNanos(20)

/** Not every body of the first turn. */
private const val FEW = 8

private fun onOneThread(test: (ExecutorService) -> Unit) {
    val thread = Executors.newSingleThreadExecutor()
    try {
        test(thread)
    } finally {
        thread.shutdownNow()
        check(thread.awaitTermination(PATIENCE, TimeUnit.SECONDS)) { "the thread is busy" }
    }
}

private fun awaitIgnoringInterrupts(future: CompletableFuture<*>) {
    while (true) {
        try {
            future.soon()
            return
        } catch (_: InterruptedException) {
            // that is what the cancel does; the body has to be there when it has been done
        }
    }
}

/** Ends as soon as something else has run, or after so many items that it never will. */
private class UntilSomebodyElseRan {
    private val other = AtomicBoolean()
    private val end = AtomicBoolean()

    val cameToItsEnd: Boolean get() = end.get()

    fun somebodyElse() = other.set(true)

    fun gather(
        stages: Boolean,
        atFirst: () -> Unit,
    ): Gather<Int> {
        val input = Iterable { generateSequence(0, ::next).iterator() }
        val body = { item: Int ->
            if (item == 0) atFirst()
            repeat(SPINS) { Thread.onSpinWait() }
            item
        }
        return if (stages) {
            Gather.eachAsync(input) { CompletableFuture.completedFuture(body(it)) }
        } else {
            Gather.each(input, body)
        }
    }

    private fun next(item: Int): Int? {
        if (other.get()) return null
        if (item == ENDLESS) end.set(true)
        return (item + 1).takeIf { item < ENDLESS }
    }

    private companion object {
        const val ENDLESS = 200_000
        const val SPINS = 200
    }
}
