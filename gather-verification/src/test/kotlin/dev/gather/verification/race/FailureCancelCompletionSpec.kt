package dev.gather.verification.race

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.JavaRunning
import dev.gather.verification.guarantee.soon
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger

/** The failure of one task × the cancel of the gather × the completion of its last task. */
class FailureCancelCompletionSpec :
    RaceSpec({
        race("a stage fails × cancel × the last stage completes") { round ->
            val policy = WAITING[round % 2]
            val ledger = Ledger()
            val hooks = AtomicInteger()
            val failing = CompletableFuture<String>()
            val last = CompletableFuture<String>()
            val future =
                Gather
                    .of(Task.started(failing), Task.started(last).onCancel { hooks.incrementAndGet() })
                    .onFailure(policy)
                    .listener(ledger)
                    .all()
            val boom = Boom(round)
            var isCancelled = false
            together(
                { failing.completeExceptionally(boom) },
                { isCancelled = future.cancel(true) },
                { last.complete("last") },
            )
            future.terminated().soon()
            checkEnd(JavaRunning(future).end(), isCancelled, boom)
            tilt(isCancelled)
            ledger.balance(2)
            check(hooks.get() <= 1) { "the hook ran $hooks times" }
            check(!last.isCancelled || hooks.get() == 1) { "a stage was cancelled without its hook" }
        }

        race("a stage fails and leaves the others × cancel") { round ->
            val failing = CompletableFuture<String>()
            val left = CompletableFuture<String>()
            val future =
                Gather
                    .started(listOf(failing, left))
                    .onFailure(FailurePolicy.LEAVE_OTHERS)
                    .all()
            val boom = Boom(round)
            var isCancelled = false
            together(
                { failing.completeExceptionally(boom) },
                { isCancelled = future.cancel(true) },
            )
            tilt(isCancelled)
            checkEnd(JavaRunning(future).end(), isCancelled, boom)
            // Either the cancel has won and reaches everybody, or the failure has and nobody is touched.
            check(left.isCancelled == isCancelled) { "cancel returned $isCancelled; the stage left is $left" }
            left.complete("late")
            future.terminated().soon()
        }

        race("a body throws × cancel × the last body returns") { round ->
            val ledger = Ledger()
            val inside = Inside()
            val trips = Trips()
            val boom = Boom(round)
            val future =
                Gather
                    .of({ inside.visit { throw boom } }, { inside.visit { "last" } })
                    .executor(trips)
                    .onFailure(WAITING[round % 2])
                    .listener(ledger)
                    .all()
            val end = future.terminated()
            var isCancelled = false
            together(
                { trips.runUntilDone(end) },
                { isCancelled = future.cancel(true) },
                { trips.runUntilDone(end) },
            )
            tilt(isCancelled)
            checkEnd(JavaRunning(future).end(), isCancelled, boom)
            ledger.balance(2)
            inside.checkEmpty()
        }

        race("a coroutine fails × the caller is cancelled × the last coroutine completes") { round ->
            val ledger = Ledger()
            val inside = Inside()
            val failing = CompletableDeferred<String>()
            val last = CompletableDeferred<String>()
            val boom = Boom(round)
            val scope = CoroutineScope(SupervisorJob() + DISPATCHERS[round % 2])
            val call =
                scope.async(start = CoroutineStart.UNDISPATCHED) {
                    val end =
                        runCatching {
                            gather(
                                { inside.suspendingVisit { failing.await() } },
                                { inside.suspendingVisit { last.await() } },
                                onFailure = WAITING[round / 2 % 2],
                                options = gatherOptions(listener = ledger),
                            )
                        }
                    inside.checkEmpty()
                    end.exceptionOrNull()
                }
            val end = CompletableFuture<Throwable?>()
            call.asCompletableFuture().whenComplete { thrown, failure -> end.complete(thrown ?: failure) }
            together(
                { failing.completeExceptionally(boom) },
                { call.cancel() },
                { last.complete("last") },
            )
            val thrown = end.soon()
            tilt(thrown !== boom)
            check(thrown === boom || call.isCancelled) { "the call threw $thrown" }
            ledger.balance(2)
        }
    })

private val WAITING = listOf(FailurePolicy.CANCEL_OTHERS, FailurePolicy.AWAIT_OTHERS)
private val DISPATCHERS = listOf(Dispatchers.Unconfined, Dispatchers.Default)

private fun checkEnd(
    end: End<*>,
    isCancelled: Boolean,
    boom: Throwable,
) {
    if (isCancelled) {
        check(end == End.Cancelled) { "cancel returned true, but the end is $end" }
    } else {
        check((end as? End.Failed)?.cause === boom) { "cancel returned false, but the end is $end" }
    }
}
