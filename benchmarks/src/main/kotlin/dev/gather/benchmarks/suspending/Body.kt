package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.Item
import dev.gather.benchmarks.workloads.Work
import kotlinx.coroutines.delay
import kotlinx.coroutines.yield

/** What a task does. Each contender calls it from a lambda of its own, as a user's code would call a function. */
interface Body {
    suspend fun call(item: Item): Item
}

class Shortly : Body {
    override suspend fun call(item: Item): Item = Work.shortly(item)
}

class Computing(
    private val micros: Int,
) : Body {
    override suspend fun call(item: Item): Item = Work.forMicros(micros, item)
}

class Yielding : Body {
    override suspend fun call(item: Item): Item {
        yield()
        return item
    }
}

class Pausing(
    private val millis: Long,
) : Body {
    override suspend fun call(item: Item): Item {
        delay(millis)
        return item
    }
}
