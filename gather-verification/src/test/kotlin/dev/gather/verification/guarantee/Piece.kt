package dev.gather.verification.guarantee

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/** A task whose every step the test decides, run as a blocking body by Java and as a suspending one by Kotlin. */
class Piece<T>(
    val label: String = "piece",
) {
    private val outcome = CompletableFuture<Result<T>>() // as a value: thrown by a future it may be a copy
    private val cleanup = CompletableFuture<Unit>()
    private val runs = AtomicInteger()
    private val active = AtomicInteger()
    private var stubborn = false
    private var cleansUp = false
    private var cleanupError: Throwable? = null
    private var gauge: Gauge? = null

    /** Completes when the body has been called. */
    val started = CompletableFuture<Unit>()

    /** Completes when the body has noticed that it is cancelled. */
    val noticed = CompletableFuture<Unit>()

    /** Completes when the body has ended, one way or another. */
    val ended = CompletableFuture<Unit>()

    val timesRun: Int get() = runs.get()
    val isRunning: Boolean get() = active.get() > 0

    fun returns(value: T) = apply { outcome.complete(Result.success(value)) }

    fun throws(error: Throwable) = apply { outcome.complete(Result.failure(error)) }

    /** It takes no notice of a cancel and goes on until it is told its outcome. */
    fun ignoringCancel() = apply { stubborn = true }

    /** When it is cancelled it cleans up until [finishCleanup]. */
    fun cleaningUp() = apply { cleansUp = true }

    /** When it is cancelled it throws this. */
    fun failingCleanup(error: Throwable) = apply { cleanupError = error }

    fun measuredBy(gauge: Gauge) = apply { this.gauge = gauge }

    fun finishCleanup() {
        cleanup.complete(Unit)
    }

    fun block(): T = running { blockForOutcome().getOrThrow() }

    private fun blockForOutcome(): Result<T> {
        while (true) {
            try {
                return outcome.get()
            } catch (e: InterruptedException) {
                noticed.complete(Unit)
                if (stubborn) continue
                if (cleansUp) waitIgnoringInterrupts(cleanup)
                throw cleanupError ?: e
            }
        }
    }

    /** Starts it as something asynchronous, for those who have stages instead of blocking bodies. */
    fun stage(): CompletableFuture<T> {
        begins()
        val stage =
            object : CompletableFuture<T>() {
                override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
                    if (isDone) return false
                    noticed.complete(Unit)
                    if (stubborn) return false
                    val whenCleanedUp = if (cleansUp) cleanup else CompletableFuture.completedFuture(Unit)
                    whenCleanedUp.thenRun { end(null, cleanupError ?: CancellationException()) }
                    return true
                }

                private val isEnding = AtomicBoolean()

                fun end(
                    value: T?,
                    error: Throwable?,
                ) {
                    if (!isEnding.compareAndSet(false, true)) return
                    ends()
                    @Suppress("UNCHECKED_CAST")
                    if (error == null) complete(value as T) else completeExceptionally(error)
                }
            }
        outcome.thenAccept { result -> stage.end(result.getOrNull(), result.exceptionOrNull()) }
        return stage
    }

    suspend fun suspending(): T = running { suspendForOutcome().getOrThrow() }

    private suspend fun suspendForOutcome(): Result<T> =
        try {
            if (stubborn) withContext(NonCancellable) { outcome.copy().await() } else outcome.copy().await()
        } catch (e: CancellationException) {
            noticed.complete(Unit)
            if (cleansUp) withContext(NonCancellable) { cleanup.copy().await() }
            throw cleanupError ?: e
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
        begins()
        try {
            return body()
        } finally {
            ends()
        }
    }

    private fun begins() {
        runs.incrementAndGet()
        active.incrementAndGet()
        gauge?.enter()
        started.complete(Unit)
    }

    private fun ends() {
        gauge?.exit()
        active.decrementAndGet()
        ended.complete(Unit)
    }

    override fun toString(): String = label
}

/** One that has its outcome already. */
fun <T> value(value: T): Piece<T> = Piece<T>().returns(value)

fun <T> failure(error: Throwable): Piece<T> = Piece<T>().throws(error)

fun <T> List<Piece<out T>>.suspending(): Array<suspend () -> T> =
    map { piece -> suspend { piece.suspending() } }.toTypedArray()
