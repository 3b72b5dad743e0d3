package dev.gather.coroutines.internal.bodies

import dev.gather.threads.Station
import kotlinx.coroutines.Job
import kotlin.coroutines.CoroutineContext

/**
 * In the body of a task, or in a coroutine that was launched in it: a gather of the Java door that is started here holds
 * the task as a child of it would, and is cancelled with it. Its failure is that of whoever waits for it.
 *
 * @param job the coroutine that runs here
 */
internal class TaskPlace(
    private val coroutine: TaskCoroutine,
    private val job: Job,
) : Station.Parent {
    override fun adopt(part: Station.Part): Runnable {
        val hold = StandIn(coroutine)
        // Its dependents may take their time, and are no business of whoever cancels.
        hold.onCancelling { Aftermath(listOf(part::cancelByOwner)) {}.start() }
        if (part.endsWithBody()) {
            if (job === coroutine) coroutine.endsWithBody(hold) else job.invokeOnCompletion { hold.cancel(null) }
        }
        return Runnable(hold::end)
    }

    override fun owner(): Any? = coroutine.owner
}

/**
 * A thread runs a coroutine that has been launched in a body, or that body in another context; or it runs it inside of
 * something else, which so waits for it.
 */
internal class CoroutinePlace private constructor(
    private val context: CoroutineContext,
    private val below: Station.Occupant?,
) : Station.Occupant {
    override fun task(): Station.Parent? {
        val job = context[Job]
        val own = job?.andAround?.firstNotNullOfOrNull { it as? TaskCoroutine }?.place(job)
        val outer = below?.task()
        return if (own == null || outer == null) own ?: outer else Both(own, outer)
    }

    /** A gather that a body of a coroutine starts belongs to the body of a thread, too, that is blocked meanwhile. */
    private class Both(
        private val own: Station.Parent,
        private val outer: Station.Parent,
    ) : Station.Parent {
        override fun adopt(part: Station.Part): Runnable {
            val both = listOf(own.adopt(part), outer.adopt(part))
            return Runnable { both.forEach(Runnable::run) }
        }

        override fun owner(): Any? = own.owner() ?: outer.owner()
    }

    companion object {
        /** The current thread, whose station that is, goes on with this; returns what it will go back to. */
        fun enter(
            station: Array<Any?>,
            context: CoroutineContext,
        ): Any? {
            val below = station[0].takeUnless { it is SuspendWorker } as Station.Occupant?
            val isPlain = below == null && context is SuspendWorker
            return Station.at(station, if (isPlain) context else CoroutinePlace(context, below))
        }
    }
}
