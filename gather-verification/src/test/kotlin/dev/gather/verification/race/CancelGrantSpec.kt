package dev.gather.verification.race

import dev.gather.Limiter
import dev.gather.coroutines.withPermit
import dev.gather.verification.guarantee.soon
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture

/** Whoever waits for a permit gives up × the permit is granted: it is used, or it is free. */
class CancelGrantSpec :
    RaceSpec({
        race("cancel of the future × the permit is given back") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val future = limiter.acquire()
            var cancelled = false
            together(
                { permit.close() },
                { cancelled = future.cancel(false) },
            )
            tilt(cancelled)
            if (!cancelled) future.soon().close()
            limiter.checkFree()
        }

        race("cancel of the future × another waits × the permit is given back") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val future = limiter.acquire()
            val next = limiter.acquire()
            var cancelled = false
            together(
                { permit.close() },
                { cancelled = future.cancel(false) },
            )
            tilt(cancelled)
            if (!cancelled) future.soon().close()
            check(next.isDone) { "the next was forgotten" }
            next.soon().close()
            limiter.checkFree()
        }

        race("interrupt of a call that waits × the permit is given back") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            var called = false
            together(
                {
                    Thread.currentThread().interrupt()
                    try {
                        called = limiter.call { Thread.interrupted() }
                    } catch (_: InterruptedException) {
                        // nobody was called
                    }
                },
                { permit.close() },
            )
            tilt(called)
            limiter.checkFree()
        }

        race("cancel of a coroutine × the permit is given back") { round ->
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val job = Job()
            val inside = Inside()
            val dispatcher = if (round % 2 == 0) Dispatchers.Default else Dispatchers.Unconfined
            val call =
                CoroutineScope(job + dispatcher).async(start = CoroutineStart.UNDISPATCHED) {
                    limiter.withPermit { inside.suspendingVisit { } }
                }
            val end = call.asCompletableFuture().handle { _, failure -> failure }
            together(
                { permit.close() },
                { job.cancel() },
            )
            end.soon()
            tilt(inside.times == 0)
            inside.checkEmpty()
            limiter.checkFree()
        }

        race("lender × borrower × give back") {
            val limiter = Limiter.concurrent(1)
            val outer = limiter.tryAcquire()!!
            val inner = limiter.acquire(outer).soon()
            val stranger = limiter.acquire()
            together(
                { outer.close() },
                { inner.close() },
            )
            check(stranger.isDone) { "the slot is lost" }
            check(limiter.active() == 1) { "$limiter" }
            stranger.soon().close()
            limiter.checkFree()
        }

        race("another bound × give back × ask") { round ->
            val limiter = Limiter.concurrent(2)
            val permits = List(2) { limiter.tryAcquire()!! }
            val early = limiter.acquire()
            var late = early
            together(
                { permits.forEach { it.close() } },
                { limiter.setConcurrent(1 + round % 3) },
                { late = limiter.acquire() },
            )
            early.soon().close()
            late.soon().close()
            limiter.checkFree()
        }
    })

/** Every permit has come back, and nobody waits for one. */
fun Limiter.checkFree() = check(active() == 0 && waiting() == 0) { "$this" }
