package dev.gather.coroutines.internal.door

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.internal.bodies.Body
import dev.gather.coroutines.internal.bodies.SuspendSettings
import dev.gather.coroutines.internal.bodies.outsideOfBodiesHere
import dev.gather.coroutines.internal.bodies.refuseToAwaitOneself
import dev.gather.coroutines.internal.cells.Slots
import dev.gather.coroutines.internal.cells.Verdict
import dev.gather.coroutines.internal.delivery.Collecting
import dev.gather.coroutines.internal.delivery.NoSlots
import dev.gather.coroutines.internal.delivery.Quorum
import dev.gather.coroutines.internal.delivery.Waiting
import dev.gather.coroutines.internal.input.FlowSource
import dev.gather.coroutines.internal.input.KeyedItems
import dev.gather.coroutines.internal.input.RunningSource
import dev.gather.coroutines.internal.run.Delivery
import dev.gather.coroutines.internal.run.Events
import dev.gather.coroutines.internal.run.Ledger
import dev.gather.coroutines.internal.run.Report
import dev.gather.coroutines.internal.run.Source
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.Flow
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.coroutineContext
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration

/** One call of the suspend door: checks its options, of which those given by name go before the others, and runs it. */
internal class Call(
    options: GatherOptions = GatherOptions.defaults(),
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    val scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    private val release: ((Nothing) -> Unit)? = null,
    stagger: Duration? = null,
) : SuspendSettings {
    val limit = limit ?: options.limit()
    override val timeout = timeout ?: options.timeout()?.toKotlinDuration()
    override val taskTimeout = taskTimeout ?: options.taskTimeout()?.toKotlinDuration()
    override val limiter = limiter ?: options.limiter()
    val onFailure = onFailure ?: options.onFailure()
    override val stagger = stagger ?: options.stagger()?.toKotlinDuration()
    override val name: String? = options.name()
    private val listener = options.listener()

    init {
        KotlinFloor.check()
        requireMeaningful(options)
        require(this.limit >= 1) { "limit must be at least 1, but was $limit" }
        requireNotNegative(timeout, "timeout")
        requireNotNegative(taskTimeout, "taskTimeout")
        requireNotNegative(stagger, "stagger")
        if (onFailure == FailurePolicy.LEAVE_OTHERS) requireGiven(scope)
    }

    suspend fun <T> values(tasks: Array<out suspend () -> T>): List<T> = lambdas(tasks, settled = false)

    /** Of two to nine tasks, whose names are a, b, c and so on. */
    suspend fun values(
        tasks: Array<out suspend () -> Any?>,
        combine: Any,
    ): List<Any?> {
        requirePresent(combine, "combine")
        for (at in tasks.indices) requirePresent(tasks[at]) { ('a' + at).toString() }
        return lambdas(tasks, settled = false)
    }

    suspend fun <T> outcomes(tasks: Array<out suspend () -> T>): List<Outcome<T>> = lambdas(tasks, settled = true)

    suspend fun <A, T> values(
        items: Iterable<A>,
        body: suspend (A) -> T,
    ): List<T> = each(items, body, settled = false)

    suspend fun <A, T> outcomes(
        items: Iterable<A>,
        body: suspend (A) -> T,
    ): List<Outcome<T>> = each(items, body, settled = true)

    suspend fun <T> values(running: List<Deferred<T>>): List<T> = awaiting(running, settled = false)

    suspend fun <T> outcomes(running: List<Deferred<T>>): List<Outcome<T>> = awaiting(running, settled = true)

    suspend fun <K, T> values(tasks: Map<K, suspend () -> T>): Map<K, T> =
        keyed(keyedTasks(tasks), Body.LAMBDA, settled = false)

    suspend fun <K, T> outcomes(tasks: Map<K, suspend () -> T>): Map<K, Outcome<T>> =
        keyed(keyedTasks(tasks), Body.LAMBDA, settled = true)

    suspend fun <K, V, T> values(
        map: Map<K, V>,
        body: suspend (Map.Entry<K, V>) -> T,
    ): Map<K, T> = keyed(keyedEntries(map, body), itemBody(body), settled = false)

    suspend fun <K, V, T> outcomes(
        map: Map<K, V>,
        body: suspend (Map.Entry<K, V>) -> T,
    ): Map<K, Outcome<T>> = keyed(keyedEntries(map, body), itemBody(body), settled = true)

    // Each of these ends in the call of the next, which costs no continuation.

    private suspend fun <R> awaiting(
        running: List<Deferred<*>>,
        settled: Boolean,
    ): List<R> {
        requireElements(running, "running")
        refuseToAwaitOneself(running, coroutineContext)
        return run(RunningSource(running, sharesValues = release != null), Body.AWAIT, settled)
    }

    /** The first of [tasks] that succeed. */
    suspend fun <T> first(
        successes: Int,
        tasks: Array<out suspend () -> T>,
    ): List<Completed<T>> = first(successes, listed(tasks), Body.LAMBDA)

    /** The first of [items] for which [body] succeeds. */
    suspend fun <A, T> first(
        successes: Int,
        items: Iterable<A>,
        body: suspend (A) -> T,
    ): List<Completed<T>> {
        requirePresent(items, "items")
        requirePresent(body, "body")
        return first(successes, sourceOf(items), itemBody(body))
    }

    private suspend fun <T> first(
        successes: Int,
        source: Source,
        body: Body,
    ): List<Completed<T>> {
        require(successes >= 1) { "successes must be at least 1, but was $successes" }
        return gather(source, body, settled = true, Waiting(Quorum(successes))).execute()
    }

    /** What comes of [items], one by one; each collection is a run of its own. */
    fun <A, T> completions(
        items: Iterable<A>,
        body: suspend (A) -> T,
    ): Flow<Completed<T>> {
        requirePresent(items, "items")
        requirePresent(body, "body")
        return directFlow {
            flowGather(sourceOf(items), body, inOrder = false).collect<T>(null) {
                emit(it)
                null
            }
        }
    }

    /** What comes of the items of [upstream], one by one. */
    fun <A, T> completions(
        upstream: Flow<A>,
        body: suspend (A) -> T,
    ): Flow<Completed<T>> {
        requirePresent(upstream, "upstream")
        requirePresent(body, "body")
        return directFlow {
            flowGather(null, body, inOrder = false).collect<T>(upstream) {
                emit(it)
                null
            }
        }
    }

    /** The values, in the order of the items of [upstream]; fails with the first failure. */
    fun <A, T> values(
        upstream: Flow<A>,
        body: suspend (A) -> T,
    ): Flow<T> {
        requirePresent(upstream, "upstream")
        requirePresent(body, "body")
        return directFlow {
            val gather = flowGather(null, body, inOrder = true)
            gather.collect<T>(upstream) {
                val outcome = it.outcome
                if (outcome is Outcome.Success) emit(outcome.value)
                failureOf(it, gather)
            }
            if (gather.isTimedOut) throw timedOut() // while no task was running
        }
    }

    private fun failureOf(
        completed: Completed<*>,
        gather: FlowGather,
    ): Throwable? {
        val outcome = completed.outcome
        return when {
            outcome is Outcome.Failure -> outcome.cause

            outcome !is Outcome.Cancelled -> null

            outcome.reason == CancelReason.TIMEOUT -> timedOut()

            // The collector is cancelled, and has not noticed yet.
            outcome.reason == CancelReason.GATHER -> null

            else -> {
                // Thrown as it is, the cancellation of one task would look like that of the collector.
                val cause = outcome.cause ?: CancellationException("cancelled")
                Report.failure(
                    name,
                    Verdict.FirstFailure(completed.index.toInt(), null, cause, false),
                    emptyList(),
                    Report.UNKNOWN,
                )
            }
        }
    }

    private fun timedOut() = Report.timeout(name, timeout!!.toJavaDuration(), emptyList(), Report.UNKNOWN)

    private suspend fun <R> lambdas(
        tasks: Array<out suspend () -> Any?>,
        settled: Boolean,
    ): List<R> = run(listed(tasks), Body.LAMBDA, settled)

    private fun itemBody(body: suspend (Nothing) -> Any?): Body {
        @Suppress("UNCHECKED_CAST") // it gets the items that it was given for
        return Body.OfItem(body as suspend (Any?) -> Any?)
    }

    private suspend fun <K, R> keyed(
        items: KeyedItems<K>,
        body: Body,
        settled: Boolean,
    ): Map<K, R> = items.byKey(run(items.source(), body, settled))

    private suspend fun <A, R> each(
        items: Iterable<A>,
        body: suspend (A) -> Any?,
        settled: Boolean,
    ): List<R> {
        requirePresent(items, "items")
        requirePresent(body, "body")
        return run(sourceOf(items), itemBody(body), settled)
    }

    private suspend fun <R> run(
        source: Source,
        body: Body,
        settled: Boolean,
    ): List<R> {
        val gather = gather(source, body, settled, Waiting(null))
        if (onFailure != FailurePolicy.LEAVE_OTHERS || settled) return gather.execute()
        return gather.executeIn(requireOwner(scope, coroutineContext))
    }

    private fun gather(
        source: Source,
        body: Body,
        settled: Boolean,
        waiting: Waiting,
    ) = SuspendGather(parts(source, body, settled, waiting, Slots(maxOf(source.total, 0))), waiting)

    private fun flowGather(
        source: Source?,
        body: suspend (Nothing) -> Any?,
        inOrder: Boolean,
    ): FlowGather {
        val results = Collecting(inOrder, limit)
        val input = source ?: FlowSource(results::elementTaken)
        return FlowGather(parts(input, itemBody(body), true, results, NoSlots()), results)
    }

    private fun parts(
        source: Source,
        body: Body,
        settled: Boolean,
        delivery: Delivery,
        slots: Slots,
    ): GatherParts {
        val events = listener?.let { Events(it, outsideOfBodiesHere()) }
        return GatherParts(
            this,
            source,
            body,
            Ledger(settled, onFailure, events, slots, undelivered(release)),
            delivery,
        )
    }
}
