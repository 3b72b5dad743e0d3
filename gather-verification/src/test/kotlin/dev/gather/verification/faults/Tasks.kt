package dev.gather.verification.faults

import dev.gather.GatherListener
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.Task
import java.time.Duration

/** How many tasks a gather of these specs has: more than a worker runs before it looks around. */
internal const val MANY = 100

internal val EVERYTHING: List<Outcome<Int>> = List(MANY) { Outcome.Success(it) }

/** Where tasks come from. */
internal enum class Source {
    LIST {
        override fun gather(body: (Int) -> Int) = Gather.each(numbers, body)
    },
    LAZY {
        override fun gather(body: (Int) -> Int) = Gather.each(lazy(), body)
    },
    TASKS {
        override fun gather(body: (Int) -> Int) = Gather.of(numbers.map { Task.of { body(it) } })
    },
    STAGES_OF_LIST {
        override fun gather(body: (Int) -> Int): Gather<Int> =
            Gather.eachAsync(numbers) { elsewhere.stage(it).thenApply(body) }
    },
    STAGES_OF_LAZY {
        override fun gather(body: (Int) -> Int): Gather<Int> =
            Gather.eachAsync(lazy()) { elsewhere.stage(it).thenApply(body) }
    },
    STAGES_OF_TASKS {
        override fun gather(body: (Int) -> Int) =
            Gather.of(numbers.map { Task.async { elsewhere.stage(it).thenApply(body) } })
    },
    ;

    abstract fun gather(body: (Int) -> Int = { it }): Gather<Int>

    val isBlocking: Boolean get() = ordinal <= TASKS.ordinal

    private companion object {
        val numbers = List(MANY) { it }
        val elsewhere = Elsewhere(threads = MANY) // a listener may keep each of them

        fun lazy() = Iterable { numbers.iterator() }
    }
}

/** A listener that is slow enough for others to come meanwhile. */
internal object SlowListener : GatherListener {
    override fun onEnd(
        index: Int,
        taskName: String?,
        outcome: Outcome<*>,
        elapsed: Duration,
    ) {
        repeat(50) { Thread.yield() }
    }
}

internal fun onStart(act: (Int) -> Unit) =
    object : GatherListener {
        override fun onStart(
            index: Int,
            taskName: String?,
        ) = act(index)
    }

internal fun onEnd(act: (Int) -> Unit) =
    object : GatherListener {
        override fun onEnd(
            index: Int,
            taskName: String?,
            outcome: Outcome<*>,
            elapsed: Duration,
        ) = act(index)
    }

internal fun onDropped(act: (Int) -> Unit) =
    object : GatherListener {
        override fun onDroppedError(
            index: Int,
            taskName: String?,
            error: Throwable,
        ) = act(index)
    }
