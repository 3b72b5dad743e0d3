package dev.gather.bridge

import dev.gather.bridge.internal.ScopeCoroutines
import dev.gather.bridge.internal.Surroundings
import dev.gather.bridge.internal.futures
import dev.gather.coroutines.spi.Coroutines
import dev.gather.future.GatherScope
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlin.coroutines.CoroutineContext

/**
 * The scope for coroutines that this scope of the Java door is to own, beside its gathers.
 *
 * * **Cancellation and end:** [close][GatherScope.close] cancels them, and returns when they have ended. (It blocks its
 *   thread: that must not be one that they need. Where one of them closes the scope, on its own thread, that waits for none of
 *   them.) To cancel the scope
 *   that is returned cancels the coroutines only, and no more of them start.
 * * **Errors:** a coroutine that fails leaves the others alone. What nobody awaits goes to the `CoroutineExceptionHandler`
 *   of [context], or to the thread's handler of uncaught exceptions.
 * * **What a coroutine finds:** the context class loader of who calls this, what the context of their coroutine puts into
 *   its threads and, where context-propagation is on the class path, the thread locals that are registered there; as they
 *   are at this call, so a scope that is to be kept is made outside of requests. Gathers of the Java door, and calls of a [JavaDoor], that it starts
 *   are parts of it.
 *
 * @param context what the coroutines have in their context; `Dispatchers.Default` if there is no dispatcher
 * @return a scope with a job that is the same each time
 * @throws IllegalArgumentException if [context] has a job, since that of the scope is their parent
 * @throws IllegalStateException if the scope is closed
 */
public fun GatherScope.asCoroutineScope(context: CoroutineContext = Dispatchers.Default): CoroutineScope {
    require(context[Job] == null) { "context must not have a job, but had ${context[Job]}" }
    check(!isClosed) { "the scope is closed: $this" }
    return ScopeCoroutines.of(this).scopeWith(context)
}

/**
 * A scope of the Java door for gathers that are to belong to this coroutine scope, whoever starts them:
 * `coroutineScope { report(asGatherScope()) }`.
 *
 * * **Cancellation and end:** its gathers are cancelled with this scope, which ends after them; so a stream that is opened
 *   with it has to be read to its end, or closed. [close][GatherScope.close] cancels them sooner, and waits for them.
 * * **What their bodies find:** what the context of this scope puts into its threads, an MDC for one, beside what the thread
 *   has that starts them.
 * * **Errors:** a gather that fails is the business of whoever awaits it, and cancels nobody.
 *
 * @param name what the scope is called in messages
 * @return a new scope; it is closed when this scope has ended
 * @throws IllegalArgumentException if this scope has no job, and so owns nothing
 */
public fun CoroutineScope.asGatherScope(name: String = ""): GatherScope {
    val job = requireNotNull(coroutineContext[Job]) { "the coroutine scope must have a job" }
    val around = coroutineContext[Surroundings]?.owner ?: Coroutines.station(coroutineContext).owner()
    return futures.newScope(name, Coroutines.owner(job, coroutineContext, around)) { job.isCompleted } as GatherScope
}
