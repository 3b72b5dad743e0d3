package dev.gather.coroutines.internal.bodies

import dev.gather.threads.Station
import kotlinx.coroutines.Job
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/**
 * What the body of a coroutine has started, for all coroutines of a class: in a field of each, since most start nothing.
 *
 * @param field of the coroutine, for nobody else; `null` as long as it has started nothing
 */
internal class BodyParts<C>(
    private val field: AtomicReferenceFieldUpdater<C, Any?>,
) where C : Station.Body, C : Job {
    /** For [Station.Body.adopt]. */
    fun adopt(
        coroutine: C,
        part: Station.Part,
    ): Station.Membership =
        partsOf(coroutine)?.tryAdopt(part)
            ?: if (part.endsWithBody()) Station.NOBODYS else Hold(coroutine, part)

    /** Null if there will be none. */
    private fun partsOf(coroutine: C): TaskParts? {
        if (field[coroutine] == null) field.compareAndSet(coroutine, null, TaskParts(coroutine))
        return field[coroutine] as? TaskParts
    }

    /** For [Station.Body.isBodyOver]. */
    fun isBodyOver(coroutine: C): Boolean = field[coroutine] === OVER

    /** The body has returned, or thrown: what it has not waited for, its coroutine does. */
    fun bodyIsOver(
        coroutine: C,
        isFailure: Boolean,
    ) {
        (field.getAndSet(coroutine, OVER) as TaskParts?)?.bodyIsOver(isFailure)
    }

    private companion object {
        val OVER = Any()
    }
}
