package dev.gather.bridge

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit

/** Something that happens once, and is waited for: long enough that only what hangs is not there. */
class Signal : CountDownLatch(1) {
    val hasCome: Boolean get() = count == 0L

    fun come() = countDown()

    fun soon() = check(await(SECONDS, TimeUnit.SECONDS)) { "it did not come" }
}

fun <T> Future<T>.soon(): T = get(SECONDS, TimeUnit.SECONDS)

/** Ends, or what hangs is told. */
fun inTime(action: () -> Unit) {
    var thrown: Throwable? = null
    val thread =
        Thread {
            try {
                action()
            } catch (e: Throwable) {
                thrown = e
            }
        }
    thread.isDaemon = true
    thread.start()
    thread.join(SECONDS * MILLIS)
    check(!thread.isAlive) { "it hangs: ${thread.stackTrace.joinToString("\n")}" }
    thrown?.let { throw it }
}

/** Goes on when it is so, or what hangs is told. */
fun until(condition: () -> Boolean) {
    val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS)
    while (!condition()) {
        check(System.nanoTime() < end) { "it does not come to that" }
        Thread.onSpinWait()
    }
}

/** How often others get a turn before something ends, so that who does not wait for the end is too early. */
const val A_WHILE = 100

/** A body that waits to be cancelled, and then cleans up for as long as it is wanted to. */
class CleaningUp {
    val started = Signal()
    val cleaning = Signal()
    val ended = Signal()
    private val go = CompletableFuture<Unit>()

    fun goOn() = go.complete(Unit)

    suspend fun run(): Nothing =
        try {
            started.come()
            awaitCancellation()
        } finally {
            cleaning.come()
            withContext(NonCancellable) {
                go.awaitShared()
                repeat(A_WHILE) { yield() }
            }
            ended.come()
        }
}

const val SECONDS = 20L
private const val MILLIS = 1_000L
