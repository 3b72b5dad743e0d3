package dev.gather.verification.faults

import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.guarantee.LONG
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.SHORT
import dev.gather.verification.guarantee.soon
import dev.gather.verification.race.patiently
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** Where one body runs inside another on one thread, an interrupt reaches the one that it is for, and only that. */
class NestedInterruptSpec :
    FunSpec({
        timeout = (3 * PATIENCE).seconds.inWholeMilliseconds

        for (below in Below.entries) {
            for (stop in Stop.entries) {
                test("$stop of the outer gather does not interrupt the body above it, $below") {
                    val release = CountDownLatch(1)
                    val started = CompletableFuture<Unit>()
                    val above = CompletableFuture<Result<Int>>()
                    val outerHeard = CompletableFuture<Boolean>()
                    val inner = Task.of {
                        started.complete(Unit)
                        release.await() // an interrupt would end it
                        1
                    }
                    val outer = stop.start(started) {
                        // An owner of its own, so the end of the outer gather is not its own end.
                        above.complete(runCatching { below.run(inner, GatherScope()) })
                        outerHeard.complete(runCatching { never() }.isInterrupt())
                    }
                    try {
                        started.soon()
                        stop.now(outer)
                    } finally {
                        release.countDown()
                    }
                    above.soon() shouldBe Result.success(1)
                    outerHeard.soon() shouldBe true
                    outer.future.terminated().soon()
                }

                test("$stop of the outer gather reaches its body after a quick one above it, $below") {
                    val started = CompletableFuture<Unit>()
                    val stopped = CompletableFuture<Unit>()
                    val outerHeard = CompletableFuture<Boolean>()
                    val inner = Task.of {
                        started.complete(Unit)
                        awaitAwake(stopped)
                        1
                    }
                    val outer = stop.start(started) {
                        runCatching { below.run(inner, GatherScope()) }
                        outerHeard.complete(runCatching { never() }.isInterrupt())
                    }
                    started.soon()
                    stop.now(outer)
                    stopped.complete(Unit)
                    outerHeard.soon() shouldBe true
                    outer.future.terminated().soon()
                }
            }

            for (innerStop in InnerStop.entries) {
                for (listens in listOf(true, false)) {
                    val how = if (listens) "that ends with it" else "that takes no notice"
                    test("$innerStop of the inner gather, $how, does not interrupt the body below, $below") {
                        val scope = GatherScope()
                        val started = CompletableFuture<Unit>()
                        val stopped = CompletableFuture<Unit>()
                        val reached = CompletableFuture<Unit>()
                        val inner = Task.of {
                            started.complete(Unit)
                            if (listens) never() else awaitAwake(stopped)
                            1
                        }
                        val goOn = CountDownLatch(1)
                        val body = Task.of {
                            val outcome = runCatching { below.run(innerStop.task(inner, reached), scope, innerStop) }
                            val flag = Thread.currentThread().isInterrupted
                            goOn.await()
                            outcome to flag
                        }
                        val future = Gather.of(body).all()
                        started.soon()
                        val close = if (innerStop == InnerStop.SCOPE) CompletableFuture.runAsync(scope::close) else null
                        reached.soon()
                        stopped.complete(Unit)
                        close?.soon()
                        goOn.countDown()
                        val (outcome, flag) = future.inTime().single()
                        outcome.isFailure shouldBe true
                        flag shouldBe false
                    }
                }
            }
        }

        test("of three bodies, one on another, each gets its own interrupt") {
            val scopes = List(2) { GatherScope() }
            val started = CompletableFuture<Unit>()
            val heard = List(3) { CompletableFuture<Boolean>() }
            val inline = Executor(Runnable::run)

            fun level(depth: Int): Task<Int> =
                Task.of {
                    if (depth < 2) {
                        val next = Gather.of(level(depth + 1)).scope(scopes[depth]).executor(inline)
                        runCatching { next.all().soon() }
                    } else {
                        started.complete(Unit)
                    }
                    heard[depth].complete(runCatching { never() }.isInterrupt()).let { depth }
                }
            val future = Gather.of(level(0)).all()
            started.soon()
            future.cancel(true) // the lowest first, then the one in the middle
            val middle = CompletableFuture.runAsync(scopes[0]::close)
            patiently("the close") { scopes[0].isClosed }
            heard.map { it.isDone } shouldBe List(3) { false }
            scopes[1].close()
            middle.soon()
            heard.map { it.soon() } shouldBe List(3) { true }
            future.terminated().soon()
        }

        test("a task timeout of a body on the caller's thread leaves the caller uninterrupted") {
            val slow = Task.of { never() }.timeout(SHORT)
            val other = Task.of { Thread.currentThread().isInterrupted }
            val outcomes = inTime {
                Gather
                    .of(listOf<Task<out Any>>(slow, other))
                    .executor(Executor(Runnable::run))
                    .settled()
                    .inTime()
                    .also { Thread.currentThread().isInterrupted shouldBe false }
            }
            outcomes[0].shouldBeInstanceOf<Outcome.Failure<*>>()
            outcomes[1] shouldBe Outcome.Success(false)
        }
    })

