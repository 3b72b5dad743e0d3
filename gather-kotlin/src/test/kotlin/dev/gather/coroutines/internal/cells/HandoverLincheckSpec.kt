package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.Operation

/** Suspension × resumption of a body: exactly one of the two goes on, with the result. */
class HandoverLincheckSpec : LincheckSpec(HandoverOperations::class, threads = 2)

/** For each body one thread starts it and the other resumes it; whoever goes on prepares the next. */
class HandoverOperations : Handover() {
    @Volatile private var started = false

    @Volatile private var resumed = false

    @Operation(nonParallelGroup = "start")
    fun start(): String {
        if (started) return "not yet"
        started = true
        return goOn(suspended() ?: return "handed over")
    }

    @Operation(nonParallelGroup = "resume")
    fun resume(): String {
        if (resumed) return "not yet"
        resumed = true
        if (!isSuspended && tryLeave("early")) return "left"
        resumed()
        return goOn("late")
    }

    private fun goOn(result: Any): String {
        started = false
        resumed = false
        return "goes on, $result"
    }
}
