package dev.gather.coroutines.internal.door

import dev.gather.coroutines.internal.run.Undelivered
import dev.gather.spi.Release

/** The values that nobody gets go to a function of the caller. */
internal fun undelivered(release: ((Nothing) -> Unit)?): Undelivered? {
    @Suppress("UNCHECKED_CAST") // it gets the values of the tasks that it was given with
    val function = release as ((Any) -> Unit)? ?: return null
    val hook = Release.Hook(function)
    return Undelivered(Release { hook })
}
