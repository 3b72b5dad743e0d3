package dev.gather.verification.race

import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.JavaRunning
import dev.gather.verification.guarantee.soon
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.yield
import java.time.Duration
import java.util.concurrent.CompletableFuture

/** Gathers under a limiter × what else happens at the same instant: it ends with all of its permits. */
class LimitedRaceSpec :
    RaceSpec({
        race("cancel × workers that ask × the permit they wait for is given back (Java)") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val inside = Inside()
            val ledger = Ledger()
            val trips = Trips()
            val future =
                Gather
                    .each(List(3) { it }) { i: Int -> inside.visit { i } }
                    .limiter(limiter)
                    .executor(trips)
                    .listener(ledger)
                    .all()
            val end = future.terminated()
            var isCancelled = false
            together(
                {
                    permit.close()
                    trips.runUntilDone(end)
                },
                { isCancelled = future.cancel(true) },
            )
            tilt(isCancelled)
            val result = JavaRunning(future).end()
            check(
                result == if (isCancelled) End.Cancelled else End.Value(listOf(0, 1, 2)),
            ) { "$isCancelled, but $result" }
            inside.checkEmpty()
            ledger.balance(3)
            limiter.checkFree()
        }

        race("cancel × a worker that asks, and will have to wait (Java)") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val trips = Trips()
            val future =
                Gather
                    .each(List(3) { it }) { i: Int -> i }
                    .limiter(limiter)
                    .executor(trips)
                    .all()
            together(
                { trips.runUntilDone(future.terminated()) },
                { future.cancel(true) },
            )
            check(limiter.waiting() == 0) { "$limiter" }
            permit.close()
            limiter.checkFree()
        }

        race("cancel × workers that ask × the permit they wait for is given back (Kotlin)") { round ->
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val inside = Inside()
            val trips = Trips()
            val scope = CoroutineScope(SupervisorJob() + trips.asCoroutineDispatcher())
            val call =
                scope.async {
                    (0 until 3).gather(limiter = limiter) { i ->
                        inside.suspendingVisit {
                            if (round % 2 == 0) yield()
                            i
                        }
                    }
                }
            val end = call.asCompletableFuture().handle { value, _ -> value }
            together(
                {
                    permit.close()
                    trips.runUntilDone(end)
                },
                { scope.cancel() },
            )
            val value = end.soon()
            tilt(value == null)
            check(value == null || value == listOf(0, 1, 2)) { "$value" }
            inside.checkEmpty()
            limiter.checkFree()
        }

        race("one of two gathers is cancelled × the other") {
            val limiter = Limiter.concurrent(1)
            val trips = Trips()

            fun start() = Gather
                .each(List(3) { it }) { i: Int -> i }
                .limiter(limiter)
                .executor(trips)
                .all()
            val cancelled = start()
            val other = start()
            val end = CompletableFuture.allOf(cancelled.terminated(), other.terminated())
            var isCancelled = false
            together(
                { trips.runUntilDone(end) },
                { isCancelled = cancelled.cancel(true) },
                { trips.runUntilDone(end) },
            )
            tilt(isCancelled)
            check(other.soon() == listOf(0, 1, 2))
            limiter.checkFree()
        }

        race("a deadline × workers that ask × the permit is given back") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val trips = Trips()
            val future =
                Gather
                    .each(List(3) { it }) { i: Int -> i }
                    .limiter(limiter)
                    .executor(trips)
                    .timeout(Duration.ofNanos(1))
                    .settled()
            together(
                {
                    permit.close()
                    trips.runUntilDone(future.terminated())
                },
                { trips.runUntilDone(future.terminated()) },
            )
            tilt(future.soon().any { it !is Outcome.Success })
            limiter.checkFree()
        }

        race("a subscription is cancelled × workers that ask × the permit is given back") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val trips = Trips()
            val scope = GatherScope()
            val taker = Taker<Int>()
            val closed = CompletableFuture<Unit>()
            Gather
                .each(List(4) { it }) { i: Int -> i }
                .limit(2)
                .limiter(limiter)
                .executor(trips)
                .scope(scope)
                .asCompleted()
                .subscribe(taker)
            taker.subscription.request(2)
            together(
                {
                    permit.close()
                    trips.runUntilDone(closed)
                },
                {
                    taker.subscription.cancel()
                    scope.close()
                    closed.complete(Unit)
                },
            )
            tilt(taker.taken.isEmpty())
            taker.checkOnce()
            limiter.checkFree()
        }

        race("results are asked for × workers that ask × the permit is given back") {
            val limiter = Limiter.concurrent(2)
            val permit = limiter.tryAcquire()!!
            val trips = Trips()
            val taker = Taker<Int>()
            Gather
                .each(List(6) { it }) { i: Int -> i }
                .limiter(limiter)
                .executor(trips)
                .asCompleted()
                .subscribe(taker)
            together(
                { trips.runUntilDone(taker.end) },
                { repeat(6) { taker.subscription.request(1) } },
                {
                    permit.close()
                    trips.runUntilDone(taker.end)
                },
            )
            check(taker.end.soon() == null && taker.taken.size == 6) { "${taker.taken}" }
            taker.checkOnce()
            limiter.checkFree()
        }

        race("workers that look at a lazy input × ask × the permit is given back") { round ->
            val limiter = Limiter.concurrent(2)
            val permit = limiter.tryAcquire()!!
            val trips = Trips()
            val items = Iterable { (0 until 5).asSequence().onEach { if (it == round % 5) aMoment() }.iterator() }
            val future = Gather
                .each(items) { i: Int -> i }
                .limiter(limiter)
                .executor(trips)
                .all()
            val end = future.terminated()
            together(
                { trips.runUntilDone(end) },
                {
                    permit.close()
                    trips.runUntilDone(end)
                },
                { trips.runUntilDone(end) },
            )
            check(future.soon() == List(5) { it })
            limiter.checkFree()
        }

        race("another bound × workers that ask") { round ->
            val limiter = Limiter.concurrent(1)
            val trips = Trips()
            val future = Gather
                .each(List(6) { it }) { i: Int -> i }
                .limiter(limiter)
                .executor(trips)
                .all()
            val end = future.terminated()
            together(
                { trips.runUntilDone(end) },
                { limiter.setConcurrent(2 + round % 2) },
                { trips.runUntilDone(end) },
            )
            check(future.soon() == List(6) { it })
            limiter.checkFree()
        }
    })
