package dev.gather.verification.race

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.future.Gather
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.JavaRunning
import dev.gather.verification.guarantee.soon
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.yield
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport

/** The cancel of a gather × the next item being pulled from the iterator that is its input. */
class CancelIteratorSpec :
    RaceSpec({
        race("cancel × two workers that pull without end") {
            val ledger = Ledger()
            val inside = Inside()
            val items = Pulled(Int.MAX_VALUE)
            val trips = Trips()
            val future =
                Gather
                    .each(items) { i: Int -> inside.visit { i.also(::letOthersRun) } }
                    .limit(2)
                    .executor(trips)
                    .listener(ledger)
                    .all()
            val end = future.terminated()
            var isCancelled = false
            together(
                { trips.runUntilDone(end) },
                { isCancelled = future.cancel(true) },
                { trips.runUntilDone(end) },
            )
            check(isCancelled && future.isCancelled) { "cancel returned $isCancelled" }
            ledger.balance(items.count)
            items.checkOneAtATime()
            inside.checkEmpty()
        }

        race("cancel × the last pull") {
            val inside = Inside()
            val items = Pulled(3)
            val trips = Trips()
            val future =
                Gather
                    .each(items) { i: Int -> inside.visit { i } }
                    .limit(2)
                    .executor(trips)
                    .all()
            val end = future.terminated()
            var isCancelled = false
            together(
                { trips.runUntilDone(end) },
                { isCancelled = future.cancel(true) },
                { trips.runUntilDone(end) },
            )
            tilt(isCancelled)
            val expected = if (isCancelled) End.Cancelled else End.Value(listOf(0, 1, 2))
            check(JavaRunning(future).end() == expected) { "cancel returned $isCancelled, the end is $future" }
            items.checkOneAtATime()
            inside.checkEmpty()
        }

        race("cancel × a pull that blocks") {
            val pulls = AtomicInteger()
            val items =
                Pulled(Int.MAX_VALUE) {
                    pulls.incrementAndGet()
                    untilInterrupted()
                }
            val trips = Trips()
            val future = Gather.each(items) { i: Int -> i }.executor(trips).all()
            val end = future.terminated()
            together(
                { trips.runUntilDone(end) },
                { future.cancel(true) },
            )
            tilt(pulls.get() == 0)
            check(future.isCancelled)
            check(items.count == 0) { "a pull that was to be interrupted gave up by itself" }
        }

        race("the caller is cancelled × coroutines that pull without end") {
            val ledger = Ledger()
            val inside = Inside()
            val items = Pulled(Int.MAX_VALUE)
            val trips = Trips()
            val call =
                CoroutineScope(SupervisorJob() + trips.asCoroutineDispatcher()).async {
                    try {
                        items.gather(limit = 2, options = gatherOptions(listener = ledger)) { i ->
                            inside.suspendingVisit {
                                letOthersRun(i)
                                if (i % 3 == 0) yield()
                            }
                        }
                    } finally {
                        inside.checkEmpty()
                        ledger.balance(items.count)
                    }
                }
            val end = call.asCompletableFuture().handle { _, failure -> failure }
            together(
                { trips.runUntilDone(end) },
                { call.cancel() },
                { trips.runUntilDone(end) },
            )
            tilt(items.count == 0)
            val failure = end.soon()
            check(failure is java.util.concurrent.CancellationException) { "$failure" }
            items.checkOneAtATime()
        }
    })

/** Without it two workers with endless work may keep whoever is to cancel them from a processor. */
private fun letOthersRun(item: Int) {
    if (item > BUSY_ITEMS) LockSupport.parkNanos(1)
}

private const val BUSY_ITEMS = 50

/** The numbers from 0 on, which must be asked for by one thread at a time. */
private class Pulled(
    private val size: Int,
    private val beforeEach: () -> Unit = {},
) : Iterable<Int> {
    private val readers = AtomicInteger()
    private val collisions = AtomicInteger()
    private var next = 0 // not volatile: who reads next must have seen who read before

    val count: Int get() = readers.get().let { next }

    fun checkOneAtATime() = check(collisions.get() == 0) { "two threads read at once" }

    override fun iterator() =
        object : Iterator<Int> {
            override fun hasNext() = alone { next < size }

            override fun next() =
                alone {
                    beforeEach()
                    next++
                }
        }

    private fun <T> alone(read: () -> T): T {
        if (readers.incrementAndGet() != 1) collisions.incrementAndGet()
        try {
            return read()
        } finally {
            readers.decrementAndGet()
        }
    }
}
