package dev.gather.coroutines.internal.door

import dev.gather.coroutines.internal.run.Undelivered
import dev.gather.spi.Release

/** Gives the values that nobody gets to a function of the caller. */
private class Releasing(
    private val function: (Any) -> Unit,
) : Release {
    override fun concerns(index: Int): Boolean = true

    override fun release(
        index: Int,
        value: Any,
    ) = function(value)
}

internal fun undelivered(release: ((Nothing) -> Unit)?): Undelivered? {
    @Suppress("UNCHECKED_CAST") // it gets the values of the tasks that it was given with
    return release?.let { Undelivered(Releasing(it as (Any) -> Unit)) }
}
