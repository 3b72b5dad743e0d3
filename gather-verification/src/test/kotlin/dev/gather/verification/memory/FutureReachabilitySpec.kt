package dev.gather.verification.memory

import dev.gather.FailurePolicy
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** What is still reachable when a gather of the facade is over. */
class FutureReachabilitySpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        for (ending in FutureEnding.entries) {
            for (terminal in Terminal.entries) {
                if (ending == FutureEnding.LEFT && terminal == Terminal.SETTLED) continue
                for (input in FutureInput.entries) {
                    test("a future of $terminal, $ending, holds nothing it was given: $input") {
                        val tracked = Tracked()
                        val future = ending.run(input, terminal, tracked)
                        tracked.shouldBeGarbage()
                        future.isDone shouldBe true
                        future.toString() shouldStartWith "GatherFuture["
                    }
                }
            }
        }

        test("a future that nobody holds is garbage, although it is not done") {
            val tracked = Tracked()
            abandon(tracked)
            tracked.shouldBeGarbage()
        }

        test("a scope that stays open does not hold the gathers that are over") {
            val tracked = Tracked()
            GatherScope().use { scope ->
                for (ending in FutureEnding.entries) ending.runIn(scope, tracked)
                tracked.shouldBeGarbage()
                scope.isClosed shouldBe false
            }
        }

        test("what waits in the queue of a busy pool holds no body of a gather that is over") {
            val queue = ArrayDeque<Runnable>()
            val tracked = Tracked()
            for (input in FutureInput.entries) cancelInQueue(input, queue, tracked)
            tracked.shouldBeGarbage()
            queue.size shouldBeInRange FutureInput.entries.size..2 * FutureInput.entries.size
            queue.forEach(Runnable::run)
        }

        for (cancelled in listOf(false, true)) {
            val how = if (cancelled) "cancelled" else "completed"
            test("no timer holds a gather that was $how") {
                val tracked = Tracked()
                withTimers(cancelled, tracked)
                tracked.shouldBeGarbage()
            }
        }

        test("a view does not hold the gather that was completed") {
            val tracked = Tracked()
            val view = view(tracked)
            tracked.shouldBeGarbage()
            view.soon() shouldBe listOf("done")
        }
    })

private val HOUR = Duration.ofHours(1)
private val SHORT = Duration.ofMillis(50)

/** Waits for [release], then does as it is told. */
private class FutureBody(
    private val release: CountDownLatch?,
    private val started: CountDownLatch,
    private val error: Throwable? = null,
    private val ignoresInterrupts: Boolean = false,
) : Callable<Any> {
    override fun call(): Any {
        started.countDown()
        while (release != null && release.count > 0) {
            try {
                release.await()
            } catch (e: InterruptedException) {
                if (!ignoresInterrupts) throw e
            }
        }
        if (error != null) throw error
        return "done"
    }
}

private class Hook : Runnable {
    override fun run() = Unit
}

private class Pool : Executor {
    override fun execute(command: Runnable) = Thread(command).start()
}

/** How two tasks are given to a gather. */
private enum class FutureInput(
    val gather: (Callable<Any>, Callable<Any>, Tracked) -> Gather<Any>,
) {
    TASKS({ first, second, tracked ->
        Gather.of(
            listOf(first, second).map { body ->
                val hook = tracked.track("hook", Hook())
                tracked.track("task", Task.of(body).onCancel(hook).timeout(HOUR))
            },
        )
    }),
    ITEMS({ first, second, tracked ->
        val items = tracked.track("iterable", Items(listOf(first, second)))
        Gather.each(items) { item: Any -> (item as Callable<*>).call()!! }
    }),
    STAGES({ first, second, tracked ->
        val threads = Pool()
        Gather.of(
            listOf(first, second).map { body ->
                tracked.track("task", Task.async { CompletableFuture.supplyAsync(body::call, threads) })
            },
        )
    }),
}

private enum class Terminal {
    ALL,
    SETTLED,
    COMBINED,
    ;

