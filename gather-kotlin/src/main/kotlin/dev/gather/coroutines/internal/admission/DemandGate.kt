package dev.gather.coroutines.internal.admission

import dev.gather.coroutines.internal.cells.Credits
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Worker

/** Opens as results are asked for. */
internal class DemandGate(
    /** Whether no more tasks may start than were asked for; else the first demand opens for all. */
    private val isExact: Boolean,
) : Gate {
    private val credits = Credits()

    fun demand(n: Long) = credits.add(if (isExact) n else Long.MAX_VALUE)

    override fun tryPass(
        run: Run,
        worker: Worker,
    ): Boolean = credits.tryTake()

    override fun isOpen(): Boolean = credits.anyLeft()
}
