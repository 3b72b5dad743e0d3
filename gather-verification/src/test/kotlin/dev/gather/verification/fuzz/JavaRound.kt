package dev.gather.verification.fuzz

import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.JavaRunning
import dev.gather.verification.guarantee.soon
import dev.gather.verification.race.patiently
import java.util.Random
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription

/** One case through the Java door. */
class JavaRound(
    private val case: Case,
    private val work: Work,
    private val executor: OddExecutor,
) {
    private val tasks: List<Task<Int>> by lazy {
        List(case.tasks) { i ->
            when (i % 3) {
                0 -> Task.of { work.block(i) }
                1 -> Task.async { work.stage(i) }
                else -> Task.started(work.started(i))
            }
        }
    }

    private fun gather(): Gather<Int> {
        val items = 0 until case.tasks
        val lazily = Iterable { items.iterator() }
        return when (case.input) {
            Input.LIST -> Gather.each<Int, Int>(items.toList()) { work.block(it) }
            Input.LAZY -> Gather.each<Int, Int>(lazily) { work.block(it) }
            Input.STAGES -> Gather.eachAsync<Int, Int>(items.toList()) { work.stage(it) }
            Input.LAZY_STAGES -> Gather.eachAsync<Int, Int>(lazily) { work.stage(it) }
            Input.MIXED -> Gather.of(tasks)
        }.with(case.options().executor(executor).build())
            .let { if (case.releases) it.release(work::release) else it }
    }

    /** Runs it and says whether something was to keep tasks from running. */
    fun run(): Boolean {
        val gather = gather()
        when (case.terminal) {
            Terminal.ALL -> future(gather.all()) { check(it == (0 until case.tasks).toList()) { "got $it" } }
            Terminal.COMBINE ->
                future(gather.combine { results -> tasks.map(results::get) }) {
                    check(it == (0 until case.tasks).toList()) { "got $it" }
                }
            Terminal.SETTLED -> future(gather.settled(), ::settled)
            Terminal.ANY -> future(gather.any()) { work.judge(it, Outcome.Success(it), stopped = true) }
            Terminal.AT_LEAST ->
                future(gather.atLeast(case.successes)) {
                    check(it.size == case.successes) { "${it.size} successes" }
                    completed(it)
                }
            Terminal.STREAM -> stream(gather)
            Terminal.AS_COMPLETED -> publisher(gather)
        }
        return mayStop
    }

    private val mayStop: Boolean
        get() =
            !case.undisturbed ||
                when (case.terminal) {
                    Terminal.ALL, Terminal.COMBINE -> case.failing.isNotEmpty() &&
                        case.policy != FailurePolicy.AWAIT_OTHERS
                    Terminal.ANY, Terminal.AT_LEAST -> true
                    else -> false
                }

    private fun <R> future(
        future: GatherFuture<R>,
        result: (R) -> Unit,
    ) {
        work.enough.thenRun { future.cancel(true) }
        val end = JavaRunning(future).end()
        future.terminated().soon()
        when (end) {
            is End.Value -> {
                result(end.value)
                delivered(end.value)
            }
            is End.Cancelled -> {
                check(case.cancelAfter != null) { "cancelled by nobody" }
                // A cancel that comes when the result is just being told may hear of the end before.
                patiently("what nobody got") { work.isAccountedFor() }
            }
            is End.Failed -> failed(end)
        }
        if (case.undisturbed && case.mayNotRefuse) {
            check((end is End.Value) == succeeds) { if (succeeds) "ended with $end" else "did not fail" }
        }
    }

    private fun delivered(value: Any?) {
        when (value) {
            is List<*> -> value.forEach(::delivered)
            is Completed<*> -> delivered(value.outcome)
            is Outcome.Success<*> -> delivered(value.value)
            is Int -> work.delivered(value)
        }
    }

    /** If nothing disturbs it. */
    private val succeeds: Boolean
        get() =
            when (case.terminal) {
                Terminal.ALL, Terminal.COMBINE -> case.failing.isEmpty()
                Terminal.ANY, Terminal.AT_LEAST -> case.tasks - case.failing.size >= case.successes
                else -> true
            }

    private fun failed(end: End.Failed) {
        check(case.terminal != Terminal.SETTLED) { "settled failed: ${end.cause}" }
        val cause = end.cause
        if (cause is GatherTimeoutException) {
            check(case.deadline != null) { "there is no deadline: $cause" }
            slots(cause.outcomes())
            return
        }
        work.judge(null, cause)
        slots((end.thrown as GatherException).outcomes())
    }

    /** Of a gather that did not go through to its end. */
    private fun slots(outcomes: List<Outcome<*>>) {
        val isRead = case.input == Input.LAZY || case.input == Input.LAZY_STAGES
        check(if (isRead) outcomes.size <= case.tasks else outcomes.size == case.tasks) { "${outcomes.size} slots" }
        outcomes.forEachIndexed { i, outcome -> work.judge(i, outcome, stopped = true) }
    }

    private fun settled(outcomes: List<Outcome<Int>>) {
        if (!case.undisturbed) return slots(outcomes)
        check(outcomes.size == case.tasks) { "${outcomes.size} slots" }
        outcomes.forEachIndexed { i, outcome -> work.judge(i, outcome, stopped = false) }
    }

    private fun completed(results: List<Completed<Int>>) {
        check(results.map { it.index }.toSet().size == results.size) { "a result came twice: $results" }
        results.forEach { work.judge(it.index.toInt(), it.outcome, stopped = !case.undisturbed) }
    }

    /** Of a stream that has been read to its end. */
    private fun allCompleted(results: List<Completed<Int>>) {
        completed(results)
        if (case.deadline == null) check(results.size == case.tasks) { "${results.size} results" }
    }

    private fun stream(gather: Gather<Int>) {
        val results = ArrayList<Completed<Int>>()
        gather.stream().use { stream ->
            for (result in stream.iterator()) {
                results += result
                delivered(result)
                if (work.enough.isDone) break
            }
        }
        if (work.enough.isDone) completed(results) else allCompleted(results)
    }

    private fun publisher(gather: Gather<Int>) {
        val subscriber = Batches(work, Random(case.seed))
        gather.asCompleted().subscribe(subscriber)
        val isAll = subscriber.done.soon()
        delivered(subscriber.results)
        if (isAll) return allCompleted(subscriber.results)
        completed(subscriber.results)
        // Nobody tells when what was cancelled has ended, and a body may have been about to begin.
        executor.close()
        patiently("the end of what was cancelled") {
            work.running == 0 && work.isAccountedFor() &&
                case.limiter.let { it == null || it.active() == 0 }
        }
    }
}

/** Asks for some at a time, until there is enough. */
private class Batches(
    private val work: Work,
    private val random: Random,
) : Subscriber<Completed<Int>> {
    val results = ArrayList<Completed<Int>>()

    /** Whether it got everything. */
    val done = CompletableFuture<Boolean>()
    private lateinit var subscription: Subscription
    private var expected = 0L

    override fun onSubscribe(subscription: Subscription) {
        this.subscription = subscription
        ask()
    }

    private fun ask() {
        expected = if (random.nextInt(4) == 0) Long.MAX_VALUE else 1L + random.nextInt(5)
        subscription.request(expected)
    }

    override fun onNext(item: Completed<Int>) {
        results += item
        if (work.enough.isDone) {
            subscription.cancel()
            done.complete(false)
        } else if (--expected == 0L) {
            ask()
        }
    }

    override fun onError(throwable: Throwable) {
        done.completeExceptionally(throwable)
    }

    override fun onComplete() {
        done.complete(true)
    }
}
