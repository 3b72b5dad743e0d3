package dev.gather.verification.fuzz

import dev.gather.CancelReason
import dev.gather.Outcome
import dev.gather.verification.race.Boom
import dev.gather.verification.race.aMoment
import dev.gather.verification.race.patiently
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.Executor
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicIntegerArray

/** The bodies of one case, and what is known about them. */
class Work(
    private val case: Case,
    private val later: Executor,
) {
    private val runs = AtomicIntegerArray(case.tasks)
    private val begun = AtomicInteger()
    private val inside = AtomicInteger()
    private val most = AtomicInteger()

    /** Which have a value, how often it was released, and whether somebody got it. */
    private val made = AtomicIntegerArray(case.tasks)
    private val released = AtomicIntegerArray(case.tasks)
    private val delivered = AtomicIntegerArray(case.tasks)

    /** Completes when the caller is to have enough. */
    val enough = CompletableFuture<Unit>()

    val starts: Int get() = begun.get()
    val running: Int get() = inside.get()

    init {
        if (case.cancelAfter == 0) enough.complete(Unit)
    }

    private fun begins(index: Int) {
        runs.incrementAndGet(index)
        most.accumulateAndGet(inside.incrementAndGet(), ::maxOf)
        if (begun.incrementAndGet() == case.cancelAfter) enough.complete(Unit)
    }

    fun block(index: Int): Int {
        begins(index)
        try {
            if (index % 3 == 0) Thread.yield() else aMoment()
            return result(index).also { made.set(index, 1) }
        } finally {
            inside.decrementAndGet()
        }
    }

    /** One that runs already, and is no business of the limit. */
    fun started(index: Int): CompletableFuture<Int> {
        runs.incrementAndGet(index)
        val stage = CompletableFuture<Int>()
        later.execute { end(index, stage) }
        return Cancelling(stage.whenComplete { value, _ -> if (value != null) made.set(index, 1) }, stage)
    }

    /** Some end at once, most later. */
    fun stage(index: Int): CompletableFuture<Int> {
        begins(index)
        val stage = CompletableFuture<Int>()
        val counted = stage.whenComplete { value, _ ->
            if (value != null) made.set(index, 1) // and it was not cancelled meanwhile
            inside.decrementAndGet()
        }
        if (index % 5 == 0) end(index, stage) else later.execute { end(index, stage) }
        return Cancelling(counted, stage)
    }

    private fun end(
        index: Int,
        stage: CompletableFuture<Int>,
    ) {
        try {
            stage.complete(result(index))
        } catch (e: Boom) {
            stage.completeExceptionally(e)
        }
    }

    /** Suspends and comes back, or not. */
    suspend fun suspending(
        index: Int,
        suspend: suspend () -> Unit,
    ): Int {
        begins(index)
        try {
            if (index % 5 != 0) suspend()
            return result(index).also { made.set(index, 1) }
        } finally {
            inside.decrementAndGet()
        }
    }

    private fun result(index: Int): Int {
        aMoment()
        if (index in case.failing) throw Boom(index)
        return index
    }

    fun release(value: Int) {
        released.incrementAndGet(value)
    }

    fun delivered(value: Int) = delivered.set(value, 1)

    /** Whether each value is where it belongs. */
    fun isAccountedFor(): Boolean = case.lost() == null

    private fun Case.lost(): String? {
        if (!releases) return null
        for (index in 0 until tasks) {
            val ends = "made ${made[index]}, delivered ${delivered[index]}, released ${released[index]}"
            if (delivered[index] + released[index] != made[index]) return "value $index: $ends"
        }
        return null
    }

    /** After the end. [stopped]: something was to keep tasks from running. */
    fun check(stopped: Boolean) {
        check(running == 0) { "$running bodies are still running" }
        val bound = minOf(case.limit, case.permits)
        check(most.get() <= bound) { "${most.get()} ran at once" }
        for (index in 0 until case.tasks) {
            val times = runs.get(index)
            check(times <= 1) { "body $index ran $times times" }
            if (!stopped && case.mayNotRefuse) check(times == 1) { "body $index did not run" }
        }
        case.lost()?.let { throw AssertionError(it) }
        case.limiter?.let {
            // One may be on its way to a gather that has just ended, which gives it back.
            patiently("permits are out after the end: $it") { it.active() == 0 && it.waiting() == 0 }
        }
    }

    /** [stopped]: something was to keep tasks from running, or from running on. */
    fun judge(
        index: Int,
        outcome: Outcome<*>,
        stopped: Boolean,
    ) {
        val times = runs.get(index)
        when (outcome) {
            is Outcome.Success -> {
                check(outcome.value == index && index !in case.failing) { "task $index: $outcome" }
                check(times == 1) { "task $index ran $times times: $outcome" }
            }
            is Outcome.Failure -> judge(index, outcome.cause)
            is Outcome.Cancelled -> {
                check(stopped) { "task $index: $outcome" }
                check(outcome.reason != CancelReason.TASK) { "task $index: $outcome" }
                check(outcome.started || times == 0) { "task $index ran: $outcome" }
            }
        }
    }

    /** A failure of a task, of that one if it is known. */
    fun judge(
        index: Int?,
        cause: Throwable,
    ) {
        when (cause) {
            is Boom -> check(
                cause.round in case.failing && (index == null || cause.round == index),
            ) { "task $index: $cause" }
            is RejectedExecutionException -> check(!case.mayNotRefuse) { "task $index was refused: $cause" }
            else -> throw AssertionError("task $index: $cause", cause)
        }
    }
}

/** A stage that is cancelled together with what it is derived from. */
private class Cancelling(
    counted: CompletableFuture<Int>,
    private val source: CompletableFuture<Int>,
) : CompletableFuture<Int>() {
    init {
        counted.whenComplete { value, error ->
            if (error ==
                null
            ) {
                complete(value)
            } else {
                completeExceptionally((error as? CompletionException)?.cause ?: error)
            }
        }
    }

    override fun cancel(mayInterruptIfRunning: Boolean) = source.cancel(mayInterruptIfRunning)
}
