package dev.gather.verification.guarantee

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.atomic.AtomicInteger

/** A task whose every step the test decides, run as a blocking body by Java and as a suspending one by Kotlin. */
class Piece<T>(
    val label: String = "piece",
) {
    private val outcome = CompletableFuture<T>()
    private val cleanup = CompletableFuture<Unit>()
    private val runs = AtomicInteger()
    private val active = AtomicInteger()
    private var stubborn = false
    private var cleansUp = false
    private var cleanupError: Throwable? = null

    /** Completes when the body has been called. */
    val started = CompletableFuture<Unit>()

    /** Completes when the body has noticed that it is cancelled. */
    val noticed = CompletableFuture<Unit>()

    val timesRun: Int get() = runs.get()
    val isRunning: Boolean get() = active.get() > 0

    fun returns(value: T) = apply { outcome.complete(value) }

    fun throws(error: Throwable) = apply { outcome.completeExceptionally(error) }

    /** It takes no notice of a cancel and goes on until it is told its outcome. */
    fun ignoringCancel() = apply { stubborn = true }

    /** When it is cancelled it cleans up until [finishCleanup]. */
    fun cleaningUp() = apply { cleansUp = true }

    /** When it is cancelled it throws this. */
    fun failingCleanup(error: Throwable) = apply { cleanupError = error }

    fun finishCleanup() {
        cleanup.complete(Unit)
    }

    fun block(): T =
        running {
            while (true) {
                try {
                    return outcome.get()
                } catch (e: InterruptedException) {
                    noticed.complete(Unit)
                    if (stubborn) continue
                    if (cleansUp) waitIgnoringInterrupts(cleanup)
                    throw cleanupError ?: e
                } catch (e: ExecutionException) {
                    throw e.cause!!
                }
            }
            @Suppress("UNREACHABLE_CODE")
            error("unreachable")
        }

    suspend fun suspending(): T =
        running {
            try {
                if (stubborn) withContext(NonCancellable) { awaitOutcome() } else awaitOutcome()
            } catch (e: CancellationException) {
                if (outcome.isCompletedExceptionally) throw e // told to cancel itself
                noticed.complete(Unit)
                if (cleansUp) withContext(NonCancellable) { cleanup.copy().await() }
                throw cleanupError ?: e
            }
        }

    /** Copies, because a cancelled await cancels what it waits for; and the exception itself, not a copy of it. */
    private suspend fun awaitOutcome(): T {
        outcome.handle { _, _ -> }.await()
        try {
            return outcome.get()
        } catch (e: ExecutionException) {
            throw e.cause!!
        }
    }

    private fun waitIgnoringInterrupts(future: CompletableFuture<*>) {
        while (true) {
            try {
                future.get()
                return
            } catch (_: InterruptedException) {
                // a second one would show that cancellation is not idempotent; counted by the test
                interruptsInCleanup.incrementAndGet()
            }
        }
    }

    val interruptsInCleanup = AtomicInteger()

    private inline fun running(body: () -> T): T {
        runs.incrementAndGet()
        active.incrementAndGet()
        started.complete(Unit)
        try {
            return body()
        } finally {
            active.decrementAndGet()
        }
    }

    override fun toString(): String = label
}

/** One that has its outcome already. */
fun <T> value(value: T): Piece<T> = Piece<T>().returns(value)

fun <T> failure(error: Throwable): Piece<T> = Piece<T>().throws(error)
