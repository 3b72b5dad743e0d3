package dev.gather.verification.race

import dev.gather.Completed
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.guarantee.soon
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.yield
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.atomic.AtomicInteger

/** Results that are handed out × everything that can happen meanwhile. */
class StreamRaceSpec :
    RaceSpec({
        race("cancel × delivery of results") {
            val inside = Inside()
            val trips = Trips()
            val scope = GatherScope()
            val taker = Taker<Int>()
            val closed = CompletableFuture<Unit>()
            Gather
                .each(0 until 6) { i: Int -> inside.visit { i } }
                .limit(2)
                .executor(trips)
                .scope(scope)
                .asCompleted()
                .subscribe(taker)
            taker.subscription.request(Long.MAX_VALUE)
            together(
                { trips.runUntilDone(closed) },
                {
                    taker.subscription.cancel()
                    scope.close()
                    inside.checkEmpty()
                    closed.complete(Unit)
                },
            )
            tilt(taker.taken.size < 3)
            taker.checkOnce()
        }

        race("request × end of tasks × delivery") {
            val trips = Trips()
            val taker = Taker<Int>()
            Gather
                .each(0 until 6) { i: Int -> i }
                .limit(2)
                .executor(trips)
                .asCompleted()
                .subscribe(taker)
            together(
                { trips.runUntilDone(taker.end) },
                { repeat(6) { taker.subscription.request(1) } },
                { trips.runUntilDone(taker.end) },
            )
            check(taker.end.soon() == null && taker.taken.size == 6) { "${taker.taken}" }
            taker.checkOnce()
        }

        race("two tasks of a lazy input are started, which have to meet × its one reader") {
            val trips = Trips()
            val taker = Taker<Int>()
            val met = AtomicInteger()
            val items = Iterable {
                generateSequence(0) { i ->
                    if (i <
                        1
                    ) {
                        i + 1
                    } else {
                        null
                    }
                }.onEach { aMoment() }.iterator()
            }
            Gather
                .each(items) { i: Int ->
                    met.incrementAndGet()
                    patiently("the other task") { met.get() == 2 }
                    i
                }.executor(trips)
                .asCompleted()
                .subscribe(taker)
            together(
                {
                    taker.subscription.request(1)
                    trips.runUntilDone(taker.end)
                },
                {
                    taker.subscription.request(2)
                    trips.runUntilDone(taker.end)
                },
            )
            check(taker.taken.size == 2)
        }

        race("a stage that was running before ends × the task that has the only permit") {
            val stage = CompletableFuture<Int>()
            val trips = Trips()
            val taker = Taker<Int>()
            val tasks = listOf(Task.started(stage)) + List(3) { i -> Task.of { i } }
            Gather
                .of(tasks)
                .limit(1)
                .executor(trips)
                .asCompleted()
                .subscribe(taker)
            taker.subscription.request(Long.MAX_VALUE)
            together(
                { trips.runUntilDone(taker.end) },
                { stage.complete(7) },
            )
            tilt(taker.taken.last().index() != 0L)
            check(taker.taken.size == 4) { "${taker.taken}" }
            taker.checkOnce()
        }

        race("a result × the end of the grace") {
            val taker = Taker<Int>()
            val begun = CompletableFuture<Unit>()
            val items =
                Iterable {
                    iterator {
                        yield(0)
                        begun.soon()
                        error("the input breaks")
                    }
                }
            val gather =
                Gather.each(items) { i: Int ->
                    begun.complete(Unit)
                    aMoment()
                    i
                }
            gather
                .limit(2)
                .grace(Duration.ZERO)
                .asCompleted()
                .subscribe(taker)
            taker.subscription.request(Long.MAX_VALUE)
            check(taker.end.soon() != null)
            check(taker.taken.map { it.index() } == listOf(0L)) { "${taker.taken}" }
        }

        race("the limit × results that are taken (publisher)") {
            val trips = Trips()
            val room = Room(2)
            val taker = Taker<Int>(room::left)
            Gather
                .each(0 until 8) { _: Int -> room.enter() }
                .limit(2)
                .executor(trips)
                .asCompleted()
                .subscribe(taker)
            together(
                { trips.runUntilDone(taker.end) },
                { repeat(8) { taker.subscription.request(1) } },
                { trips.runUntilDone(taker.end) },
            )
            check(taker.taken.size == 8)
            room.checkNever()
        }

        race("the limit × results that are taken (stream)") {
            val trips = Trips()
            val room = Room(2 + ON_ITS_WAY)
            val end = CompletableFuture<Unit>()
            val results = Gather
                .each(0 until 8) { _: Int -> room.enter() }
                .limit(2)
                .executor(trips)
                .stream()
            var count = 0
            together(
                { trips.runUntilDone(end) },
                {
                    results.use { all ->
                        all.forEach {
                            count++
                            room.left()
                        }
                    }
                    end.complete(Unit)
                },
            )
            check(count == 8) { "$count results" }
            room.checkNever()
        }

        race("the limit × results that are taken × elements that are read (flow)") {
            val trips = Trips()
            val room = Room(1 + ON_ITS_WAY)
            val scope = CoroutineScope(SupervisorJob() + trips.asCoroutineDispatcher())
            var count = 0
            val collecting =
                scope.async {
                    (0 until 8)
                        .asFlow()
                        .gather(limit = 1) { i ->
                            if (i % 3 == 0) yield()
                            room.enter()
                            i
                        }.collect {
                            check(it == count++)
                            room.left()
                        }
                }
            val end = collecting.asCompletableFuture()
            together(
                { trips.runUntilDone(end) },
                { trips.runUntilDone(end) },
            )
            end.soon()
            check(count == 8) { "$count results" }
            room.checkNever()
        }

        race("close × tasks and the loop that waits for them") {
            val inside = Inside()
            val trips = Trips()
            val closed = CompletableFuture<Unit>()
            val results = Gather
                .each(0 until 4) { i: Int -> inside.visit { i } }
                .limit(2)
                .executor(trips)
                .stream()
            val loop = results.iterator() // before: the JDK's own race of this with close() is none of ours
            var taken = 0
            together(
                { trips.runUntilDone(closed) },
                {
                    results.close()
                    inside.checkEmpty()
                    closed.complete(Unit)
                },
                {
                    try {
                        loop.forEach { _ -> taken++ }
                    } catch (_: IllegalStateException) {
                        // closed before the loop began
                    } catch (_: java.util.concurrent.CancellationException) {
                        // while it waited
                    }
                },
            )
            tilt(taken == 0)
            inside.checkEmpty()
        }

        race("close of a scope × subscription") {
            val scope = GatherScope()
            val taker = Taker<Int>()
            together(
                {
                    Gather
                        .of<Int>({ 1 })
                        .scope(scope)
                        .asCompleted()
                        .subscribe(taker)
                    taker.subscription.request(1)
                },
                { scope.close() },
            )
            tilt(taker.end.soon() is IllegalStateException)
        }
    })

