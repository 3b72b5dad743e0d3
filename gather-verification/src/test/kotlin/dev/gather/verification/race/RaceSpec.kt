package dev.gather.verification.race

import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import io.kotest.core.spec.style.FunSpec
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executor
import java.util.concurrent.Future
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadLocalRandom
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport
import kotlin.time.Duration.Companion.minutes

/** How often each race is run; the profile "stress" multiplies it. */
val ROUNDS: Int = 10_000 * Integer.getInteger("gather.stress", 1)

/** A spec about one race: in every round a few threads meet, and go on at the same instant. */
abstract class RaceSpec(
    body: RaceSpec.() -> Unit,
) : FunSpec() {
    init {
        timeout = (10 * Integer.getInteger("gather.stress", 1)).minutes.inWholeMilliseconds
        body()
    }

    fun race(
        name: String,
        body: Race.(Int) -> Unit,
    ) {
        test(name) {
            Race().use { race ->
                repeat(ROUNDS) { round ->
                    try {
                        race.body(round)
                    } catch (e: Throwable) {
                        throw AssertionError("round $round: $e", e)
                    }
                }
            }
        }
    }
}

/** The threads that meet. */
class Race : AutoCloseable {
    private val runners = ArrayList<Runner>()

    /** How many nanoseconds later the second starts than the others; see [tilt]. */
    var lag: Int = 0
        private set

    /**
     * Says who was faster in this round; the next time they start a little later. So it soon happens at the
     * same instant what makes the one or the other win, however far that is from the start.
     */
    fun tilt(secondWon: Boolean) {
        lag = (lag + if (secondWon) STEP else -STEP).coerceIn(-MOST, MOST)
    }

    /** Does all of this at the same time and returns when it has been done. */
    fun together(vararg acts: () -> Unit) {
        while (runners.size < acts.size) runners.add(Runner(runners.size))
        val start = CyclicBarrier(acts.size)
        val line = AtomicInteger(acts.size)
        // Two threads find two processors; with more one would wait for a processor that another spins on.
        val awake = if (acts.size == 2) AWAKE_FOR_ONE else AWAKE
        val results = acts.mapIndexed { i, act -> runners[i].submit { act.after(start, line, headStart(i), awake) } }
        results.forEach { it.soon() }
    }

    private fun (() -> Unit).after(
        start: CyclicBarrier,
        line: AtomicInteger,
        headStart: Int,
        awake: Int,
    ) {
        start.await(SECONDS, TimeUnit.SECONDS)
        // A barrier wakes its threads one after another; from here on they are nanoseconds apart.
        line.decrementAndGet()
        patiently("the others", awake) { line.get() == 0 }
        val go = System.nanoTime() + headStart
        while (System.nanoTime() - go < 0) Thread.onSpinWait()
        this()
        check(!Thread.interrupted()) { "the interrupt flag was left set" }
    }

    /** Of all sizes, so that every part of what one does meets every part of what another does. */
    private fun headStart(runner: Int): Int {
        val random = ThreadLocalRandom.current()
        val own = random.nextInt(1 shl random.nextInt(HEAD_STARTS))
        return own + maxOf(if (runner == 1) lag else -lag, 0)
    }

    override fun close() = runners.forEach { it.stop() }

    private class Runner(
        number: Int,
    ) {
        private val tasks = LinkedBlockingQueue<() -> Unit>()
        private val thread = Thread(::work, "runner-$number")

        init {
            thread.isDaemon = true
            thread.start()
        }

        fun submit(act: () -> Unit): Future<Unit> {
            val result = CompletableFuture<Unit>()
            tasks.add {
                try {
                    act()
                    result.complete(Unit)
                } catch (e: Throwable) {
                    result.completeExceptionally(e)
                }
            }
            return result
        }

        private fun work() {
            try {
                while (true) (tasks.take())()
            } catch (_: InterruptedException) {
                // stopped
            }
        }

        fun stop() = thread.interrupt()
    }

    private companion object {
        const val HEAD_STARTS = 13
        const val STEP = 50
        const val MOST = 100_000
    }
}

/** Waits awake, because to be woken takes longer than most races. */
fun patiently(
    what: String,
    awake: Int = AWAKE,
    until: () -> Boolean,
) {
    val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS)
    var spins = 0
    while (!until()) {
        if (++spins % awake != 0) {
            Thread.onSpinWait()
        } else {
            LockSupport.parkNanos(1) // a yield would give a busy machine the rest of the time slice
            if (System.nanoTime() - deadline > 0) throw TimeoutException("waited for $what")
        }
    }
}

private const val AWAKE = 100
private const val AWAKE_FOR_ONE = 3_000

/** A body that blocks until it is interrupted; awake, because to be woken takes long. */
fun untilInterrupted(): Nothing {
    patiently("an interrupt") { Thread.interrupted() }
    throw InterruptedException()
}

/** Takes up to some microseconds. */
fun aMoment() = repeat(ThreadLocalRandom.current().nextInt(MOMENT_SPINS)) { Thread.onSpinWait() }

private const val MOMENT_SPINS = 50

/** An executor without threads: whoever takes part in a race runs what it was given. */
class Trips : Executor {
    private val waiting = ConcurrentLinkedQueue<Runnable>()

    override fun execute(command: Runnable) {
        waiting.add(command)
    }

    fun runUntilDone(end: Future<*>) =
        patiently("the end") {
            waiting.poll()?.run()
            end.isDone
        }
}
