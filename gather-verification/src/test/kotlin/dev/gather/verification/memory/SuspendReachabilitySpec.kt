package dev.gather.verification.memory

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.SECONDS
import io.kotest.core.spec.style.FunSpec
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What is still reachable when a gather of the suspend functions is over. */
class SuspendReachabilitySpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        for (ending in SuspendEnding.entries) {
            for (input in SuspendInput.entries) {
                test("a caller whose gather has $ending holds nothing it was given: $input") {
                    val tracked = Tracked()
                    ending.run(input, tracked)
                    // Elsewhere: what has resumed this coroutine may be on the stack below it.
                    withContext(Dispatchers.Default) { tracked.shouldBeGarbage() }
                }
            }
        }

        test("a scope that owned what was left holds nothing of it") {
            val owner = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            val tracked = Tracked()
            left(owner, tracked)
            withContext(Dispatchers.Default) { tracked.shouldBeGarbage() }
            owner.coroutineContext.job.cancelAndJoin()
        }

        test("a caller that nobody will resume is garbage with its gather") {
            val tracked = Tracked()
            abandon(tracked)
            tracked.shouldBeGarbage()
        }

        test("a coroutine that a body has launched into a wider scope holds nothing else of its gather") {
            val wider = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            val tracked = Tracked()
            launching(wider, tracked)
            withContext(Dispatchers.Default) { tracked.shouldBeGarbage() }
            wider.coroutineContext.job.cancelAndJoin()
        }

        test("what waits in the queue of a busy thread holds nothing of a gather that is over") {
            runBlocking {
                val tracked = Tracked()
                synchronous(tracked)
                tracked.shouldBeGarbage() // without a suspension since
            }
        }
    })

private suspend fun launching(
    wider: CoroutineScope,
    tracked: Tracked,
) {
    val captured = tracked.track("what the body captured", Any())
    tracked.track("iterable", Items(List(2) { tracked.track("item", Any()) })).gather {
        wider.launch(currentCoroutineContext().minusKey(Job)) { awaitCancellation() }
        tracked.track("result", "$it $captured")
    }
}

private class SuspendBody(
    private val end: CompletableDeferred<Any>,
) : suspend () -> Any {
    override suspend fun invoke() = end.await()
}

/** How two tasks are given to a gather that has an hour for each, if it asks for that. */
private enum class SuspendInput {
    LAMBDAS {
        override suspend fun gather(
            first: CompletableDeferred<Any>,
            second: CompletableDeferred<Any>,
            timeout: Long,
            tracked: Tracked,
        ) {
            gather(
                tracked.track("body", SuspendBody(first)),
                tracked.track("body", SuspendBody(second)),
                timeout = timeout.milliseconds,
                taskTimeout = 1.hours,
                options = gatherOptions(
                    onFailure = FailurePolicy.AWAIT_OTHERS,
                    listener = tracked.track("listener", Listener()),
                ),
            )
        }
    },
    ITEMS {
        override suspend fun gather(
            first: CompletableDeferred<Any>,
            second: CompletableDeferred<Any>,
            timeout: Long,
            tracked: Tracked,
        ) {
            val captured = tracked.track("what the body captured", Any())
            tracked
                .track("iterable", Items(listOf(first, second)))
                .gather(
                    timeout = timeout.milliseconds,
                    options = gatherOptions(listener = tracked.track("listener", Listener())),
                ) {
                    "${(it as CompletableDeferred<*>).await()} $captured"
                }
        }
    },
    DEFERREDS {
        override suspend fun gather(
            first: CompletableDeferred<Any>,
            second: CompletableDeferred<Any>,
            timeout: Long,
            tracked: Tracked,
        ) {
            tracked
                .track("list", arrayListOf(first, second))
                .gather(
                    timeout = timeout.milliseconds,
                    options = gatherOptions(listener = tracked.track("listener", Listener())),
                )
        }
    }, ;

    abstract suspend fun gather(
        first: CompletableDeferred<Any>,
        second: CompletableDeferred<Any>,
        timeout: Long,
        tracked: Tracked,
    )
}

private enum class SuspendEnding {
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    CANCELLED,
    ;

    suspend fun run(
        input: SuspendInput,
        tracked: Tracked,
    ) = coroutineScope {
        val first = tracked.track("deferred", CompletableDeferred<Any>())
        val second = tracked.track("deferred", CompletableDeferred<Any>())
        val caller =
            launch(start = CoroutineStart.UNDISPATCHED) {
                runCatching {
                    input.gather(
                        first,
                        second,
                        if (this@SuspendEnding ==
                            TIMED_OUT
                        ) {
                            50
                        } else {
                            3_600_000
                        },
                        tracked,
                    )
                }
            }
        when (this@SuspendEnding) {
            SUCCEEDED -> first.complete("done")
            FAILED -> first.completeExceptionally(Boom())
            TIMED_OUT -> Unit
            CANCELLED -> caller.cancel(CancellationException("enough"))
        }
        if (this@SuspendEnding == SUCCEEDED || this@SuspendEnding == FAILED) second.complete("done")
        caller.join()
    }
}

private suspend fun left(
    owner: CoroutineScope,
    tracked: Tracked,
) {
    val release = tracked.track("what the body waits for", CompletableDeferred<Unit>())
    val listener = tracked.track("listener", Listener())
    runCatching {
        gather(
            { throw Boom() },
            { release.await() },
            onFailure = FailurePolicy.LEAVE_OTHERS,
            scope = owner,
            options = gatherOptions(listener = listener),
        )
    }
    release.complete(Unit)
    owner.coroutineContext.job.children
        .toList()
        .joinAll()
}

private fun abandon(tracked: Tracked) {
    val never = tracked.track("deferred", CompletableDeferred<Any>())
    val caller: suspend () -> Unit = { gather(tracked.track("body", SuspendBody(never)), SuspendBody(never)) }
    caller.startCoroutine(tracked.track("continuation", Continuation(EmptyCoroutineContext) {}))
}

private suspend fun synchronous(tracked: Tracked) {
    for (error in listOf(null, Boom())) {
        // So few as are known never make way for others, however long one takes: nobody suspends.
        val items = tracked.track("list", List(3) { tracked.track("item", Any()) })
        val listener = tracked.track("listener", Listener())
        runCatching {
            items.gather(options = gatherOptions(listener = listener)) {
                error?.let { throw it }
                    ?: tracked.track("result", "$it")
            }
        }
        items.gatherSettled(timeout = 1.hours, options = gatherOptions(listener = listener)) { it.hashCode() }
    }
}
