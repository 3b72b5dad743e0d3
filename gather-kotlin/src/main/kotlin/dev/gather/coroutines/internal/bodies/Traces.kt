package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.Run
import kotlinx.coroutines.Job
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/**
 * Says in the stack trace of a failure who has called the gather, since the stack of a body that had suspended does
 * not. kotlinx.coroutines does so with a copy of the exception; a gather throws the instance that the task has thrown.
 */
internal object Traces {
    /** As for the stack-trace recovery of kotlinx.coroutines. */
    private val isOn =
        Job::class.java.desiredAssertionStatus() &&
            System.getProperty("kotlinx.coroutines.stacktrace.recovery")?.toBooleanStrictOrNull() != false

    private val boundary = StackTraceElement("(gathered by)", "", null, -1)

    /** Who calls, where that is not known anyway; null where nobody wants to know. */
    suspend fun caller(): Continuation<*>? = if (isOn) {
        suspendCoroutineUninterceptedOrReturn<Continuation<*>> {
            it
        }
    } else {
        null
    }

    fun tellWhoCalled(
        failure: Throwable,
        run: Run?,
    ) {
        if (!isOn) return
        val caller = framesFrom((run?.bodies as? SuspendingBodies)?.callerFrame)
        val trace = failure.stackTrace
        if (caller.isEmpty() || trace.isEmpty() || caller.all { it in trace }) return
        failure.stackTrace = trace + boundary + caller
    }

    private fun framesFrom(innermost: CoroutineStackFrame?): List<StackTraceElement> =
        generateSequence(innermost) { it.callerFrame }
            .mapNotNull { it.getStackTraceElement() }
            .toList()
}
