package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.UNLIMITED
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.util.Collections
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.coroutineContext
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/** One call of the suspend door: checks its options and runs it. */
internal class Call(
    private val limit: Int = UNLIMITED,
    private val timeout: Duration? = null,
    private val taskTimeout: Duration? = null,
    private val onFailure: FailurePolicy = FailurePolicy.CANCEL_OTHERS,
    private val scope: CoroutineScope? = null,
    private val name: String? = null,
    private val listener: GatherListener? = null,
    private val stagger: Duration? = null,
    private val limiter: Limiter? = null,
) {
    init {
        require(limit >= 1) { "limit must be at least 1, but was $limit" }
        require(timeout == null || !timeout.isNegative()) { "timeout must not be negative, but was $timeout" }
        require(taskTimeout == null || !taskTimeout.isNegative()) {
            "taskTimeout must not be negative, but was $taskTimeout"
        }
        require(stagger == null || !stagger.isNegative()) { "stagger must not be negative, but was $stagger" }
        require(onFailure != FailurePolicy.LEAVE_OTHERS || scope != null) {
            "onFailure = LEAVE_OTHERS needs a scope, the owner of what goes on running, but scope was null"
        }
    }

    suspend fun <T> values(tasks: Array<out suspend () -> T>): List<T> = lambdas(tasks, settled = false)

    /** Of two to nine tasks, whose names are a, b, c and so on. */
    suspend fun values(
        tasks: Array<out suspend () -> Any?>,
        combine: Any,
    ): List<Any?> {
        requirePresent(combine, "combine")
        for (at in tasks.indices) {
            if (isNull(tasks[at])) requirePresent(null, ('a' + at).toString())
        }
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

    suspend fun <K, T> values(tasks: Map<K, suspend () -> T>): Map<K, T> = keyed(tasks, settled = false)

    suspend fun <K, T> outcomes(tasks: Map<K, suspend () -> T>): Map<K, Outcome<T>> = keyed(tasks, settled = true)

    // Each of these ends in the call of the next, which costs no continuation.

    private suspend fun <R> awaiting(
        running: List<Deferred<*>>,
        settled: Boolean,
    ): List<R> {
        requireElements(running, "running")
        refuseToAwaitOneself(running, coroutineContext)
        return run(RunningSource(running), AWAIT, settled)
    }

    /** The first of [tasks] that succeed. */
    suspend fun <T> first(
        successes: Int,
        tasks: Array<out suspend () -> T>,
    ): List<Completed<T>> = first(successes, listed(tasks), taskBody())

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
        source: TaskSource,
        body: SuspendRun.Body,
    ): List<Completed<T>> {
        require(successes >= 1) { "successes must be at least 1, but was $successes" }
        val quorum = Quorum(successes)
        val run =
            SuspendRun(true, onFailure, limit, Events(listener, quorum), source, body, name, timeout, quorum)
        return run.configured().execute()
    }

    /** What comes of [items], one by one; each collection is a run of its own. */
    fun <A, T> completions(
        items: Iterable<A>,
        body: suspend (A) -> T,
    ): Flow<Completed<T>> {
        requirePresent(items, "items")
        requirePresent(body, "body")
        return flow {
            streamed(sourceOf(items), body, false).collect<T>(null) {
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
        return flow {
            streamed(FlowSource(), body, false).collect<T>(upstream) {
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
        return flow {
            val run = streamed(FlowSource(), body, true)
            run.collect<T>(upstream) {
                val outcome = it.outcome
                if (outcome is Outcome.Success) emit(outcome.value)
                failureOf(it)
            }
            if (run.isTimedOut) throw timedOut() // while no task was running
        }
    }

    private fun failureOf(completed: Completed<*>): Throwable? {
        val outcome = completed.outcome
        return when {
            outcome is Outcome.Failure -> outcome.cause

            outcome !is Outcome.Cancelled -> null

            outcome.reason == CancelReason.TIMEOUT -> timedOut()

            else -> {
                // Thrown as it is, the cancellation of one task would look like that of the collector.
                val cause = CancellationException("cancelled")
                Report.failure(name, Verdict.FirstFailure(completed.index.toInt(), null, cause, false), emptyList())
            }
        }
    }

    private fun timedOut() = Report.timeout(name, timeout!!.toJavaDuration(), emptyList())

    private fun streamed(
        source: TaskSource,
        body: suspend (Nothing) -> Any?,
        inOrder: Boolean,
    ) = FlowRun(limit, listener, source, itemBody(body), name, timeout, inOrder).configured()

    private suspend fun <R> lambdas(
        tasks: Array<out suspend () -> Any?>,
        settled: Boolean,
    ): List<R> = run(listed(tasks), taskBody(), settled)

    private fun listed(tasks: Array<out suspend () -> Any?>): TaskSource {
        requirePresent(tasks, "tasks")
        val list = tasks.asList()
        requireElements(list, "tasks")
        return ListSource(list)
    }

    private fun taskBody() =
        inTime(LAMBDA) { task ->
            @Suppress("UNCHECKED_CAST")
            (task as suspend () -> Any?)()
        }

    /** How a body is started: [directly][direct], unless it may run only so long. */
    private fun inTime(
        direct: SuspendRun.Body,
        body: suspend (Any?) -> Any?,
    ): SuspendRun.Body = if (taskTimeout == null) direct else TaskTimeout(taskTimeout, body)

    private suspend fun <K, R> keyed(
        tasks: Map<K, suspend () -> Any?>,
        settled: Boolean,
    ): Map<K, R> {
        requirePresent(tasks, "tasks")
        val keyed = KeyedTasks(tasks)
        return keyed.byKey(run(keyed.source(), inTime(KEYED) { (it as KeyedTask).body() }, settled))
    }

    private suspend fun <A, R> each(
        items: Iterable<A>,
        body: suspend (A) -> Any?,
        settled: Boolean,
    ): List<R> {
        requirePresent(items, "items")
        requirePresent(body, "body")
        return run(sourceOf(items), itemBody(body), settled)
    }

    private fun sourceOf(items: Iterable<*>): TaskSource =
        when {
            isPlainList(items) -> ListSource(items as List<*>)
            items !is Collection<*> -> LazySource(items, -1)
            items.isEmpty() -> ListSource(emptyList())
            else -> LazySource(items, minOf(items.size, TRUSTED_SIZE))
        }

    private fun itemBody(body: suspend (Nothing) -> Any?): SuspendRun.Body {
        @Suppress("UNCHECKED_CAST") // it gets the items that it was given for
        val function = body as suspend (Any?) -> Any?
        val direct = SuspendRun.Body { item, worker -> function.startCoroutineUninterceptedOrReturn(item, worker) }
        return inTime(direct, function)
    }

    private suspend fun <R> run(
        source: TaskSource,
        body: SuspendRun.Body,
        settled: Boolean,
    ): List<R> {
        val run = SuspendRun(settled, onFailure, limit, Events.of(listener), source, body, name, timeout).configured()
        return if (onFailure == FailurePolicy.LEAVE_OTHERS && !settled) {
            run.executeIn(scope!!)
        } else {
            run.execute()
        }
    }

    private fun <R : SuspendRun> R.configured(): R =
        apply {
            if (limiter != null) limitBy(limiter)
            if (stagger != null && stagger != Duration.ZERO) stagger(stagger)
        }

    /** A list whose elements are just there, not computed, so that several threads may read it at once. */
    private fun isPlainList(items: Iterable<*>): Boolean =
        items.javaClass == ArrayList::class.java || items.javaClass.name in PLAIN_LISTS

    private companion object {
        // The compiler checks no parameter of a suspend function, and what comes from Java may be null.

        fun requirePresent(
            argument: Any?,
            name: String,
        ) {
            if (argument == null) throw NullPointerException("$name must not be null")
        }

        fun requireElements(
            list: List<Any?>,
            name: String,
        ) {
            for (at in list.indices) if (list[at] == null) requirePresent(null, "$name[$at]")
        }

        fun isNull(argument: Any?) = argument == null

        const val TRUSTED_SIZE = 1 shl 20

        /** What `listOf` and `List.of` give; views may lead to somebody else's code. */
        val PLAIN_LISTS =
            setOf(
                "java.util.Arrays\$ArrayList",
                "java.util.ImmutableCollections\$ListN",
                "java.util.ImmutableCollections\$List12",
            )

        val AWAIT =
            SuspendRun.Body { deferred, worker ->
                val await: suspend () -> Any? = { (deferred as Deferred<*>).awaitOwned() }
                await.startCoroutineUninterceptedOrReturn(worker)
            }

        @Suppress("UNCHECKED_CAST")
        val LAMBDA =
            SuspendRun.Body { task, worker -> (task as suspend () -> Any?).startCoroutineUninterceptedOrReturn(worker) }

        val KEYED =
            SuspendRun.Body { task, worker -> (task as KeyedTask).body.startCoroutineUninterceptedOrReturn(worker) }
    }
}
