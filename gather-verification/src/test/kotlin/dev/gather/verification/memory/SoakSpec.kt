package dev.gather.verification.memory

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.guarantee.soon
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import java.lang.management.ManagementFactory
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import kotlin.time.Duration.Companion.hours

/** A million gathers under the stress profile, else ten thousand: the heap does not grow with their number. */
class SoakSpec :
    FunSpec({
        val gathers = if (Integer.getInteger("gather.stress", 1) > 1) 1_000_000 else 10_000

        suspend fun soak(one: suspend (Int) -> Unit) {
            for (number in 0 until gathers / 10) one(number)
            val before = usedHeap()
            for (number in gathers / 10 until gathers) one(number)
            val grown = usedHeap() - before
            grown shouldBeLessThan ALLOWANCE
        }

        test("the heap stays flat over many gathers of the facade, half of them cancelled") {
            GatherScope().use { owner ->
                soak { future(it, owner) }
            }
        }

        test("the heap stays flat over many gathers of the suspend functions, half of them cancelled") {
            val owner = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            soak { suspending(it, owner) }
            owner.coroutineContext.job.cancel()
        }

        test("a gather of the facade that runs for long keeps nothing of a task but its result") {
            val items = MeasuredItems()
            val future = Gather
                .each(items) { _: Int -> null }
                .limit(4)
                .taskTimeout(HOUR)
                .all()
            future.soon().size shouldBe ITEMS
            items.grown shouldBeLessThan RESULT * ITEMS
        }

        test("a gather of the suspend functions that runs for long keeps nothing of a task but its result") {
            val items = MeasuredItems()
            items.gather(limit = 4, taskTimeout = 1.hours) { yield() }.size shouldBe ITEMS
            items.grown shouldBeLessThan RESULT * ITEMS
        }

        test("the heap stays flat although the caller never gives its thread back, half of its gathers cancelled") {
            runBlocking {
                soak(::synchronous)
            }
        }
    })

/** Some fifty bytes for each of ten thousand, half a byte for each of a million. */
private const val ALLOWANCE = 512L shl 10

private const val ITEMS = 100_000

/** The bytes that the place of a result may take in a list that grows. */
private const val RESULT = 16L

private val HOUR = Duration.ofHours(1)

private fun usedHeap(): Long =
    List(5) {
        System.gc()
        ManagementFactory.getMemoryMXBean().heapMemoryUsage.used
    }.min()

/** Tells how much the heap has grown while all but the first tenth of them were read. */
private class MeasuredItems : Iterable<Int> {
    @Volatile
    var grown = Long.MAX_VALUE
        private set

    override fun iterator() =
        iterator {
            yieldAll(0 until ITEMS / 10)
            val before = usedHeap()
            yieldAll(ITEMS / 10 until ITEMS)
            grown = usedHeap() - before
        }
}

private fun future(
    number: Int,
    owner: GatherScope,
) {
    val stage = CompletableFuture<String>()
    val gather = start(number / 2 % 7, stage, owner) ?: return
    gather.thenApply { "$it" }
    when {
        number % 2 == 0 -> gather.cancel(true)
        number / 14 % 2 == 0 -> stage.complete("done")
        else -> stage.completeExceptionally(Boom())
    }
    gather.terminated().soon()
}

/** Gathers that end with the stage; null for one that nobody ends or holds. */
private fun start(
    kind: Int,
    stage: CompletableFuture<String>,
    owner: GatherScope,
): GatherFuture<*>? {
    val stages =
        Gather
            .of(Task.started(stage), Task.started(stage), Task.async { stage.thenApply { it } })
            .timeout(HOUR)
            .taskTimeout(HOUR)
    return when (kind) {
        0 -> stages.all()
        1 -> stages.onFailure(FailurePolicy.LEAVE_OTHERS).scope(owner).all()
        2 -> Gather.of(Task.of { "done" }, Task.of { throw Boom() }, Task.started(stage)).settled()
        3 ->
            Gather
                .each(1..3) { i: Int -> if (i == 3) stage.get() else "$i" }
                .limit(2)
                .grace(HOUR)
                .all()
        4 -> Gather.eachAsync(1..3) { i: Int -> stage.thenApply { "$it $i" } }.scope(owner).settled()
        5 -> Gather.zip(Callable { "done" }, Callable { stage.get() }) { a, b -> a + b }
        else -> null.also { Gather.started(listOf(stage, stage)).all().thenApply { it.size } }
    }
}

private suspend fun suspending(
    number: Int,
    owner: CoroutineScope,
) = coroutineScope {
    val pending = CompletableDeferred<Unit>()
    val caller =
        launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                call(number / 2 % 6, pending, owner)
            } catch (_: Boom) {
                // as it should
            }
        }
    when {
        number % 2 == 0 -> caller.cancel(CancellationException("enough"))
        number / 12 % 2 == 0 -> pending.complete(Unit)
        else -> pending.completeExceptionally(Boom())
    }
    caller.join()
}

private suspend fun call(
    kind: Int,
    pending: CompletableDeferred<Unit>,
    owner: CoroutineScope,
): List<Any?> =
    when (kind) {
        0 -> gather({ yield() }, { pending.await() }, timeout = 1.hours, taskTimeout = 1.hours)
        1 -> gather({ pending.await() }, { pending.await() }, onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner)
        2 -> gatherSettled({ }, { throw Boom() }, { pending.await() }, timeout = 1.hours)
        3 -> Iterable { iterator { yieldAll(1..3) } }.gather(limit = 2) { if (it == 3) pending.await() }
        4 -> List(3) { it }.gatherSettled(taskTimeout = 1.hours) { if (it == 2) pending.await() }
        else -> listOf(pending, pending).gather(timeout = 1.hours)
    }

/** Nothing in here suspends, so that whatever waits for the thread of the caller goes on waiting. */
private suspend fun synchronous(number: Int) {
    try {
        coroutineScope {
            val whole = coroutineContext.job
            val end: suspend () -> Int =
                when {
                    number % 2 == 0 -> ({ whole.cancel().let { number } })
                    number % 4 == 1 -> ({ number })
                    else -> ({ throw Boom() })
                }
            if (number / 4 % 2 ==
                0
            ) {
                gather({ number }, end, { number })
            } else {
                listOf(1, 2, 3).gather(limit = 2) { end() }
            }
        }
    } catch (_: Boom) {
        // as it should
    } catch (_: CancellationException) {
        // as well: it is the scope of the gather that was cancelled, and not its caller
    }
}
