package dev.gather.verification.faults

import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import dev.gather.verification.guarantee.SHORT
import dev.gather.verification.guarantee.soon
import dev.gather.verification.memory.Tracked
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import java.lang.ref.WeakReference
import java.time.Duration
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** What is over is held by nobody who outlives it: no queue, no stage that never ends, nobody who looked often. */
class LeftBehindSpec :
    FunSpec({
        timeout = (3 * PATIENCE).seconds.inWholeMilliseconds

        for (end in QueuedEnd.entries) {
            test("a helper that an executor keeps for ever holds nothing of a gather that has ended, $end") {
                for (kind in Kind.entries - end.cannot) {
                    val keeper = Keeper(runs = end.runs)
                    val tracked = Tracked()
                    end.run(kind, keeper, tracked)
                    withClue(kind) { tracked.shouldBeGarbage() }
                    keeper.kept.size shouldBeGreaterThan 0
                    keeper.kept.forEach(Runnable::run) // too late, and harmless
                }
            }
        }

        for (terminal in listOf("all", "settled", "any")) {
            test("a stage that never ends holds nothing of a gather whose grace has passed, $terminal") {
                val stage = Deaf()
                val tracked = Tracked()
                outlast(stage, terminal, tracked)
                tracked.shouldBeGarbage()
                stage.isDone shouldBe false
                stage.complete(1) // too late, and harmless
            }
        }

        for (poll in listOf("terminated", "terminated, of a derived stage", "terminated, with a bounded wait")) {
            test("whoever polls the end 10,000 times leaves nothing behind, $poll") {
                val stage = CompletableFuture<Int>()
                val future = Gather.of(Task.started(stage)).all()
                val derived = future.thenApply { it.size } as GatherFuture<*>
                val polled = List(POLLS) {
                    val end = if (poll ==
                        "terminated, of a derived stage"
                    ) {
                        derived.terminated()
                    } else {
                        future.terminated()
                    }
                    end.isDone shouldBe false
                    if (poll == "terminated, with a bounded wait") end.completeOnTimeout(null, 0, TimeUnit.NANOSECONDS)
                    WeakReference(end)
                }
                alive(polled) shouldBeLessThanOrEqual FEW
                stage.complete(1)
                future.terminated().soon()
            }
        }
    })

private const val POLLS = 10_000
private const val FEW = 10

/** So few that a worker does not make way for others. */
private const val FEW_TASKS = 4

/** How many different objects there still are. */
private fun alive(references: List<WeakReference<out Any>>): Int {
    repeat(10) {
        System.gc()
        if (count(references) <= FEW) return count(references)
    }
    return count(references)
}

private fun count(references: List<WeakReference<out Any>>): Int {
    val found = Collections.newSetFromMap(IdentityHashMap<Any, Boolean>())
    references.mapNotNullTo(found) { it.get() }
    return found.size
}

/** Takes no notice of a cancel. */
private class Deaf : CompletableFuture<Int>() {
    override fun cancel(mayInterruptIfRunning: Boolean) = true
}

/** Runs the first few, each on a thread, and keeps all there is, those too. */
private class Keeper(
    private val runs: Int,
) : Executor {
    val kept = ConcurrentLinkedQueue<Runnable>()

    override fun execute(command: Runnable) {
        kept.add(command)
        if (kept.size <= runs) Thread(command).start()
    }
}

private class Item

private class Value

private class Items(
    private val items: List<Item>,
) : Iterable<Item> {
    override fun iterator() = items.iterator()
}

private class Quiet : GatherListener

private enum class Kind {
    ITEMS,
    LIST,
    TASKS,
    STAGES,
}

/** How a gather ends of whose helpers an executor keeps every one. */
private enum class QueuedEnd(
    val runs: Int,
    /** A worker on input that may be endless makes way for others after a while, and needs one more thread then. */
    val cannot: Set<Kind> = emptySet(),
) {
    A_CANCEL_BEFORE_ANY_RAN(0),
    A_CANCEL_WHILE_SOME_RUN(2),
    SUCCESS(2, setOf(Kind.ITEMS)),
    FAILURE(2),
    A_DEADLINE(1),
    ;

    fun run(
        kind: Kind,
        keeper: Keeper,
        tracked: Tracked,
    ) {
        val started = CountDownLatch(1)
        val blocks = this == A_CANCEL_WHILE_SOME_RUN || this == A_DEADLINE
        val released = CompletableFuture<Int>() // a pool of others may take no notice of the cancel
        val body = { _: Item ->
            started.countDown()
            if (blocks) released.get()
            if (this == FAILURE) error("the first")
            tracked.track("value", Value())
        }
        val gather = gather(kind, List(FEW_TASKS) { tracked.track("item", Item()) }, tracked, body)
            .limit(3)
            .limiter(tracked.track("limiter", Limiter.concurrent(3)))
            .listener(tracked.track("listener", Quiet()))
            .executor(keeper)
            .timeout(if (this == A_DEADLINE) SHORT else Duration.ofHours(1))
        val future = gather.all()
        if (this == A_CANCEL_WHILE_SOME_RUN) inTime { started.await() }
        if (blocks && this != A_DEADLINE || runs == 0) future.cancel(true)
        future.handle { _, _ -> }.soon()
        future.terminated().soon()
        released.complete(0)
        tracked.track("future", future)
    }

    /** Who ends with the others needs no more threads than have been given; else it would wait for one for ever. */
    private fun stage(body: () -> Value): CompletableFuture<Value> =
        if (this ==
            SUCCESS
        ) {
            CompletableFuture.completedFuture(body())
        } else {
            CompletableFuture.supplyAsync(body) { Thread(it).start() }
        }

    private fun gather(
        kind: Kind,
        items: List<Item>,
        tracked: Tracked,
        body: (Item) -> Value,
    ): Gather<Value> =
        when (kind) {
            Kind.ITEMS -> Gather.each(tracked.track("iterable", Items(items)), body)
            Kind.LIST -> Gather.each(tracked.track("list", items.toMutableList()), body)
            Kind.TASKS -> Gather.of(items.map { item -> tracked.track("task", Task.of { body(item) }) })
            Kind.STAGES -> Gather.eachAsync(items) { item -> stage { body(item) } }
        }
}

/** A gather whose deadline has passed, and its grace, before one of its stages has ended. */
private fun outlast(
    stage: Deaf,
    terminal: String,
    tracked: Tracked,
) {
    val others = List(3) { tracked.track("task", Task.of { tracked.track("value", Any()) }) }
    val failing = Task.of<Any> { error("not a success") }
    val stages = listOf<Task<out Any>>(Task.async { stage }, Task.started(stage))
    val gather = Gather
        .of(stages + if (terminal == "any") listOf(failing) else others)
        .limiter(tracked.track("limiter", Limiter.concurrent(4)))
        .listener(tracked.track("listener", Quiet()))
        .executor(tracked.track("executor", Executor { Thread(it, "of $terminal").start() }))
        .timeout(SHORT)
        .grace(Duration.ofMillis(1))
    val future: GatherFuture<*> = when (terminal) {
        "all" -> gather.all()
        "any" -> gather.any()
        else -> gather.settled()
    }
    future.handle { _, _ -> }.soon()
    tracked.track("future", future)
}
