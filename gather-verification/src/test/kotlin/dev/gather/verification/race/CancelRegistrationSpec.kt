package dev.gather.verification.race

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.soon
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger

/** The cancel of a gather × one of its tasks that registers itself as running: a stage, a body, a coroutine. */
class CancelRegistrationSpec :
    RaceSpec({
        race("cancel × registration of a stage") {
            val hooks = AtomicInteger()
            val started = CompletableFuture<CompletableFuture<String>>()
            val ledger = Ledger()
            val trips = Trips()
            val task =
                Task.async {
                    aMoment()
                    CompletableFuture<String>().also(started::complete).also { aMoment() }
                }
            val future =
                Gather
                    .of(task.onCancel { hooks.incrementAndGet() })
                    .executor(trips)
                    .listener(ledger)
                    .all()
            val end = future.terminated()
            together(
                { trips.runUntilDone(end) },
                { future.cancel(true) },
            )
            check(future.isCancelled)
            val stage = started.getNow(null)
            tilt(stage == null)
            check(stage == null || stage.isCancelled) { "a stage was missed" }
            ledger.balance(1)
            check(hooks.get() == ledger.started(0)) { "the hook ran $hooks times" }
        }

        race("cancel × a blocking body begins") {
            val hooks = AtomicInteger()
            val inside = Inside()
            val ledger = Ledger()
            val trips = Trips()
            val body = Task.of<Nothing> { inside.visit { untilInterrupted() } }
            val future =
                Gather
                    .of(body.onCancel { hooks.incrementAndGet() })
                    .executor(trips)
                    .listener(ledger)
                    .all()
            val end = future.terminated()
            together(
                { trips.runUntilDone(end) },
                { future.cancel(true) },
            )
            check(future.isCancelled)
            tilt(inside.times == 0)
            inside.checkEmpty()
            ledger.balance(1)
            check(inside.times <= ledger.started(0)) { "a body ran without having started" }
            check(hooks.get() == ledger.started(0)) { "the hook ran $hooks times" }
        }

        race("cancel × bodies that end and begin on one thread") {
            val inside = Inside()
            val trips = Trips()
            val bodies = List(8) { i -> Task.of { inside.visit { i } } }
            val future = Gather
                .of(bodies)
                .limit(1)
                .executor(trips)
                .all()
            val end = future.terminated()
            together(
                { trips.runUntilDone(end) }, // which finds the interrupt flag clear after it
                { future.cancel(true) },
            )
            tilt(inside.times < 4)
            inside.checkEmpty()
        }

        race("the caller is cancelled × a body suspends") { round ->
            val inside = Inside()
            val ledger = Ledger()
            val never = CompletableDeferred<String>()
            val job = Job()
            val scope = CoroutineScope(job + Dispatchers.Unconfined)
            val end = CompletableFuture<Throwable?>()
            together(
                {
                    val call =
                        scope.async(start = CoroutineStart.UNDISPATCHED) {
                            try {
                                gather(
                                    { inside.suspendingVisit { never.await() } },
                                    { inside.suspendingVisit { never.await() } },
                                    limit = 1 + round % 2,
                                    options = gatherOptions(listener = ledger),
                                )
                            } finally {
                                inside.checkEmpty()
                            }
                        }
                    call.asCompletableFuture().whenComplete { _, failure -> end.complete(failure) }
                },
                { job.cancel() },
            )
            val failure = end.soon()
            tilt(inside.times == 0)
            check(failure is java.util.concurrent.CancellationException) { "$failure" }
            if (inside.times > 0) ledger.balance(2)
        }
    })
