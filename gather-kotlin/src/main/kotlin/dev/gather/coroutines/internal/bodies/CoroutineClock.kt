package dev.gather.coroutines.internal.bodies

import dev.gather.threads.Clock
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.nanoseconds

/** The virtual time of a coroutine under test: what waits in it, waits on its dispatcher. */
internal class CoroutineClock(
    private val context: CoroutineContext,
    private val virtual: VirtualTime,
) : Clock {
    override fun nanos(): Long = virtual.nanos()

    override fun schedule(
        delayNanos: Long,
        action: Runnable,
    ): Runnable {
        val timer =
            // Not a part of whoever asked first: others may still wait for it when that one has ended.
            CoroutineScope(context.minusKey(Job)).launch(start = CoroutineStart.UNDISPATCHED) {
                delay(delayNanos.nanoseconds)
                action.run()
            }
        return Runnable { timer.cancel(null) } // its default argument is not on the oldest Kotlin
    }

    /** In one virtual time all clocks show the same. */
    override fun equals(other: Any?): Boolean =
        other is CoroutineClock && virtual == other.virtual

    override fun hashCode(): Int = virtual.hashCode()
}

/** The time of a test scheduler, which is asked without being known: it stands in the context of its coroutines. */
@ConsistentCopyVisibility
internal data class VirtualTime private constructor(
    private val scheduler: Any,
) {
    fun nanos(): Long = CURRENT_TIME.get(scheduler.javaClass).invoke(scheduler) as Long * NANOS_PER_MILLI

    companion object {
        private const val SCHEDULER = "kotlinx.coroutines.test.TestCoroutineScheduler"
        private const val NANOS_PER_MILLI = 1_000_000L

        private val CURRENT_TIME =
            object : ClassValue<java.lang.reflect.Method>() {
                override fun computeValue(type: Class<*>) = type.getMethod("getCurrentTime")
            }

        /** Null where the time is the system's. */
        fun of(context: CoroutineContext): VirtualTime? =
            context.fold(null as VirtualTime?) { found, element ->
                found ?: if (element.javaClass.name == SCHEDULER) VirtualTime(element) else null
            }
    }
}
