package dev.gather.coroutines.internal.cells

import dev.gather.CancelReason
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Validate

/**
 * Cancel × registration: who stops the run says so and then walks the slots, who starts a task puts
 * its handle there and then looks; so no task that has started is missed, and none is cancelled twice.
 */
class RegistrationLincheckSpec : LincheckSpec(RegistrationOperations::class)

class RegistrationOperations {
    private val verdict = Verdict()
    private val slots = Slots(TASKS)
    private val handles = List(TASKS) { Handle() }

    @Operation(nonParallelGroup = "task 0")
    fun start0() = start(0)

    @Operation(nonParallelGroup = "task 1")
    fun start1() = start(1)

    @Operation
    fun stop() {
        if (!verdict.tryStop(CancelReason.GATHER)) return
        for (index in 0 until TASKS) (slots.get(index) as? Handle)?.cancel()
    }

    @Operation(nonParallelGroup = "task 0")
    fun end0() = end(0)

    @Validate
    fun noTaskIsMissed() {
        if (verdict.stop() == null) return
        handles.forEachIndexed { index, handle ->
            val isRunning = slots.get(index) === handle
            check(!isRunning || handle.wasCancelled()) { "task $index runs on" }
            check(handle.cancels <= 1) { "task $index was cancelled ${handle.cancels} times" }
        }
    }

    private fun start(index: Int) {
        if (slots.get(index) != null || verdict.stop() != null) return
        slots.set(index, handles[index])
        if (verdict.stop() != null) handles[index].cancel()
    }

    private fun end(index: Int) {
        val handle = slots.get(index) as? Handle ?: return
        if (handle.tryEnd()) slots.end(index, "ended")
    }

    private class Handle : StageCell() {
        @Volatile var cancels = 0

        fun cancel() {
            if (tryCancel()) cancels++ // by the only one who succeeds
        }
    }

    private companion object {
        const val TASKS = 2
    }
}
