package dev.gather.verification.faults

import dev.gather.FailurePolicy
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.guarantee.LONG
import dev.gather.verification.guarantee.SHORT
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** Whoever hears that a future is done may wait for the end of what is left, whoever ended it. */
class SelfWaitSpec :
    FunSpec({
        timeout = (3 * PATIENCE).seconds.inWholeMilliseconds

        // ---- what LEAVE_OTHERS leaves

        for (wait in Wait.entries) {
            test("LEAVE_OTHERS: a dependent waits $wait") {
                for (derived in Derived.entries) {
                    for (other in Other.entries) {
                        withClue("$derived, $other") { wait.afterAFailure(derived, other) }
                    }
                }
            }
        }

        test("LEAVE_OTHERS: a dependent waits although the failure came on the thread of a stage") {
            val scope = GatherScope()
            val failing = CompletableFuture<Int>()
            val left = CompletableFuture<Int>()
            val future = Gather
                .started(listOf(failing, left))
                .onFailure(FailurePolicy.LEAVE_OTHERS)
                .scope(scope)
                .all()
            val waited = future.handle { _, _ -> scope.close() }
            inTime { failing.completeExceptionally(IllegalStateException("the first")) }
            waited.soon()
            left.isCancelled shouldBe true
        }

        test("LEAVE_OTHERS: the only task fails, and a dependent waits for the end") {
            for (executor in executors()) {
                val goOn = CountDownLatch(1)
                val future = Gather
                    .of(Task.of<Int> { goOn.await().let { error("the first") } })
                    .onFailure(FailurePolicy.LEAVE_OTHERS)
                    .executor(executor)
                    .all()
                val waited = future.handle { _, _ -> future.awaitEnd() }
                goOn.countDown()
                waited.soon()
            }
        }

        // ---- who cancels from inside

        for (inside in Inside.entries) {
            for (alone in listOf(true, false)) {
                val who = if (alone) "the only task" else "one of several tasks"
                test("$inside of $who cancels its own gather, whose dependents wait for the end") {
                    for (how in How.entries) {
                        for (derived in Derived.entries) {
                            val self = CompletableFuture<GatherFuture<List<Int>>>()
                            val future = inside.gather(alone) { how.cancel(self.soon()) }.all()
                            val waited = derived.stage(future).handle { _, _ -> future.awaitEnd() }
                            self.complete(future)
                            withClue("$how, $derived") {
                                waited.soon()
                                future.terminated().soon()
                            }
                            future.isDone shouldBe true
                        }
                    }
                }
            }
        }

        // ---- H4: the end and the result are there together

        for (ending in Ending.entries) {
            test("a dependent of terminated() waits for the result, $ending") {
                val goOn = CountDownLatch(1)
                val future = ending.gather(goOn).all()
                val derived = future.thenApply { it.size }
                val view = future.shielded()
                val seen = listOf<CompletableFuture<*>>(future, derived, view, future.copy()).map { looked ->
                    future.terminated().thenApply { looked.handle { _, _ -> }.soon() }
                }
                goOn.countDown()
                ending.stop(future)
                seen.forEach { it.soon() }
                listOf(future, derived, view).forEach { each -> each.handle { _, _ -> }.soon() }
            }

            test("a dependent of the result waits for terminated(), $ending") {
                val goOn = CountDownLatch(1)
                val future = ending.gather(goOn).all()
                val derived = future.thenApply { it.size }
                val seen = listOf<CompletableFuture<*>>(future, derived, future.shielded()).map { looked ->
                    looked.handle { _, _ -> future.awaitEnd() }
                }
                goOn.countDown()
                ending.stop(future)
                seen.forEach { it.soon() }
            }
        }
    })

/** As a user would join it, on a thread that may have been interrupted by the cancel; but not for ever. */
private fun GatherFuture<*>.awaitEnd() {
    terminated().orTimeout(PATIENCE, TimeUnit.SECONDS).join()
}

private fun executors(): List<Executor> = listOf(Executor { Thread(it).start() }, Moody { it > 1 })

/** How a dependent waits for what is left. */
private enum class Wait(
    /** Whether it waits for it to end by itself. */
    val leaves: Boolean,
) {
    FOR_TERMINATED(true) {
        override fun until(
            future: GatherFuture<*>,
            scope: GatherScope,
        ) {
            future.awaitEnd()
        }
    },
    FOR_THE_CLOSE_OF_ITS_SCOPE(false) {
        override fun until(
            future: GatherFuture<*>,
            scope: GatherScope,
        ) = scope.close()
    },
    FOR_A_CLOSE_BY_ANOTHER(false) {
        override fun until(
            future: GatherFuture<*>,
            scope: GatherScope,
        ) = inTime { scope.close() }
    },
    ;

    abstract fun until(
        future: GatherFuture<*>,
        scope: GatherScope,
    )

    fun afterAFailure(
        derived: Derived,
        other: Other,
    ) {
        val goOn = CountDownLatch(1)
        val scope = GatherScope()
        val left = CompletableFuture<Int>()
        val future = Gather
            .of(Task.of<Int> { goOn.await().let { error("the first") } }, other.task(left))
            .onFailure(FailurePolicy.LEAVE_OTHERS)
            .scope(scope)
            .all()
        val waited = derived.stage(future).handle { _, _ -> until(future, scope) }
        goOn.countDown()
        if (leaves) future.handle { _, _ -> left.complete(1) }
        waited.soon()
        future.terminated().soon()
        future.failure().message shouldBe "the first"
    }
}

