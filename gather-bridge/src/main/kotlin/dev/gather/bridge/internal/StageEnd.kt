package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.future.GatherFuture
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import java.util.concurrent.Future
import java.util.concurrent.atomic.AtomicReference
import java.util.function.BiConsumer
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine

/** Awaits a stage for somebody who is cancelled together with it. */
internal suspend fun <T> CompletionStage<T>.awaitEnd(): StageEnd<T> {
    val end = StageEnd<T>().also(::whenComplete)
    val future = this as? Future<*>
    try {
        end.await()
    } catch (cancellation: CancellationException) {
        // Whose stage cannot be cancelled would wait for ever.
        if (future != null && future.cancelFor(cancellation)) end.awaitAnyway() else end.forget()
        awaitTerminated()
        end.failure?.let { if (it !is CancellationException && it !== cancellation) cancellation.addSuppressed(it) }
        throw cancellation
    }
    awaitTerminated()
    return end.heardByCaller()
}

/** Whether it lets itself be cancelled: a minimal stage of the JDK is a future to look at, and refuses. */
private suspend fun Future<*>.cancelFor(cancellation: CancellationException): Boolean {
    Coroutines.leaveTimer() // what hangs on it may be code of anybody
    return try {
        cancel(true)
        true
    } catch (_: UnsupportedOperationException) {
        false
    } catch (e: Throwable) {
        cancellation.addSuppressed(e)
        false
    }
}

/** Awaits a stage of somebody else. */
internal suspend fun <T> CompletionStage<T>.awaitAsGuest(): StageEnd<T> {
    val end = StageEnd<T>().also(::whenComplete)
    try {
        end.await()
    } catch (cancellation: CancellationException) {
        end.forget()
        throw cancellation
    }
    return end.heardByCaller()
}

/** A stage that was cancelled together with its caller, and was done before that came to wait, says nothing else. */
private suspend fun <T> StageEnd<T>.heardByCaller(): StageEnd<T> {
    if (failure is CancellationException) currentCoroutineContext().ensureActive()
    return this
}

/** The future of a gather is done as soon as anybody cancels it; its tasks may not be. */
private suspend fun CompletionStage<*>.awaitTerminated() {
    if (this !is GatherFuture<*>) return
    val terminated = terminated()
    if (!terminated.isDone) StageEnd<Void?>().also(terminated::whenComplete).awaitAnyway()
}

/** How a stage has ended, and who waits for that. */
internal class StageEnd<T> : BiConsumer<T?, Throwable?> {
    /** Null at first; then who waits, or [DONE]. */
    private val waiting = AtomicReference<Any?>()
    private var value: T? = null // written before DONE, read after

    /** What the stage itself has failed with; null if it has come to a value. */
    var failure: Throwable? = null
        private set

    override fun accept(
        value: T?,
        error: Throwable?,
    ) {
        this.value = value
        failure = error?.let(::unwrapped)
        @Suppress("UNCHECKED_CAST") // DONE comes once
        (waiting.getAndSet(DONE) as Continuation<Unit>?)?.resume(Unit)
    }

    /** Throws when the caller is cancelled; whoever waits next takes the place. */
    suspend fun await() {
        if (waiting.get() !== DONE) suspendCancellableCoroutine { wait(it) }
    }

    /** Whatever becomes of the caller. */
    suspend fun awaitAnyway() {
        if (waiting.get() !== DONE) suspendCoroutine { wait(it) }
    }

    private fun wait(continuation: Continuation<Unit>) {
        val before = waiting.get()
        if (before === DONE || !waiting.compareAndSet(before, continuation)) continuation.resume(Unit)
    }

    /** The stage may be pending for ever, and keeps nobody. */
    fun forget() {
        val before = waiting.get()
        if (before is CancellableContinuation<*>) waiting.compareAndSet(before, null)
    }

    fun valueOrThrow(): T {
        val error = failure
        if (error != null) throw if (error is CancellationException) CompletionException(error) else error
        @Suppress("UNCHECKED_CAST") // it is there, and may be null
        return value as T
    }

    private companion object {
        val DONE = Any()

        /** Causes may go round in a circle. */
        const val MAX_CAUSES = 100

        /** The JDK puts one around what has failed a stage further up; one of ours is a failure itself. */
        fun unwrapped(error: Throwable): Throwable {
            var at = error
            repeat(MAX_CAUSES) {
                if (at.javaClass == CompletionException::class.java) at = at.cause ?: return at
            }
            return at
        }
    }
}
