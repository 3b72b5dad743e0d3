package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.Operation

/**
 * A body begins × it ends × others ask for its job: one job at most for each body, which whoever asks gets, and the end of
 * the body as well; none before and after, unless it stays that of the task.
 */
class JobCellLincheckSpec : LincheckSpec(JobOperations::class)

class JobOperations {
    private val cell = Numbered()

    @Operation(nonParallelGroup = "worker")
    fun begin() = cell.begin()

    /** The number of the job of the body; null if it has none. */
    @Operation(nonParallelGroup = "worker")
    fun end() = cell.end()

    @Operation
    fun find() = cell.find()

    /** By a worker, as it uses one: after a body whose job was asked for there is no other. */
    private class Numbered : JobCell<Int>() {
        private var jobs = 0
        private var isRunning = false
        private var isOfTask = false

        override fun newJob() = ++jobs

        fun begin(): Boolean {
            if (isRunning || isOfTask) return false
            isRunning = true
            open()
            return true
        }

        fun end(): Int? {
            if (!isRunning) return null
            isRunning = false
            return close().also { isOfTask = it != null }
        }

        fun find() = findJob()
    }
}