/** What the dependent depends on. */
private enum class Derived(
    val stage: (GatherFuture<List<Int>>) -> CompletableFuture<*>,
) {
    THE_FUTURE({ it }),
    A_DERIVED_STAGE({ future -> future.thenApply { it.size } }),
    A_COPY({ it.copy() }),
    A_VIEW({ it.shielded() }),
}

/** The task that is left. */
private enum class Other(
    val task: (CompletableFuture<Int>) -> Task<Int>,
) {
    BLOCKING({ left -> Task.of { left.get() } }),
    STAGE({ left -> Task.async { left } }),
    STARTED({ left -> Task.started(left) }),
}

/** Whose code it is that cancels. */
private enum class Inside {
    A_BODY {
        override fun gather(
            alone: Boolean,
            act: () -> Unit,
        ) = others(
            alone,
            Task.of {
                act()
                1
            },
        )
    },
    A_BODY_OF_A_STAGE {
        override fun gather(
            alone: Boolean,
            act: () -> Unit,
        ) = others(
            alone,
            Task.async {
                act()
                CompletableFuture<Int>()
            },
        )
    },
    A_STAGE {
        override fun gather(
            alone: Boolean,
            act: () -> Unit,
        ) = others(alone, Task.async { CompletableFuture.supplyAsync { act().let { 1 } } })
    },
    ONE_THAT_HEARS_OF_A_START {
        override fun gather(
            alone: Boolean,
            act: () -> Unit,
        ) = others(alone, Task.of { 1 }).listener(onStart { if (it == 0) act() })
    },
    ONE_THAT_HEARS_OF_AN_END {
        override fun gather(
            alone: Boolean,
            act: () -> Unit,
        ) = others(alone, Task.of { 1 }).listener(onEnd { if (it == 0) act() })
    },
    A_HOOK {
        override fun gather(
            alone: Boolean,
            act: () -> Unit,
        ) = others(alone, Task.of { CompletableFuture<Int>().get() }.onCancel(act)).timeout(SHORT)
    },
    A_HOOK_OF_ITS_OWN_DEADLINE {
        override fun gather(
            alone: Boolean,
            act: () -> Unit,
        ) = others(alone, Task.of { CompletableFuture<Int>().get() }.onCancel(act).timeout(SHORT))
    },
    ;

    abstract fun gather(
        alone: Boolean,
        act: () -> Unit,
    ): Gather<Int>

    fun others(
        alone: Boolean,
        task: Task<Int>,
    ): Gather<Int> {
        val others = List(3) { Task.of { CompletableFuture<Int>().get() } }
        return Gather.of(if (alone) listOf(task) else listOf(task) + others)
    }
}

private enum class How(
    val cancel: (GatherFuture<List<Int>>) -> Unit,
) {
    CANCEL({ it.cancel(true) }),
    BY_A_DERIVED_STAGE({ future -> future.thenApply { it.size }.cancel(true) }),
    COMPLETE({ it.complete(listOf()) }),
    FAIL({ it.completeExceptionally(IllegalStateException("from inside")) }),
}

/** How a gather comes to its end once it may. */
private enum class Ending {
    SUCCESS,
    FAILURE,
    DEADLINE,
    CANCEL,
    GRACE,
    ;

    fun gather(goOn: CountDownLatch): Gather<Int> {
        val never = CompletableFuture<Int>()
        val deaf = object : CompletableFuture<Int>() {
            override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
                completeOnTimeout(1, 2 * SHORT.toMillis(), TimeUnit.MILLISECONDS)
                return false
            }
        }
        return when (this) {
            SUCCESS -> Gather.of(Task.of { goOn.await().let { 1 } })
            FAILURE -> Gather.of(Task.of<Int> { goOn.await().let { error("the first") } })
            DEADLINE -> Gather.of(Task.of { never.get() }).timeout(SHORT)
            CANCEL -> Gather.of(Task.of { never.get() }).timeout(LONG)
            GRACE -> Gather.of(Task.async { deaf }).timeout(SHORT).grace(Duration.ofMillis(1))
        }
    }

    fun stop(future: GatherFuture<*>) {
        if (this == CANCEL) inTime { future.cancel(true) }
    }
}
