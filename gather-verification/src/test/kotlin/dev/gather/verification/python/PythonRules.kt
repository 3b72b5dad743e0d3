package dev.gather.verification.python

import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.BothDoors
import dev.gather.verification.guarantee.Door
import dev.gather.verification.guarantee.How
import dev.gather.verification.guarantee.Piece
import dev.gather.verification.guarantee.soon
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceUntilIdle
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import java.time.Duration
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.milliseconds

/** A rule is tried as near to CPython as Gather comes, and as Gather behaves unless told otherwise. */
enum class Setting(
    val policy: FailurePolicy,
    private val label: String,
) {
    CPYTHON(FailurePolicy.LEAVE_OTHERS, "as CPython"),
    DEFAULT(FailurePolicy.CANCEL_OTHERS, "by default"),
    ;

    fun how(
        listener: GatherListener? = null,
        timeout: Duration? = null,
    ) = How(onFailure = policy, listener = listener, timeout = timeout)

    /** What has become of tasks that were running when another one failed. */
    fun othersAfterFailure(vararg others: Piece<*>) {
        others.forEach {
            it.isRunning shouldBe (this == CPYTHON)
            it.noticed.isDone shouldBe (this == DEFAULT)
        }
    }

    override fun toString() = label
}

/** A spec for rules of Python: every test is run in both settings, and through both doors where both have the rule. */
abstract class PythonRules(
    body: PythonRules.() -> Unit,
) : BothDoors({}) {
    init {
        body()
    }

    fun everywhere(
        name: String,
        body: suspend (Door, Setting) -> Unit,
    ) {
        for (door in Door.both) {
            for (setting in Setting.entries) test("$name ($door, $setting)") { body(door, setting) }
        }
    }

    fun java(
        name: String,
        body: (Setting) -> Unit,
    ) {
        for (setting in Setting.entries) test("$name (futures, $setting)") { body(setting) }
    }

    fun kotlin(
        name: String,
        body: suspend VirtualTime.() -> Unit,
    ) {
        for (setting in Setting.entries) {
            test("$name (virtual time, $setting)") { runTest { VirtualTime(this, setting).body() } }
        }
    }
}

/** The Kotlin door on one thread, where time passes only when nobody has anything to do. */
class VirtualTime(
    private val test: TestScope,
    val setting: Setting,
) : CoroutineScope by test {
    /** Owns what is left running. */
    val owner =
        CoroutineScope(
            test.backgroundScope.coroutineContext
                .minusKey(Job) + SupervisorJob(test.backgroundScope.coroutineContext.job),
        )
    val now: Long get() = test.currentTime
    val log = mutableListOf<String>()

    suspend fun <T> all(
        vararg tasks: suspend () -> T,
        timeout: Int? = null,
        listener: GatherListener? = null,
    ): List<T> =
        gather(
            *tasks,
            timeout = timeout?.milliseconds,
            onFailure = setting.policy,
            scope = owner,
            options = gatherOptions(listener = listener),
        )

    suspend fun <T> settled(
        vararg tasks: suspend () -> T,
        timeout: Int? = null,
    ): List<Outcome<T>> = gatherSettled(*tasks, timeout = timeout?.milliseconds)

    suspend fun <T> all(
        running: List<Deferred<T>>,
        listener: GatherListener? = null,
    ): List<T> = running.gather(onFailure = setting.policy, scope = owner, options = gatherOptions(listener = listener))

    fun <T> ok(
        value: T,
        after: Int,
    ): suspend () -> T =
        {
            delay(after.milliseconds)
            log += "$value"
            value
        }

    fun fail(
        error: Throwable,
        after: Int,
    ): suspend () -> Nothing =
        {
            delay(after.milliseconds)
            log += "${error.message}"
            throw error
        }

    /** Never ends by itself; when it is cancelled it takes that long and then does as [then] says. */
    fun <T> slowToStop(
        cleanup: Int,
        then: (CancellationException) -> T,
    ): suspend () -> T =
        {
            try {
                awaitCancellation()
            } catch (e: CancellationException) {
                withContext(NonCancellable) { delay(cleanup.milliseconds) }
                then(e)
            }
        }

    /** Makes the call, and lets it go as far as it goes at once. */
    fun <R> start(call: suspend () -> R): Started<R> = Started(this, call)

    fun letRun() = test.advanceUntilIdle()

    fun letTurn() = test.runCurrent()
}

/** A call that is under way, and how it ended. */
class Started<R>(
    time: VirtualTime,
    call: suspend () -> R,
) {
    var value: R? = null
        private set
    var thrown: Throwable? = null
        private set
    var endedAt: Long? = null
        private set

    val job: Job =
        time.launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                value = call()
            } catch (e: Throwable) {
                thrown = e
            }
            endedAt = time.now
        }

    fun cancel(message: String = "cancelled by the test") = job.cancel(CancellationException(message))
}

class Boom(
    message: String,
) : Exception(message)

fun started(vararg pieces: Piece<*>) = pieces.forEach { it.started.soon() }

/** What reaches the handler of last resort meanwhile. */
inline fun uncaughtIn(block: () -> Unit): List<Throwable> {
    val uncaught = ConcurrentLinkedQueue<Throwable>()
    val before = Thread.getDefaultUncaughtExceptionHandler()
    Thread.setDefaultUncaughtExceptionHandler { _, e -> uncaught += e }
    try {
        block()
    } finally {
        Thread.setDefaultUncaughtExceptionHandler(before)
    }
    return uncaught.toList()
}
