package dev.gather.coroutines.spi

import dev.gather.coroutines.internal.bodies.BodyParts
import dev.gather.threads.Station
import kotlinx.coroutines.Job
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater

/**
 * What the bodies of calls of the bridge have started, and so belongs to them.
 *
 * @param field of a call, for nobody else; `null` as long as it has started nothing
 */
public class CallParts<C>(
    field: AtomicReferenceFieldUpdater<C, Any?>,
) where C : Station.Body, C : Job {
    private val parts = BodyParts(field)

    /** For [Station.Body.adopt]. */
    public fun adopt(
        call: C,
        part: Station.Part,
    ): Station.Membership = parts.adopt(call, part)

    /** For [Station.Body.isBodyOver]. */
    public fun isBodyOver(call: C): Boolean = parts.isBodyOver(call)

    /** The body has returned, or thrown: what it has not waited for, the call does. */
    public fun bodyIsOver(
        call: C,
        isFailure: Boolean,
    ) {
        parts.bodyIsOver(call, isFailure)
    }
}
