package dev.gather.coroutines.spi

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.coroutines.internal.bodies.CoroutineStation
import dev.gather.coroutines.internal.bodies.ElementForOthers
import dev.gather.coroutines.internal.bodies.HeldPermit
import dev.gather.coroutines.internal.bodies.JobStation
import dev.gather.coroutines.internal.bodies.SuspendWorker
import dev.gather.coroutines.internal.bodies.Timely
import dev.gather.coroutines.internal.bodies.VirtualTime
import dev.gather.coroutines.internal.door.Call
import dev.gather.coroutines.internal.door.requireOwner
import dev.gather.coroutines.internal.run.suppress
import dev.gather.threads.BodyContext
import dev.gather.threads.DaemonThreads
import dev.gather.threads.HeldPermits
import dev.gather.threads.Station
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.intercepted
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.time.Duration
import dev.gather.coroutines.internal.bodies.outsideOfBodies as outside
import dev.gather.coroutines.internal.run.refusalBehind as refusedFor

/** What the bridge has to know of the engine. Exported to that module only; not for users. */
public object Coroutines {
    /**
     * Whom gathers of the Java door belong to that code in this context starts.
     *
     * @param context that of a coroutine, or of a scope inside of one
     * @return to be [entered][Station.enter] where a thread runs that
     */
    public fun station(context: CoroutineContext): Station.Parent = CoroutineStation(context)

    /**
     * A job as the owner of gathers of the Java door.
     *
     * @param job waits for them
     * @param context of the scope that has it, as it is now
     * @param owner what stands for whoever waits for the job
     */
    public fun owner(
        job: Job,
        context: CoroutineContext,
        owner: Any?,
    ): Station.Parent = JobStation(job, ElementForOthers.all(context), owner)

    /**
     * The context of the coroutine that a thread runs.
     *
     * @param station what the thread has [entered][Station.current]
     * @return `null` if that is no coroutine, or not one of Gather
     */
    public fun contextAt(station: Station.Parent?): CoroutineContext? =
        when (station) {
            is SuspendWorker -> station
            is CoroutineStation -> station.context
            else -> null
        }

    /**
     * What a coroutine in this context finds in its thread, for code in Java that runs for it on others.
     *
     * @return `null` for nothing
     */
    public fun forOthers(context: CoroutineContext): BodyContext? = ElementForOthers.all(context)

    /**
     * That a coroutine is work which holds permits, those of whoever has started it for one.
     *
     * @param permits what it holds
     * @return for the context of the coroutine
     */
    public fun holding(permits: HeldPermits): CoroutineContext.Element = HeldPermit(permits)

    /** Runs what is no part of the body that the thread may be in. */
    public fun outsideOfBodies(action: () -> Unit) {
        outside { action() }
    }

    /** Whether this is the one thread that keeps the time of all coroutines, where no code of a user runs. */
    public fun isOnTimer(context: CoroutineContext): Boolean = Timely.isOnTimer(context)

    /** Goes on elsewhere, if the caller is on that thread. */
    public suspend fun leaveTimer() {
        if (!isOnTimer(currentCoroutineContext())) return
        // Not suspendCoroutine: who is resumed before that has suspended would stay.
        suspendCoroutineUninterceptedOrReturn<Unit> { caller ->
            DaemonThreads.EXECUTOR.execute { caller.intercepted().resume(Unit) }
            COROUTINE_SUSPENDED
        }
    }

    /** The refusal of a dispatcher for which a coroutine was cancelled; `null` where somebody has cancelled it. */
    public fun refusalBehind(cancellation: Throwable): Throwable? = refusedFor(cancellation)

    /**
     * Throws what the call of a gather with these options would throw for them here.
     *
     * @param settled whether it is one of outcomes
     * @throws IllegalArgumentException if one is out of its range or has no meaning there
     * @throws IllegalStateException if the scope is no longer active
     */
    @JvmSynthetic
    public suspend fun requireOptions(
        options: GatherOptions,
        timeout: Duration?,
        onFailure: FailurePolicy?,
        scope: CoroutineScope?,
        settled: Boolean,
    ) {
        val call = Call(options, timeout = timeout, onFailure = onFailure, scope = scope)
        val leaves = !settled && call.onFailure == FailurePolicy.LEAVE_OTHERS
        if (leaves) requireOwner(call.scope, currentCoroutineContext())
    }

    /** Makes the other failures of a gather suppressed ones of the one that is thrown, each once. */
    public fun suppress(
        failure: Throwable,
        others: Iterable<Throwable>,
    ) {
        failure.suppress(others)
    }

    /**
     * Lets those go on who wait for nothing but a thread, where there is no other thread than that of a test.
     *
     * @return whether the time in this context is that of a test
     */
    public fun runVirtual(context: CoroutineContext): Boolean {
        val virtual = VirtualTime.of(context) ?: return false
        virtual.runCurrent()
        return true
    }

    /** Whether the time in this context is that of a test, and its thread the only one. */
    public fun isVirtual(context: CoroutineContext): Boolean = VirtualTime.of(context) != null
}
