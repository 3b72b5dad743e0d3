package dev.gather.coroutines.internal

import java.util.concurrent.Executor

/**
 * Completing or cancelling a gather runs code of others, which may complete or cancel the gather
 * around it, and so on: 1,000 levels would not fit on a stack. Every so many levels this goes on
 * elsewhere.
 */
internal object StackGuard {
    private const val SAFE_DEPTH = 16
    private val depth = ThreadLocal<IntArray>()

    fun run(
        executor: Executor,
        action: () -> Unit,
    ) {
        val here = depth.get() ?: IntArray(1).also(depth::set)
        if (here[0] >= SAFE_DEPTH) {
            executor.execute { run(executor, action) }
            return
        }
        here[0]++
        try {
            action()
        } finally {
            here[0]-- // stays on the thread: an array keeps no class loader alive
        }
    }
}
