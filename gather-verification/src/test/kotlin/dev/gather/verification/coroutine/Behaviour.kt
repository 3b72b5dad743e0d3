package dev.gather.verification.coroutine

import dev.gather.Outcome
import dev.gather.verification.guarantee.SECONDS
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** Something that a body can do or look at, what is seen then, and the same words for it in every way. */
class Behaviour(
    val name: String,
    val expected: Any?,
    /** Bodies fail, or end cancelled, and the others are to go on. */
    val settles: Boolean = false,
    /** Whether the bodies have to return: one that throws takes its helpers with it. */
    val returns: Boolean = false,
    /** Bodies wait for each other, and for ever if they are disturbed: so in virtual time, where that takes no time. */
    val meets: Boolean = false,
    val observe: suspend Ground.() -> Any?,
) {
    infix fun fits(way: Way) = (way.settles || !settles) && !(returns && way.throws) && (way.atOnce >= BODIES || !meets)

    override fun toString() = name
}

/** Where one behaviour is observed in one way. */
class Ground(
    private val way: Way,
    /** Suspends, or doesn't. */
    val pause: suspend () -> Unit,
) {
    val log = ConcurrentLinkedQueue<String>()

    /** Runs a body [BODIES] times, each with its number. */
    suspend fun <T> each(
        onEnd: ((Int) -> Unit)? = null,
        body: suspend (Int) -> T,
    ): List<T> {
        @Suppress("UNCHECKED_CAST") // they are what the bodies returned
        return outcomes(onEnd, body).map { it.valueOrThrow() as T }
    }

    /** What became of each. */
    suspend fun fates(
        onEnd: ((Int) -> Unit)? = null,
        body: suspend (Int) -> Any?,
    ): List<String> =
        outcomes(onEnd, body).map {
            when (it) {
                is Outcome.Success -> "${it.value}"
                is Outcome.Failure -> "failed: ${it.cause.message}"
                is Outcome.Cancelled -> "cancelled"
            }
        }

    private suspend fun outcomes(
        onEnd: ((Int) -> Unit)?,
        body: suspend (Int) -> Any?,
    ) = way.run(List(BODIES) { i -> suspend { body(i) } }, onEnd)
}

private fun Outcome<Any?>.valueOrThrow(): Any? =
    when (this) {
        is Outcome.Success -> value
        is Outcome.Failure -> throw cause
        is Outcome.Cancelled -> error("cancelled: $this")
    }

/** The scope of the body that asks. */
suspend fun here() = CoroutineScope(currentCoroutineContext())

suspend fun myJob(): Job = currentCoroutineContext().job

/** From the job's parent upwards. */
val Job.ancestors: List<Job> get() = generateSequence(parent) { it.parent }.toList()

val Job.descendants: Sequence<Job> get() = children.flatMap { sequenceOf(it) + it.descendants }

/** Whether a body suspends before it goes on. */
val PAUSES: Map<String, suspend () -> Unit> =
    mapOf(
        "without suspending" to {},
        "after a yield" to { yield() },
        "after a delay" to { delay(1) },
    )

/** What one behaviour looks like in one way: an exception and a wait for ever are things that can be seen, too. */
fun Behaviour.seen(
    way: Way,
    pause: suspend () -> Unit,
    inVirtualTime: Boolean,
): Any? {
    var seen: Any? = "nothing"
    val look: suspend () -> Unit = {
        val patience = if (inVirtualTime) 1.hours else SECONDS.seconds
        val result = runCatching { withTimeoutOrNull(patience) { Result.success(Ground(way, pause).observe()) } }
        seen = result.fold({ if (it == null) "a wait for ever" else it.getOrThrow() }, { "thrown: $it" })
    }
    // A coroutine that has been launched has an id, as a body has: the context of a test itself has none.
    if (inVirtualTime) runTest { launch { look() } } else runBlocking(Dispatchers.Default) { look() }
    return seen
}
