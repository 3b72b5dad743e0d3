package dev.gather.coroutines.internal.run

import dev.gather.CancelReason
import dev.gather.Outcome

/** Names the tasks that a deadline has cut off, for the message: mostly one wants to know which was slow. */
internal object Unfinished {
    private const val MOST = 10

    /**
     * @param outcomes how every task ended, in input order
     * @param admission may have kept one from starting
     * @param stillRunning those that are named elsewhere
     * @return empty if there are none
     */
    fun text(
        outcomes: List<Outcome<*>>,
        source: Source,
        admission: Admission?,
        stillRunning: Set<Int> = emptySet(),
    ): String {
        val waiting = admission?.leftOver() ?: -1
        val waitsFor = if (waiting < 0) null else admission?.waitedFor()
        val (named, notStarted) =
            outcomes
                .withIndex()
                .filter { (index, it) -> isCutOff(it) && source.originalOf(index) !in stillRunning }
                .partition { (index, it) -> (it as Outcome.Cancelled).started || waitsFor != null && index == waiting }
        val parts =
            named.take(MOST).mapTo(ArrayList()) { (index) ->
                val task = Report.task(index, source.nameOf(index))
                if (index == waiting) "$task (waiting for $waitsFor)" else task
            }
        if (named.size > MOST) parts += "${named.size - MOST} more"
        if (notStarted.isNotEmpty()) parts += "${notStarted.size} not started"
        return if (parts.isEmpty()) "" else "; unfinished: ${parts.joinToString()}"
    }

    private fun isCutOff(outcome: Outcome<*>) = outcome is Outcome.Cancelled && outcome.reason == CancelReason.TIMEOUT
}
