package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.UserCode
import dev.gather.threads.BodyContext
import dev.gather.threads.DaemonThreads
import dev.gather.threads.Inside
import dev.gather.threads.Station
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

// Gathers of the Java door that suspending bodies start, and so are parts of their tasks.

/** Whether what runs in this context is known to its threads: kotlinx tells of it only where there is a dispatcher. */
internal fun isKnownToThreads(context: CoroutineContext): Boolean =
    if (context is SuspendWorker) context.isKnownToThreads else context[ContinuationInterceptor] is CoroutineDispatcher

/** Runs what is no part of the body that the thread may be in. */
internal inline fun outsideOfBodies(action: () -> Unit) {
    val station = Station.here()
    val task = station?.let { Station.at(it, null) }
    try {
        action()
    } finally {
        if (station != null) Station.at(station, task)
    }
}

/** How listeners and hooks are called: they are no part of a body, and the next scope around may be a gather's. */
private val OUTSIDE_OF_BODIES = UserCode { outsideOfBodies(it::run) }

/**
 * The same for a gather that is inside of one of the Java door, or of a call of the bridge: that waits for what is called
 * here, so that who closes it from here must not wait for it.
 *
 * @param owner what stands for that; `null` if there is none
 */
internal fun outsideOfBodiesOf(owner: Any?): UserCode =
    if (owner == null) OUTSIDE_OF_BODIES else UserCode { Inside.runHolding(owner, it) }

/** For a gather that the calling thread starts. */
internal fun outsideOfBodiesHere(): UserCode = outsideOfBodiesOf(Station.current()?.owner())

/** A thread runs a coroutine that has been launched in a body, or that body in another context. */
internal class CoroutineStation(
    val context: CoroutineContext,
) : Station.Parent {
    override fun adopt(part: Station.Part): Station.Membership =
        adopt(part, context, context[Job]?.stillRunning()?.innermost())

    override fun lasting(): Station.Parent = LastingStation(context)

    override fun owner(): Any? = context[Nesting]?.owner

    override fun ofCoroutine(): BodyContext? = ElementForOthers.all(context)
}

/** The scope that this context is in by now, up to its end; then the one around that. */
internal class LastingStation(
    private val context: CoroutineContext,
) : Station.Parent {
    private val job = context[Job]?.stillRunning()?.innermost()

    override fun adopt(part: Station.Part): Station.Membership = adopt(part, context, job?.stillRunning())

    override fun lasting(): Station.Parent = this

    override fun owner(): Any? = context[Nesting]?.owner
}

/** A job waits for what it is given, whoever starts that, and it is cancelled with the job. */
internal class JobStation(
    private val job: Job,
    private val ofCoroutine: BodyContext?,
    private val owner: Any?,
) : Station.Parent {
    override fun ofCoroutine(): BodyContext? = ofCoroutine

    override fun adopt(part: Station.Part): Station.Membership {
        val hold = Hold(job, part)
        if (job.isCompleted) part.cancelByOwner() // in time for being a child, or not
        return hold
    }

    override fun lasting(): Station.Parent = this

    override fun owner(): Any? = owner
}

/**
 * A gather is started in this context, by code in this job. To the task it is a child: the task ends after it, and it is
 * cancelled with the task, as well as with the coroutine or the scope that has started it. Its failure is that of
 * whoever waits for it.
 */
private fun adopt(
    part: Station.Part,
    context: CoroutineContext,
    job: Job?,
): Station.Membership {
    if (job == null) return Station.NOBODYS
    val task = job.andAround.firstNotNullOfOrNull { it as? Station.Body }
    // Cleanup that is not to be cancelled: whoever waits for that waits for this. A stream may have no end.
    if (task == null) {
        if (part.endsWithBody()) return Station.NOBODYS
        val whole = generateSequence(job) { it.codeAround }.last()
        return if (whole === job) Hold(job, part) else Memberships(listOf(Watched(job, part), Hold(whole, part)))
    }
    val coroutine = generateSequence(job) { it.codeAround }.last()
    val isOfLaunched = coroutine !== task && part.endsWithBody()
    val own = task.adopt(if (isOfLaunched) NotOfBody(part) else part)
    val outer = context[Nesting]?.outer?.adopt(part)
    val inner =
        when {
            isOfLaunched -> Watched(coroutine, part, withIt = true)
            job === task -> null
            else -> Watched(job, part)
        }
    return if (outer == null && inner == null) own else Memberships(listOfNotNull(inner, own, outer))
}

