package dev.gather.coroutines.internal.bodies

import dev.gather.spi.CallerContext

/** Calls [code] as [CallerContext.run] does; it is called around each body, so it costs no object. */
internal inline fun <R> CallerContext.around(code: () -> R): R {
    val thread = Thread.currentThread()
    val before: ClassLoader? = thread.contextClassLoader
    var restore: Runnable? = null
    try {
        restore = enter(thread, before)
        return code()
    } finally {
        leave(thread, before, restore)
    }
}
