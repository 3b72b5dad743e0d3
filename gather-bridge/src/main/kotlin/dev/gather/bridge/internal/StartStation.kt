package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.threads.BodyContext
import dev.gather.threads.Station
import kotlinx.coroutines.currentCoroutineContext

/** Starts a gather of the Java door, whose bodies find in their threads what the calling coroutine has in its own. */
internal suspend fun <T> startHere(start: () -> T): T {
    val context = currentCoroutineContext()
    val task = Station.current()
    if (Surroundings.contextAt(task) === context) return start()
    val ofCoroutine = Coroutines.forOthers(context) ?: return start()
    val entered = Station.enter(StartStation(task, ofCoroutine))
    try {
        return start()
    } finally {
        Station.leave(entered)
    }
}

/** A coroutine that Gather does not know of starts something, perhaps inside of what it knows. */
internal class StartStation(
    val around: Station.Parent?,
    private val ofCoroutine: BodyContext,
) : Station.Parent {
    override fun adopt(part: Station.Part): Station.Membership = around?.adopt(part) ?: Station.NOBODYS

    override fun lasting(): Station.Parent = around?.lasting()?.let { StartStation(it, ofCoroutine) } ?: this

    override fun owner(): Any? = around?.owner()

    override fun ofCoroutine(): BodyContext? = BodyContext.both(around?.ofCoroutine(), ofCoroutine)
}
