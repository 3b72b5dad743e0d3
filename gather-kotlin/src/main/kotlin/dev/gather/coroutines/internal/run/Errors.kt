package dev.gather.coroutines.internal.run

import java.io.InterruptedIOException
import java.net.SocketTimeoutException
import java.nio.channels.ClosedByInterruptException
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.CompletionException
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.cancellation.CancellationException

/**
 * Errors after which nothing can be trusted; they never become an outcome. A stack that is used up is there again when
 * the body has returned.
 */
@Suppress("DEPRECATION") // ThreadDeath is still thrown on 17
internal fun isFatal(error: Throwable): Boolean =
    error is VirtualMachineError && error !is StackOverflowError || error is ThreadDeath

/**
 * Whether an exception thrown by a task that had been cancelled is just that, the cancellation, as
 * interrupted code reports it, perhaps wrapped.
 */
internal fun isCancellation(error: Throwable): Boolean {
    var at: Throwable? = error
    repeat(MAX_CAUSES) {
        when (at) {
            null -> return false
            is CancellationException, is InterruptedException, is ClosedByInterruptException -> return true
            is InterruptedIOException -> return at !is SocketTimeoutException
        }
        at = at?.cause
    }
    return false
}

/** The exception a stage failed with, without the wrapper that derived stages put round it. */
internal fun unwrapped(error: Throwable): Throwable {
    var at = error
    repeat(MAX_CAUSES) {
        val cause = at.cause
        if (at !is CompletionException || cause == null) return at
        at = cause
    }
    return at
}

/**
 * The refusal of an executor for which kotlinx.coroutines has cancelled what it could not resume; null where that was
 * cancelled by somebody. With stack-trace recovery on it stands behind copies of that cancellation.
 */
internal fun refusalBehind(cancellation: Throwable?): RejectedExecutionException? {
    var at = cancellation
    repeat(MAX_CAUSES) {
        if (at !is CancellationException) return at.takeIf { it !== cancellation } as? RejectedExecutionException
        at = at.cause
    }
    return null
}

/** Causes may run in a circle. */
private const val MAX_CAUSES = 32

/** Adds the other failures to the one that is thrown; whatever can go wrong with that is ignored. */
internal fun Throwable.suppress(others: Iterable<Throwable>) {
    val seen = Collections.newSetFromMap(IdentityHashMap<Throwable, Boolean>())
    seen.add(this)
    seen.addAll(suppressed)
    for (other in others) {
        if (seen.add(other)) addSuppressed(other)
    }
}

/**
 * Whether a cancellation that a body throws is no cancellation of that body, but belongs to a scope further out, which
 * waits for it: Arrow's `raise` and the signals with which a flow is left are of this kind. The exceptions of the JDK
 * and of kotlinx.coroutines that say that something was cancelled are just what they are; a class of somebody else's
 * is there to be recognized by somebody.
 */
internal fun isControlFlow(error: Throwable): Boolean =
    error is CancellationException && error.javaClass.name.let { name ->
        name.startsWith(FLOW_SIGNALS) || PLAIN_CANCELLATIONS.none(name::startsWith)
    }

private const val FLOW_SIGNALS = "kotlinx.coroutines.flow."

private val PLAIN_CANCELLATIONS = listOf("java.", "kotlin.", "kotlinx.coroutines.")