private fun never(): Int = CompletableFuture<Int>().get(SECONDS, TimeUnit.SECONDS)

private fun Result<*>.isInterrupt() = exceptionOrNull() is InterruptedException

/** Waits without noticing an interrupt, and leaves its flag as it is. */
private fun awaitAwake(future: CompletableFuture<*>) {
    val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS)
    while (!future.isDone) {
        check(System.nanoTime() < end) { "nobody completes it" }
        Thread.onSpinWait()
    }
}

/** What makes the inner body run on the thread of the outer. */
private enum class Below {
    INLINE {
        override fun run(
            inner: Task<Int>,
            scope: GatherScope,
            stop: InnerStop?,
        ) = gather(inner, scope, stop)
            .executor(Executor(Runnable::run))
            .all()
            .soon()
            .single()
    },
    CALLER_RUNS {
        override fun run(
            inner: Task<Int>,
            scope: GatherScope,
            stop: InnerStop?,
        ): Int {
            val free = CountDownLatch(1)
            val pool =
                ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    LinkedBlockingQueue(1),
                    ThreadPoolExecutor.CallerRunsPolicy(),
                )
            repeat(2) { pool.execute(free::await) } // no room at all
            try {
                return gather(inner, scope, stop)
                    .executor(pool)
                    .all()
                    .soon()
                    .single()
            } finally {
                free.countDown()
                pool.shutdown()
            }
        }
    },
    ;

    abstract fun run(
        inner: Task<Int>,
        scope: GatherScope,
        stop: InnerStop? = null,
    ): Int

    fun gather(
        inner: Task<Int>,
        scope: GatherScope,
        stop: InnerStop?,
    ): Gather<Int> {
        val gather = Gather.of(inner).scope(scope)
        return if (stop == InnerStop.DEADLINE) gather.timeout(SHORT) else gather
    }
}

private class Outer(
    val future: GatherFuture<*>,
    val scope: GatherScope,
    val failing: CompletableFuture<Int>,
    /** The other task has started. */
    val waiting: CompletableFuture<Unit>,
    val witness: CompletableFuture<Unit>,
)

/** How the outer gather is stopped. */
private enum class Stop {
    CANCEL,
    DERIVED,
    SCOPE,
    DEADLINE,
    TASK_DEADLINE,
    FAILURE,
    ;

    fun start(
        started: CompletableFuture<Unit>,
        body: () -> Unit,
    ): Outer {
        val scope = GatherScope()
        val failing = CompletableFuture<Int>()
        val witness = CompletableFuture<Unit>()
        val waiting = CompletableFuture<Unit>()
        val tasks = listOf(
            Task.of { body().let { 1 } },
            Task.of {
                waiting.complete(Unit)
                try {
                    started.soon() // in the time of the deadline, too
                    never()
                } finally {
                    witness.complete(Unit)
                }
            },
            Task.started(failing),
        )
        val future = Gather
            .of(tasks)
            .scope(scope)
            .timeout(if (this == DEADLINE) SHORT else LONG)
            .taskTimeout(if (this == TASK_DEADLINE) SHORT else LONG)
            .all()
        return Outer(future, scope, failing, waiting, witness)
    }

    /** Returns when the tasks have been reached. */
    fun now(outer: Outer) {
        outer.waiting.soon()
        when (this) {
            CANCEL -> outer.future.cancel(true)
            DERIVED -> outer.future.thenApply { it }.cancel(true)
            SCOPE -> CompletableFuture.runAsync(outer.scope::close)
            FAILURE -> outer.failing.completeExceptionally(IllegalStateException("the other"))
            DEADLINE, TASK_DEADLINE -> Unit
        }
        outer.witness.soon() // was started last, and is reached last
    }
}

/** How the inner gather, or its task, is stopped. */
private enum class InnerStop {
    SCOPE,
    DEADLINE,
    TASK_DEADLINE,
    ;

    /** A hook tells when it has been reached. */
    fun task(
        inner: Task<Int>,
        reached: CompletableFuture<Unit>,
    ): Task<Int> {
        val hooked = inner.onCancel { reached.complete(Unit) }
        return if (this == TASK_DEADLINE) hooked.timeout(SHORT) else hooked
    }
}