    fun start(
        gather: Gather<Any>,
        tracked: Tracked,
    ): GatherFuture<*> {
        val captured = tracked.track("what the function captured", Any())
        return when (this) {
            ALL -> gather.all()
            SETTLED -> gather.settled()
            COMBINED -> gather.combine { "$it $captured".length }
        }
    }
}

/** How a gather comes to its end; what it was made of is tracked. */
private enum class FutureEnding {
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    OUTLASTED_ITS_GRACE,
    CANCELLED,
    COMPLETED_FROM_OUTSIDE,
    LEFT,
    ;

    fun run(
        input: FutureInput,
        terminal: Terminal,
        tracked: Tracked,
        scope: GatherScope? = null,
    ): GatherFuture<*> {
        val started = CountDownLatch(2)
        val release = CountDownLatch(1)
        val stubborn = this == OUTLASTED_ITS_GRACE
        val waits = this != SUCCEEDED && this != FAILED
        val first =
            FutureBody(release.takeIf { waits && this != LEFT }, started, Boom().takeIf { this in FAILING }, stubborn)
        val second = FutureBody(release.takeIf { waits }, started, null, stubborn)
        val described =
            input
                .gather(tracked.track("body", first), tracked.track("body", second), tracked)
                .listener(tracked.track("listener", Listener()))
                .executor(tracked.track("executor", Pool()))
                .timeout(if (this == TIMED_OUT || stubborn) SHORT else HOUR)
                .taskTimeout(HOUR)
                .grace(if (stubborn) SHORT else HOUR)
                .onFailure(if (this == LEFT) FailurePolicy.LEAVE_OTHERS else FailurePolicy.AWAIT_OTHERS)
        val future = terminal.start(if (scope == null) described else described.scope(scope), tracked)
        if (this == CANCELLED || this == COMPLETED_FROM_OUTSIDE) check(started.await(SECONDS, TimeUnit.SECONDS))
        if (this == CANCELLED) future.cancel(true)
        if (this == COMPLETED_FROM_OUTSIDE) future.completeExceptionally(Boom())
        future.handle { _, _ -> }.soon()
        release.countDown() // for what is left, and for what nobody interrupts behind a stage
        future.terminated().soon()
        return future
    }

    fun runIn(
        scope: GatherScope,
        tracked: Tracked,
    ) {
        tracked.track("future", run(FutureInput.TASKS, Terminal.ALL, tracked, scope))
    }

    private companion object {
        val FAILING = setOf(FAILED, LEFT)
    }
}

private fun abandon(tracked: Tracked) {
    val stage = tracked.track("stage", CompletableFuture<String>())
    val future = tracked.track("future", Gather.of(Task.started(stage)).all())
    tracked.track("derived stage", future.thenApply { it.size })
    tracked.track("view", future.shielded())
    tracked.track("end", future.terminated())
}

private fun cancelInQueue(
    input: FutureInput,
    queue: ArrayDeque<Runnable>,
    tracked: Tracked,
) {
    val bodies = List(2) { tracked.track("body", FutureBody(null, CountDownLatch(2))) }
    val gather = input.gather(bodies[0], bodies[1], tracked).executor { queue.add(it) }
    val future = Terminal.COMBINED.start(gather, tracked)
    future.cancel(true)
    future.terminated().soon()
}

private fun withTimers(
    cancelled: Boolean,
    tracked: Tracked,
) {
    val stage = CompletableFuture<String>()
    val task = Task.started(stage).timeout(HOUR)
    val future = tracked.track(
        "future",
        Gather
            .of(task, Task.started(stage))
            .timeout(HOUR)
            .taskTimeout(HOUR)
            .grace(HOUR)
            .all(),
    )
    val derived = tracked.track("derived stage", future.thenApply { it.size })
    val view = tracked.track("view", future.shielded())
    for (each in listOf(future, derived, view)) each.orTimeout(1, TimeUnit.HOURS)
    if (cancelled) future.cancel(true) else stage.complete("done")
    future.terminated().soon()
}

private fun view(tracked: Tracked): CompletableFuture<List<String>> {
    val future = tracked.track("future", Gather.of(Callable { "done" }).all())
    return future.shielded().also { future.soon() }
}
