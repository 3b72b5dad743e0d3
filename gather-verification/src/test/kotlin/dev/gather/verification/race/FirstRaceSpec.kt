package dev.gather.verification.race

import dev.gather.coroutines.gatherAny
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.JavaRunning
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.nanoseconds

/** The first that count × what else comes at the same instant. */
class FirstRaceSpec :
    RaceSpec({
        race("the last success that is needed × the last failure that is allowed") { round ->
            val success = CompletableFuture<Int>()
            val failure = CompletableFuture<Int>()
            val done = listOf(CompletableFuture.completedFuture(1), CompletableFuture.failedFuture(Boom(round)))
            val future = Gather.started(done + success + failure).atLeast(2)
            together(
                { success.complete(2) },
                { failure.completeExceptionally(Boom(round)) },
            )
            val end = JavaRunning(future).end()
            check(end is End.Value && end.value.map { it.index() } == listOf(0L, 2L)) { "$end" }
        }

        race("a success that is too late to help × the failure that makes it impossible") { round ->
            val (success, failure, never) = List(3) { CompletableFuture<Int>() }
            val future = Gather.started(listOf(success, failure, never)).atLeast(3)
            together(
                { success.complete(1) },
                { failure.completeExceptionally(Boom(round)) },
            )
            val end = JavaRunning(future).end()
            check(end is End.Failed && end.cause is Boom) { "$end" }
            check(never.isCancelled)
        }

        race("cancel × the last success") {
            val inside = Inside()
            val ledger = Ledger()
            val trips = Trips()
            val tasks = List(3) { i -> Task.of { inside.visit { i } } }
            val future =
                Gather
                    .of(tasks)
                    .executor(trips)
                    .listener(ledger)
                    .any()
            val end = future.terminated()
            var isCancelled = false
            together(
                { trips.runUntilDone(end) },
                { isCancelled = future.cancel(true) },
            )
            tilt(isCancelled)
            val result = JavaRunning(future).end()
            check(if (isCancelled) result == End.Cancelled else result is End.Value) { "$isCancelled, but $result" }
            inside.checkEmpty()
            ledger.balance(3)
        }

        race("the timer of a stagger × the failure of the task before (Java)") { round ->
            val starts = List(4) { AtomicInteger() }
            val tasks =
                List(4) { i ->
                    Task.of {
                        starts[i].incrementAndGet()
                        val until = System.nanoTime() + ABOUT_A_DELAY
                        if (i == 0) patiently("a moment") { System.nanoTime() - until > 0 }
                        if (i < 3) throw Boom(round)
                        i
                    }
                }
            val end = JavaRunning(Gather.of(tasks).stagger(Duration.ofNanos(1)).any()).end()
            check(end == End.Value(3)) { "$end" }
            check(starts.all { it.get() <= 1 }) { "$starts" }
        }

        race("the timer of a stagger × the failure of the task before (Kotlin)") { round ->
            val trips = Trips()
            val starts = List(4) { AtomicInteger() }
            val scope = CoroutineScope(SupervisorJob() + trips.asCoroutineDispatcher())
            val call =
                scope.async {
                    (0 until 4).gatherAny(stagger = 1.nanoseconds) { i ->
                        starts[i].incrementAndGet()
                        val until = System.nanoTime() + ABOUT_A_DELAY
                        if (i == 0) patiently("a moment") { System.nanoTime() - until > 0 }
                        if (i < 3) throw Boom(round)
                        i
                    }
                }
            val end = call.asCompletableFuture()
            together(
                { trips.runUntilDone(end) },
                { trips.runUntilDone(end) },
            )
            check(end.get() == 3 && starts.all { it.get() <= 1 }) { "$starts" }
        }
    })

/** The shortest that a timer takes is a millisecond. */
private const val ABOUT_A_DELAY = 1_000_000L
