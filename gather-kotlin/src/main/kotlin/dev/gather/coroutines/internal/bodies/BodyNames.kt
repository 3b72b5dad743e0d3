package dev.gather.coroutines.internal.bodies

import dev.gather.spi.Work
import kotlinx.coroutines.CoroutineName
import kotlin.coroutines.CoroutineContext

// What bodies are called, for whoever looks at coroutines, or at a dump of the threads.

/** @param name that of the task, or its key */
internal fun bodyName(
    gather: String,
    index: Int,
    name: String?,
): String = "$gather[${name ?: index}]"

/** Null if nobody has given a name to the gather or to the task. */
internal fun bodyName(
    gather: String?,
    index: Int,
    work: Work,
): String? = if (gather == null && !work.isNamed) null else bodyName(gather ?: "gather", index, work.name())

/** Null if the coroutine has none. */
internal fun bodyName(context: CoroutineContext): String? = context[CoroutineName]?.name

/** The current thread is called so while it runs this; as before, if that is null. */
internal inline fun <T> onNamedThread(
    name: String?,
    action: () -> T,
): T {
    val before = nameThread(name)
    try {
        return action()
    } finally {
        nameThread(before)
    }
}

/** The current thread is called so from here on; returns what it was called. Null is for nothing to be done. */
internal fun nameThread(name: String?): String? {
    if (name == null) return null
    val thread = Thread.currentThread()
    return thread.name.also { thread.name = name }
}
