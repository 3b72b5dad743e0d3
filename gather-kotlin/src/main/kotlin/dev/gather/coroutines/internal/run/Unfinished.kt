package dev.gather.coroutines.internal.run

import dev.gather.CancelReason
import dev.gather.Outcome

/** Names the tasks that a deadline has cut off, for the message: mostly one wants to know which was slow. */
internal object Unfinished {
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
            outcomes.indices
                .filter { isCutOff(outcomes[it]) && source.originalOf(it) !in stillRunning }
                .partition { (outcomes[it] as Outcome.Cancelled).started || waitsFor != null && it == waiting }
        if (named.isEmpty() && notStarted.isEmpty()) return ""
        val tasks =
            Report.few(named) {
                val task = Report.task(it, source.nameOf(it))
                if (it == waiting) "$task (waiting for $waitsFor)" else task
            }
        val rest = if (notStarted.isEmpty()) emptyList() else listOf("${notStarted.size} not started")
        return (tasks + rest).joinToString(prefix = "; unfinished: ")
    }

    private fun isCutOff(outcome: Outcome<*>) = outcome is Outcome.Cancelled && outcome.reason == CancelReason.TIMEOUT
}
