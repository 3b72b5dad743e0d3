package dev.gather.coroutines.internal.run

import dev.gather.Outcome
import java.time.Duration
import java.util.concurrent.ExecutorService

// What a run is put together from, besides its Source and its Ledger. Each is told the run it is asked for.

/** Who may start, beyond the limit: stands between the workers and the source where something has to let tasks start. */
internal interface Admission {
    /** The next task that may start, as [Source.take]; or [SHUT][Source.SHUT]. */
    fun take(
        worker: Worker,
        run: Run,
    ): Any?

    /** Before the first worker: until it is closed it holds an idle token, since it may still let somebody in. */
    fun open(run: Run)

    /** Whether a worker that came now would be let in, as far as one can tell without a look at the input. */
    fun isOpen(run: Run): Boolean

    /** A task has ended; no code of a user runs in here, and who ended it looks whether that lets others in. */
    fun ended(
        index: Int,
        hasFailed: Boolean,
    )

    /** Calls code of a user that is a part of the gather and of no task: it may have to ask for what the gather has. */
    fun asking(action: () -> Any?): Any?

    /** The source has nothing left: if nothing waits in here either, that was all. */
    fun inputHasEnded(run: Run)

    /** Nothing starts any more. */
    fun close(run: Run)

    /** The task that was waiting in here when the run ended, which will never start; -1 if there is none. */
    fun leftOver(): Int

    /** What that waited for, in words for people; `null` for nothing but its turn among the others. */
    fun waitedFor(): String?
}

/** How a body runs. */
internal interface Bodies {
    fun newWorker(run: Run): Worker

    /** Cancels every task that is running: interrupts first, then the code of others. */
    fun cancelRunning(run: Run)

    /** Whether something outside has ended the run, which is found out by asking. */
    fun isCancelled(run: Run): Boolean

    /** Calls what reads the input, which is code of a user; at any time for one worker. */
    fun read(
        run: Run,
        worker: Worker,
        action: () -> Any?,
    ): Any?

    /** What is being read is not wanted any more. */
    fun interruptReading()

    /** No task is running any more. */
    fun ended(run: Run)

    /** All tasks have ended: what shares the result of another has it, too. */
    fun settleRepeats(run: Run) {}

    /** Calls code of a user that is a part of no body, as it is called here. */
    fun callUser(action: () -> Unit)

    /** Calls such code, which throws nothing, before the run ends; the caller, who has a token, need not wait for it. */
    fun callLater(
        run: Run,
        actions: List<() -> Unit>,
        whenDone: () -> Unit = {},
    )

    /** What time it is where the bodies run. */
    fun nanos(): Long
}

/** Where workers come from. */
internal interface Threads {
    /** Whether there are any but those that are here already. */
    val hasOthers: Boolean

    /** How many helpers may be on their way where there are many tasks: more than one only where nobody refuses. */
    val ahead: Int

    /** Whether each runs one task and no other. */
    val isForOne: Boolean get() = false

    /** Whether a helper that is sent waits behind the work of others, so that a worker can make way for that. */
    val isQueue: Boolean

    /** Whether bodies that have suspended wait there as well, when they can go on. */
    val isTheirs: Boolean get() = false

    /**
     * Sends a helper. It must call [Run.helperStarted] on a thread that is good for bodies; where there is none,
     * [HelperCalls.refused], which may be later and elsewhere. When it cannot be refused any more by whoever it was given
     * to, and after that, [HelperCalls.sent]. Never throws.
     */
    fun send(
        run: Run,
        from: From,
    )

    /** Whether the executor keeps whoever sends a helper waiting: then it is full, and the helper comes in time. */
    val isKeptWaiting: Boolean get() = false

    /** The executor behind them, where it is one that can be shut down, and may then drop helpers without a word. */
    val service: ExecutorService? get() = null

    /** Whether a helper that is on its way has been dropped, should it not have arrived. */
    val isClosed: Boolean get() = service?.isTerminated == true

    /** Runs [action] on a thread that may call [send] as [From.NOBODY]; at once where that is this one. */
    fun asNobody(action: Runnable)

    /** What is still on its way has nothing to do with the run any more. */
    fun leave()

    /** Who sends a helper: whose context and stack that is. */
    enum class From(
        val isWorker: Boolean,
    ) {
        CALLER(false),
        WORKER(true),

        /** A worker that leaves its thread to what waits for that: the helper is to come after it. */
        LEAVING(true),
        NOBODY(false),
    }
}

/** Where results go. */
internal interface Delivery {
    /** Whether a result keeps its place under the limit until somebody has taken it. */
    fun keepsPlace(index: Int): Boolean

    /** Whether it wants to hear of every end. */
    val hearsEnds: Boolean

    /**
     * How a task ended; before anybody else is told, and in the order in which places and permits come back.
     * Runs no code of a user.
     *
     * @return whether the run has been stopped by that
     */
    fun count(
        run: Run,
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ): Boolean

    /** What was counted may be handed out now. */
    fun handOut(run: Run)

    /** It is known now how many tasks there are; true if the run has been stopped by that. */
    fun inputIsOver(run: Run): Boolean

    /** The result is known although tasks are still running. */
    fun decidedEarly(run: Run)

    /** The calling thread has a token that it gives back; where it [decides early][decidedEarly], it tells so after that. */
    fun holdBack() {}

    /** The token has been given back. */
    fun tellHeldBack() {}

    /** Whether the result is out, so that nothing can change it any more. */
    fun isDecided(): Boolean

    /** What has been cancelled and has not ended is not waited for any longer. */
    fun graceIsOver(run: Run) {}

    /** Nothing is running any more. */
    fun conclude(
        run: Run,
        byWorker: Boolean,
    )
}