/** A result that was asked for and has not come to its taker yet. */
private const val ON_ITS_WAY = 1

/** Takes what it asked for, and notices signals that come at the same time or after the end. */
class Taker<T>(
    private val onResult: () -> Unit = {},
) : Subscriber<Completed<T>> {
    val taken = ConcurrentLinkedQueue<Completed<T>>()

    /** Null, or what it failed with. */
    val end = CompletableFuture<Throwable?>()

    @Volatile lateinit var subscription: Subscription
    private val signals = AtomicInteger()
    private val wrong = ConcurrentLinkedQueue<String>()

    fun checkOnce() {
        check(wrong.isEmpty()) { "$wrong" }
        check(taken.map { it.index() }.toSet().size == taken.size) { "twice: $taken" }
    }

    private fun signal(action: () -> Unit) {
        if (signals.incrementAndGet() != 1) wrong.add("signals at the same time")
        if (end.isDone) wrong.add("a signal after the end")
        signals.decrementAndGet()
        action()
    }

    override fun onSubscribe(subscription: Subscription) {
        signal { this.subscription = subscription }
    }

    override fun onNext(item: Completed<T>) =
        signal {
            onResult()
            taken.add(item)
        }

    override fun onError(throwable: Throwable) = signal { end.complete(throwable) }

    override fun onComplete() = signal { end.complete(null) }
}

/** How many tasks have started and have not been taken. */
private class Room(
    private val most: Int,
) {
    private val inside = AtomicInteger()
    private val tooMany = AtomicInteger()

    fun enter(): Int = inside.incrementAndGet().also { if (it > most) tooMany.set(it) }

    fun left() {
        inside.decrementAndGet()
    }

    fun checkNever() = check(tooMany.get() == 0) { "$tooMany where $most were allowed" }
}