// Which job a coroutine is in by now that was in this one when it was dispatched: scopes begin and end without a
// dispatch, coroutineScope and withTimeout for two.

/** The innermost that has not ended, from this one on. Null when the coroutine has ended: somebody hears of that. */
private fun Job.stillRunning(): Job? = generateSequence(this) {
    it.enteredFrom?.context?.get(Job)
}.firstOrNull { !it.hasRun }

private fun Job.innermost(): Job = generateSequence(this) { it.scopeInside() }.last()

/** Whether the code of this job is over: a task that fails is heard of before its job has ended. */
private val Job.hasRun: Boolean get() = isCompleted || this is Station.Body && isBodyOver

/** Of a scope: the code that has entered it. It knows that when it has ended, too, while it does not know its parent. */
private val Job.enteredFrom: Continuation<*>? get() = (this as? CoroutineStackFrame)?.callerFrame as? Continuation<*>

/** The coroutine or scope whose code has entered this scope, if it is its child: not one of another job. */
@OptIn(ExperimentalCoroutinesApi::class)
private val Job.codeAround: Job? get() = enteredFrom?.context?.get(Job)?.takeIf { it === parent }

/** The scope that code in this job has entered; null if that is in none. */
private fun Job.scopeInside(): Job? =
    children.lastOrNull {
        it is CoroutineStackFrame && !it.isCompleted &&
            (it.enteredFrom?.let { code -> code.context[Job] === this } ?: true)
    }

/** From the inside outwards, itself first. */
@OptIn(ExperimentalCoroutinesApi::class)
internal val Job.andAround: Sequence<Job> get() = generateSequence(this) {
    if (it is TaskCoroutine) it.gather else it.parent
}

/** What a task has started while its body runs: one child of its coroutine for as long as any of it runs. */
internal class TaskParts(
    private val coroutine: Job,
) : Parts(null) {
    /** While any runs; guarded by this. */
    private var hold: StandIn? = null

    init {
        // Not the hold: whoever cancels the children of the task goes on, and may start something.
        coroutine.onCancelling { Aftermath(listOf(::cancel)) {}.start() }
    }

    override fun begin() {
        hold = StandIn(coroutine)
    }

    override fun end() {
        hold!!.end()
        hold = null
    }

    override fun tryAdopt(part: Station.Part): Station.Membership? {
        if (coroutine.isCancelled) cancel()
        return super.tryAdopt(part)
    }

    fun bodyIsOver(isFailure: Boolean) {
        bodyIsOver(isFailure) { hold!!.end() }
    }
}

/** One child of a job for one gather. */
internal class Hold(
    job: Job,
    part: Station.Part,
) : AtomicBoolean(), // whether it has ended
    Station.Membership {
    private val hold = StandIn(job)

    init {
        if (job.isCancelled) part.cancelByOwner()
        // Whoever becomes a child of a job that has ended is cancelled at once.
        hold.onCancelling { if (job.isCancelled) Aftermath(listOf(part::cancelByOwner)) {}.start() }
    }

    override fun end(): Runnable? = if (getAndSet(true)) null else Runnable(hold::end)
}

/** A stream that a coroutine has opened which the body has launched: it ends with that one. */
private class NotOfBody(
    private val part: Station.Part,
) : Station.Part by part {
    override fun endsWithBody(): Boolean = false
}

/** Cancels a gather with a job that does not wait for it. */
private class Watched(
    job: Job,
    part: Station.Part,
    /** Whether it is of no use either when the job has ended. */
    withIt: Boolean = false,
) : Station.Membership {
    private val handle =
        job.onEnd { cause -> if (withIt || cause != null) Aftermath(listOf(part::cancelByOwner)) {}.start() }

    init {
        if (job.isCancelled) part.cancelByOwner()
    }

    override fun end(): Runnable? {
        handle.dispose()
        return null
    }
}

private class Memberships(
    private val all: List<Station.Membership>,
) : Station.Membership {
    override fun end(): Runnable? {
        val following = all.mapNotNull { it.end() }
        return if (following.isEmpty()) null else Runnable { following.forEach(DaemonThreads.EXECUTOR::execute) }
    }
}
