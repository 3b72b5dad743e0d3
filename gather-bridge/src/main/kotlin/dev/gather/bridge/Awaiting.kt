package dev.gather.bridge

import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.Outcomes
import dev.gather.bridge.internal.awaitAsGuest
import dev.gather.bridge.internal.awaitEnd
import dev.gather.bridge.internal.isCall
import dev.gather.bridge.internal.startHere
import dev.gather.coroutines.spi.Coroutines
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.KeyedGather
import dev.gather.future.Task
import java.util.concurrent.CompletionStage
import kotlin.coroutines.cancellation.CancellationException

/**
 * Awaits a stage as its owner: when the caller is cancelled, the stage gets `cancel(true)`, and the call returns when
 * the stage is done. That is what a call of one's own wants, as in `client.sendAsync(request, ofString()).awaitOwned()`.
 *
 * * **Cancellation:** the [CancellationException] of the caller is thrown when the stage is done; a failure of the stage
 *   meanwhile is suppressed in it, a value is lost. A stage that has no method `cancel` is not waited for any longer.
 * * **Errors:** what the stage has failed with, the same instance, out of the `CompletionException` that the JDK may have
 *   put around it. A stage that somebody else has cancelled is no cancellation of the caller, who would end in silence:
 *   it throws a [java.util.concurrent.CompletionException] around that.
 * * **End:** that of the stage; what other libraries leave running when their stage is cancelled nobody knows. Of a
 *   [GatherFuture] it is that of all tasks.
 *
 * @return the value of the stage
 */
public suspend fun <T> CompletionStage<T>.awaitOwned(): T = awaitEnd().valueOrThrow()

/**
 * Awaits a stage that belongs to somebody else: when the caller is cancelled it stops waiting, at once, and touches
 * nobody. What is left on a stage that stays pending is next to nothing.
 *
 * * **Errors:** as for [awaitOwned].
 *
 * @return the value of the stage
 */
public suspend fun <T> CompletionStage<T>.awaitShared(): T = awaitAsGuest().valueOrThrow()

/**
 * Awaits a gather of the Java door, or a call of a [JavaDoor], as its owner: a cancel of the caller cancels it, and
 * the call returns, whatever it returns or throws, after its [end][GatherFuture.terminated].
 *
 * * **Errors:** as for [gather][dev.gather.coroutines.gather]: a gather throws the exception of the task that has failed first,
 *   the same instance, with the other failures [suppressed][Throwable.addSuppressed] in it, or a [GatherException] around
 *   that where it was cancelled on its own; at the deadline a
 *   [GatherTimeoutException][dev.gather.GatherTimeoutException]. ([awaitOwned] throws the [GatherException] in each case.)
 *   A call throws what its body has thrown, the same instance.
 *   A future that somebody else has cancelled throws a [java.util.concurrent.CompletionException] around that.
 *
 * @return the result
 */
public suspend fun <T> GatherFuture<T>.await(): T {
    val end = awaitEnd()
    val failure = end.failure
    // What the body of a call throws is thrown as it is, whatever it is.
    if (failure !is GatherException || isCall) return end.valueOrThrow()
    val own = failure.cause?.takeUnless { it is CancellationException } ?: return end.valueOrThrow()
    Coroutines.suppress(own, Outcomes.failures(failure.outcomes()))
    throw own
}

/**
 * Starts a gather of the Java door as a part of the caller, and awaits what [start] returns as its owner: that is cancelled
 * with the caller, and has ended when this returns or throws. For what has no method of its own here, as in
 * `awaitGather { Gather.of(primary, mirror).any() }`, and for code in Java that starts one: `awaitGather { dashboard.load(user) }`.
 *
 * * **What [start] starts beside that** is awaited by nobody here. It is a part of the caller where the caller is a coroutine
 *   of Gather, a body or a call of a [JavaDoor] for one.
 * * **Threads:** as the gather has it; [start] runs on that of the caller. What the context of the caller puts into its
 *   threads, an MDC for one, is there in all that the gather calls.
 * * **Errors:** as for [GatherFuture.await], also where the gather is declared as another stage; as for [awaitOwned] where it
 *   is one. What [start] throws is thrown as it is.
 *
 * @param start returns what it has started, and is called once
 * @return the result
 */
public suspend fun <T> awaitGather(start: () -> CompletionStage<T>): T {
    val stage = startHere(start)
    return if (stage is GatherFuture<T>) stage.await() else stage.awaitOwned()
}

/**
 * Runs a task of the Java door as a part of the caller: cancelled with it, and ended when this returns or throws.
 *
 * * **Threads:** a blocking body runs on the default executor of the Java door, and finds what the context of the caller
 *   puts into its threads, an MDC for one.
 * * **Errors:** as for [GatherFuture.await].
 *
 * @return the value of the task
 */
public suspend fun <T> Task<T>.await(): T = awaitGather { Gather.of(this).all() }.single()

/**
 * Runs what a gather of the Java door describes as a part of the caller: cancelled with it, and ended when this returns
 * or throws.
 *
 * * **Threads:** as the gather has it. What the context of the caller puts into its threads, an MDC for one, is there in
 *   all that the gather calls.
 * * **Errors:** as for [GatherFuture.await].
 *
 * @return the values, in the order of the input
 */
public suspend fun <T> Gather<T>.awaitAll(): List<T> = awaitGather { all() }

/**
 * The same as [awaitAll], but no task that fails fails the call.
 *
 * @return how each task has ended, in the order of the input
 */
public suspend fun <T> Gather<T>.awaitSettled(): List<Outcome<T>> = awaitGather { settled() }

/**
 * The same for what has keys.
 *
 * @return the values under their keys, in the order of the input
 */
public suspend fun <K, T> KeyedGather<K, T>.awaitAll(): Map<K, T> = awaitGather { all() }

/**
 * The same for what has keys.
 *
 * @return how each task has ended, under its key, in the order of the input
 */
public suspend fun <K, T> KeyedGather<K, T>.awaitSettled(): Map<K, Outcome<T>> = awaitGather { settled() }
