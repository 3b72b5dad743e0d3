package dev.gather.coroutines.internal.bodies

import dev.gather.threads.Clock
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import kotlin.coroutines.ContinuationInterceptor
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

/**
 * The time of a test scheduler, which is asked without being known: it stands in the context of its coroutines, or
 * behind their dispatcher.
 */
@ConsistentCopyVisibility
internal data class VirtualTime private constructor(
    private val scheduler: Any,
) {
    fun nanos(): Long = CURRENT_TIME.get(scheduler.javaClass)!!.invoke(scheduler) as Long * NANOS_PER_MILLI

    /** Lets those go on who wait for nothing but a thread. */
    fun runCurrent() {
        RUN_CURRENT.get(scheduler.javaClass)!!.invoke(scheduler)
    }

    companion object {
        private const val TESTS = "kotlinx.coroutines.test."
        private const val SCHEDULER = TESTS + "TestCoroutineScheduler"
        private const val NANOS_PER_MILLI = 1_000_000L

        private val CURRENT_TIME = Methods("getCurrentTime")
        private val RUN_CURRENT = Methods("runCurrent")
        private val SCHEDULER_OF = Methods("getScheduler")

        /** Null where the time is the system's. */
        fun of(context: CoroutineContext): VirtualTime? =
            context.fold(null as VirtualTime?) { found, element -> found ?: schedulerOf(element)?.let(::VirtualTime) }

        private fun schedulerOf(element: CoroutineContext.Element): Any? {
            val name = element.javaClass.name
            if (name == SCHEDULER) return element
            val isDispatcher = element is ContinuationInterceptor && name.startsWith(TESTS)
            return if (isDispatcher) SCHEDULER_OF.get(element.javaClass)?.invoke(element) else null
        }
    }

    /** Methods without parameters, by the class that has them. */
    private class Methods(
        private val name: String,
    ) : ClassValue<Method?>() {
        override fun computeValue(type: Class<*>): Method? =
            generateSequence(type) { it.superclass }
                .filter { Modifier.isPublic(it.modifiers) }
                .firstNotNullOfOrNull { runCatching { it.getMethod(name) }.getOrNull() }
    }
}
