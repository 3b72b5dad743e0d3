package dev.gather.verification.race

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.verification.guarantee.soon
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.future.asCompletableFuture
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicBoolean

/** The close of a scope × the start of a gather in it. */
class ScopeCloseSpec :
    RaceSpec({
        race("close × a gather of bodies is started") {
            val inside = Inside()
            val isClosed = AtomicBoolean()
            val late = AtomicBoolean()
            val scope = GatherScope()
            var future: GatherFuture<*>? = null
            together(
                {
                    future =
                        startedIn(scope) {
                            Gather
                                .of<Nothing>({
                                    inside.visit {
                                        if (isClosed.get()) late.set(true)
                                        untilInterrupted()
                                    }
                                })
                                .scope(scope)
                                .all()
                        }
                },
                {
                    scope.close()
                    isClosed.set(true)
                    inside.checkEmpty()
                },
            )
            val started = future
            tilt(started == null)
            check(started == null || started.isCancelled) { "a gather outlived its scope: $started" }
            started?.terminated()?.soon()
            check(!late.get()) { "a body was called after close() had returned" }
        }

        race("close × a gather of running stages is started") {
            val stage = CompletableFuture<String>()
            val scope = GatherScope()
            var future: GatherFuture<*>? = null
            together(
                { future = startedIn(scope) { Gather.started(listOf(stage)).scope(scope).all() } },
                { scope.close() },
            )
            val started = future
            tilt(started == null)
            check((started != null) == stage.isCancelled) { "a stage was missed: $stage" }
            check(started == null || started.isCancelled && started.terminated().isDone) { "$started" }
        }

        race("the owner is cancelled × a gather that may leave coroutines to it is started") {
            val inside = Inside()
            val never = CompletableDeferred<String>()
            val owner = CoroutineScope(Job() + Dispatchers.Unconfined)
            val end = CompletableFuture<Throwable?>()
            together(
                {
                    val call =
                        CoroutineScope(Dispatchers.Unconfined).async(start = CoroutineStart.UNDISPATCHED) {
                            gather(
                                { inside.suspendingVisit { never.await() } },
                                { inside.suspendingVisit { never.await() } },
                                onFailure = FailurePolicy.LEAVE_OTHERS,
                                scope = owner,
                            )
                        }
                    call.asCompletableFuture().whenComplete { _, failure -> end.complete(failure) }
                },
                { owner.cancel() },
            )
            val failure = end.soon()
            tilt(inside.times == 0)
            check(failure != null) { "the gather outlived its owner" }
            inside.checkEmpty()
        }
    })

/** Null if the scope refuses. */
private fun <R> startedIn(
    scope: GatherScope,
    start: () -> GatherFuture<R>,
): GatherFuture<R>? =
    try {
        start()
    } catch (e: IllegalStateException) {
        check(scope.isClosed) { "refused by an open scope: $e" }
        null
    }
