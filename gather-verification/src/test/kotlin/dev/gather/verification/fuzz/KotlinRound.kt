package dev.gather.verification.fuzz

import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherAtLeast
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import dev.gather.verification.race.Boom
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeout
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.resume
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration

/** One case through the Kotlin door, on a dispatcher over the executor. */
class KotlinRound(
    private val case: Case,
    private val work: Work,
    private val executor: OddExecutor,
    private val later: Executor,
) {
    private val timeout = case.deadline?.toKotlinDuration()
    private val stagger = case
        .options()
        .build()
        .stagger()
        ?.toKotlinDuration()
    private val items = if (case.input ==
        Input.LAZY
    ) {
        Iterable { (0 until case.tasks).iterator() }
    } else {
        (0 until case.tasks).toList()
    }
    private val owner = CoroutineScope(SupervisorJob() + executor.asCoroutineDispatcher())

    private suspend fun body(index: Int) =
        work.suspending(index) {
            suspendCancellableCoroutine { continuation -> later.execute { continuation.resume(Unit) } }
        }

    private val release: ((Int) -> Unit)? = if (case.releases) work::release else null

    private fun Flow<Completed<Int>>.noted() = onEach(::delivered)

    private fun delivered(value: Any?) {
        when (value) {
            is List<*> -> value.forEach(::delivered)
            is Completed<*> -> delivered(value.outcome)
            is Outcome.Success<*> -> delivered(value.value)
            is Int -> work.delivered(value)
        }
    }

    /** Runs it and says whether something was to keep tasks from running. */
    fun run(): Boolean {
        val ended = CompletableFuture<Result<Any?>>()
        // Refused, it never begins; then its job tells.
        val caller = owner.launch { ended.complete(runCatching { call() }) }
        caller.invokeOnCompletion {
            ended.complete(
                Result.failure(it ?: IllegalStateException("it has not told its end")),
            )
        }
        work.enough.thenRun { caller.cancel(CancellationException("enough")) }
        val end = ended.soon()
        // What LEAVE_OTHERS has left is a child of the owner.
        runBlocking {
            withTimeout(SECONDS.seconds) {
                owner.coroutineContext.job.children
                    .forEach { it.join() }
            }
        }
        end.onSuccess(::succeeded).onFailure(::failed)
        if (case.undisturbed && case.mayNotRefuse) {
            check(end.isSuccess == succeeds) { if (succeeds) "ended with $end" else "did not fail" }
        }
        return !case.undisturbed ||
            when (case.terminal) {
                Terminal.ALL, Terminal.COMBINE -> case.failing.isNotEmpty() && case.policy != FailurePolicy.AWAIT_OTHERS
                Terminal.ANY, Terminal.AT_LEAST -> true
                else -> false
            }
    }

    private val succeeds: Boolean
        get() =
            when (case.terminal) {
                Terminal.ALL, Terminal.COMBINE -> case.failing.isEmpty()
                Terminal.ANY, Terminal.AT_LEAST -> case.tasks - case.failing.size >= case.successes
                else -> true
            }

    private suspend fun call(): Any? =
        when (case.terminal) {
            Terminal.ALL ->
                items.gather(case.limit, timeout, null, case.policy, owner, case.limiter, release) { body(it) }
            Terminal.COMBINE ->
                gather(
                    *Array(case.tasks) { i -> suspend { body(i) } },
                    limit = case.limit,
                    timeout = timeout,
                    onFailure = case.policy,
                    scope = owner,
                    limiter = case.limiter,
                    release = release,
                )
            Terminal.SETTLED -> items.gatherSettled(case.limit, timeout, null, case.limiter, release) { body(it) }
            Terminal.ANY -> items.gatherAny(case.limit, timeout, null, stagger, case.limiter, release) { body(it) }
            Terminal.AT_LEAST ->
                items.gatherAtLeast(case.successes, case.limit, timeout, null, stagger, case.limiter, release) {
                    body(it)
                }
            Terminal.STREAM ->
                items.gatherAsCompleted(case.limit, timeout, null, case.limiter, release) { body(it) }.noted().toList()
            Terminal.AS_COMPLETED ->
                items
                    .asFlow()
                    .gatherAsCompleted(
                        case.limit,
                        timeout,
                        null,
                        case.limiter,
                        release,
                    ) { body(it) }
                    .noted()
                    .toList()
        }

    private fun succeeded(value: Any?) {
        delivered(value)
        val all = (0 until case.tasks).toList()
        when (case.terminal) {
            Terminal.ALL, Terminal.COMBINE -> check(value == all) { "got $value" }
            Terminal.ANY -> work.judge(value as Int, Outcome.Success(value), stopped = true)
            Terminal.SETTLED -> (value as List<*>).forEachIndexed { i, outcome -> judge(i, outcome as Outcome<*>) }
            Terminal.AT_LEAST, Terminal.STREAM, Terminal.AS_COMPLETED -> {
                val results = (value as List<*>).map { it as Completed<*> }
                check(results.map { it.index }.toSet().size == results.size) { "a result came twice: $results" }
                results.forEach { judge(it.index.toInt(), it.outcome) }
            }
        }
        if (case.deadline == null && value is List<*> && case.terminal != Terminal.AT_LEAST) {
            check(value.size == case.tasks) { "${value.size} of ${case.tasks} results" }
        }
    }

    /** A refused resume cancels the body that it was for, with the refusal as the cause. */
    private fun judge(
        index: Int,
        outcome: Outcome<*>,
    ) {
        if (!case.mayNotRefuse && outcome is Outcome.Failure && outcome.cause.isRefusal) return
        work.judge(index, outcome, stopped = !case.undisturbed)
    }

    private fun failed(error: Throwable) {
        val mayBe =
            when {
                error is GatherTimeoutException -> case.deadline != null
                error is Boom -> error.round in case.failing && case.terminal != Terminal.SETTLED
                error.isRefusal -> !case.mayNotRefuse
                error is CancellationException -> case.cancelAfter != null
                error is GatherException -> error.cause.let { it is Boom && it.round in case.failing }
                else -> false
            }
        if (!mayBe) throw AssertionError("ended with $error", error)
    }
}

private val Throwable.isRefusal: Boolean
    get() = generateSequence(this) { it.cause }.take(10).any { it is RejectedExecutionException }
