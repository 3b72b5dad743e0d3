@file:Suppress("unused")

package dev.gather.bridge.seen.dirty

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emptyFlow
import kotlin.time.Duration

class Bounded<T : ClosedRange<Int>>

interface Contract {
    companion object {
        fun of(name: String): String = name
    }
}

class Defaults(
    val limit: Int = 1,
) {
    fun call(limit: Int = 2): Int = limit
}

class Inside {
    internal fun hidden() {}
}

class Mangled {
    fun wait(time: Duration): Boolean = time.isPositive()
}

class Named {
    companion object {
        fun of(name: String): String = name
    }
}

class NamedOtherwise {
    companion object Factory {
        fun of(name: String): String = name
    }
}

class Returning {
    suspend fun find(id: String): String = id

    fun changes(): List<Flow<Int>> = listOf(emptyFlow())

    fun each(action: (Int) -> Unit) = action(1)

    @JvmField val range = 1..2
}

interface Sequences : Sequence<String>

class Quiet {
    private suspend fun find(id: String): String = id

    private val range = 1..2
}
