package dev.gather.coroutines.internal.door

import dev.gather.coroutines.UNLIMITED
import dev.gather.coroutines.internal.admission.Gate
import dev.gather.coroutines.internal.admission.LimiterGate
import dev.gather.coroutines.internal.admission.StaggerGate
import dev.gather.coroutines.internal.admission.Turnstile
import dev.gather.coroutines.internal.bodies.Body
import dev.gather.coroutines.internal.bodies.DispatcherThreads
import dev.gather.coroutines.internal.bodies.Nesting
import dev.gather.coroutines.internal.bodies.PassingThreads
import dev.gather.coroutines.internal.bodies.SuspendingBodies
import dev.gather.coroutines.internal.bodies.heldPermit
import dev.gather.coroutines.internal.delivery.Collecting
import dev.gather.coroutines.internal.input.FlowSource
import dev.gather.coroutines.internal.input.RunningSource
import dev.gather.coroutines.internal.run.Delivery
import dev.gather.coroutines.internal.run.Ledger
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.jvm.internal.CoroutineStackFrame
import kotlin.time.Duration

/** What a gather of the suspend door is put together from, when it is known in which context it runs. */
internal class GatherParts(
    val call: Call,
    val source: Source,
    private val body: Body,
    val ledger: Ledger,
    private val delivery: Delivery,
) {
    /** Whether there may be nobody at work although there are tasks left: what lets them start keeps the run open. */
    private val isPaused: Boolean get() = delivery is Collecting && source !is FlowSource

    val awaited: List<Deferred<*>> get() = (source as? RunningSource)?.items.orEmpty()

    /**
     * Nothing starts yet.
     *
     * @param around the context of the caller
     * @param context where the bodies run, under the job of the gather
     * @param waiter who waits for the end
     */
    fun assemble(
        around: CoroutineContext,
        context: CoroutineContext,
        nesting: Nesting,
        waiter: Continuation<*>?,
    ): Run {
        if (call.name != null) nesting.isNamed = true
        val bodies = SuspendingBodies(
            call,
            body,
            isTimed = ledger.isHeard || delivery.hearsEnds,
            context + nesting,
            nesting.isNamed,
            around[Job],
            waiter as? CoroutineStackFrame,
        )
        val gates = gates(around, bodies)
        val run =
            Run(
                if (source.runsAlready) UNLIMITED else call.limit,
                source,
                if (gates.isEmpty() && !isPaused) null else Turnstile(gates),
                // Waiting for what is running needs no thread.
                (if (source.runsAlready) null else DispatcherThreads.of(bodies))
                    ?: PassingThreads(bodies, source.runsAlready),
                bodies,
                ledger,
                delivery,
            )
        if (run.admission != null) bodies.noticeCancellation(run)
        return run
    }

    private fun gates(
        around: CoroutineContext,
        bodies: SuspendingBodies,
    ): List<Gate> {
        val limiter = call.limiter
        val stagger = call.stagger.takeUnless { it == Duration.ZERO }
        if (limiter == null && stagger == null || source.runsAlready) return emptyList()
        return listOfNotNull(
            stagger?.let { StaggerGate(it.inWholeNanoseconds, bodies.clock) },
            limiter?.let { LimiterGate(it, around.heldPermit(it), bodies.clock.takeIf { bodies.hasOwnTime }) },
        )
    }
}
