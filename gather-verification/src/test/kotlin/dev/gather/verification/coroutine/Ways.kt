package dev.gather.verification.coroutine

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.UNLIMITED
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherAtLeast
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.job
import kotlinx.coroutines.supervisorScope
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration.Companion.hours

typealias Bodies = List<suspend () -> Any?>

/** How many bodies each way is given. */
const val BODIES = 4

/** Longer than anything here waits, in virtual time too. */
private val NEVER = 1_000.hours

/** A way to run bodies at the same time. What a body can observe is the same in all of them. */
class Way(
    private val name: String,
    /** Whether each body ends for itself; otherwise all have to succeed. */
    val settles: Boolean,
    /** How many bodies may be inside at once. */
    val atOnce: Int = BODIES,
    /** Whether each body throws when it has done what it is to do. */
    val throws: Boolean = false,
    private val call: suspend (Bodies, GatherListener?) -> List<Outcome<Any?>>,
) {
    /** [onEnd] is told of each body that has ended. */
    suspend fun run(
        bodies: Bodies,
        onEnd: ((Int) -> Unit)? = null,
    ): List<Outcome<Any?>> = call(bodies, onEnd?.let(::Ends))

    override fun toString() = name

    companion object {
        /** What all others are compared with. */
        val async =
            Way("async in a supervisorScope", settles = true) { bodies, listener ->
                supervisorScope {
                    bodies
                        .mapIndexed { i, body ->
                            async { body() }.apply {
                                invokeOnCompletion { listener?.onEnd(i, null, UNKNOWN, Duration.ZERO) }
                            }
                        }.map {
                            try {
                                Outcome.Success(it.await())
                            } catch (_: CancellationException) {
                                Outcome.Cancelled<Any?>(CancelReason.TASK, true)
                            } catch (e: Throwable) {
                                Outcome.Failure<Any?>(e)
                            }
                        }
                }
            }

        val all: List<Way> = settling() + together() + others()
    }
}

private val UNKNOWN = Outcome.Success("unknown")

private class Ends(
    private val onEnd: (Int) -> Unit,
) : GatherListener {
    override fun onEnd(
        index: Int,
        taskName: String?,
        outcome: Outcome<*>,
        elapsed: Duration,
    ) = onEnd(index)
}

private fun settling() =
    listOf(
        Way("gatherSettled(a, b, …)", true) { bodies, listener ->
            gatherSettled(*bodies.toTypedArray(), options = gatherOptions(listener = listener))
        },
        settledItems("", UNLIMITED),
        settledItems("limit = $BODIES", BODIES),
        settledItems("limit = 2", 2),
        settledItems("limit = 1", 1),
        Way("items.gatherSettled(taskTimeout)", true) { bodies, listener ->
            bodies.gatherSettled(taskTimeout = NEVER, options = gatherOptions(listener = listener)) { it() }
        },
        Way("items.gatherSettled(timeout)", true) { bodies, listener ->
            bodies.gatherSettled(timeout = NEVER, options = gatherOptions(listener = listener)) { it() }
        },
        Way("items.gatherSettled(limit = 2, taskTimeout)", true, 2) { bodies, listener ->
            bodies.gatherSettled(limit = 2, taskTimeout = NEVER, options = gatherOptions(listener = listener)) { it() }
        },
        Way("items.gatherSettled(limiter)", true) { bodies, listener ->
            bodies.gatherSettled(
                limiter = Limiter.concurrent(BODIES),
                options = gatherOptions(listener = listener),
            ) { it() }
        },
        Way("items.gatherSettled(limiter of 1)", true, 1) { bodies, listener ->
            bodies.gatherSettled(limiter = Limiter.concurrent(1), options = gatherOptions(listener = listener)) { it() }
        },
        Way("map.gatherSettled()", true) { bodies, listener ->
            bodies
                .keyed()
                .gatherSettled(options = gatherOptions(listener = listener))
                .values
                .toList()
        },
        Way("items.gatherAsCompleted()", true) { bodies, listener ->
            bodies
                .gatherAsCompleted(options = gatherOptions(listener = listener)) { it() }
                .toList()
                .sortedBy { it.index }
                .map { it.outcome }
        },
        Way("flow.gatherAsCompleted(limit = $BODIES)", true) { bodies, listener ->
            bodies
                .asFlow()
                .gatherAsCompleted(limit = BODIES, options = gatherOptions(listener = listener)) { it() }
                .toList()
                .sortedBy { it.index }
                .map { it.outcome }
        },
    )

private fun settledItems(
    options: String,
    limit: Int,
) = Way("items.gatherSettled($options)", true, limit) { bodies, listener ->
    bodies.gatherSettled(limit = limit, options = gatherOptions(listener = listener)) { it() }
}

private fun together() =
    listOf(
        allOf("async in a coroutineScope") { bodies, _ -> coroutineScope { bodies.map { async { it() } }.awaitAll() } },
        allOf(
            "gather(a, b, …)",
        ) { bodies, listener -> gather(*bodies.toTypedArray(), options = gatherOptions(listener = listener)) },
        allOf(
            "items.gather()",
        ) { bodies, listener -> bodies.gather(options = gatherOptions(listener = listener)) { it() } },
        allOf(
            "items.gather(limit = 2)",
            2,
        ) { bodies, listener ->
            bodies.gather(2, options = gatherOptions(listener = listener)) {
                it()
            }
        },
        allOf("items.gather(taskTimeout)") { bodies, listener ->
            bodies.gather(taskTimeout = NEVER, options = gatherOptions(listener = listener)) { it() }
        },
        allOf("map.gather()") { bodies, listener ->
            bodies
                .keyed()
                .gather(options = gatherOptions(listener = listener))
                .values
                .toList()
        },
        allOf("gather(a, b, c, d, combine)") { (a, b, c, d), _ ->
            gather(a, b, c, d) { first, second, third, fourth -> listOf(first, second, third, fourth) }
        },
    )

/** These do not fail with what a body throws, or do not cancel the others then. */
private fun others() =
    listOf(
        allOf("items.gather(AWAIT_OTHERS)") { bodies, listener ->
            bodies.gather(onFailure = FailurePolicy.AWAIT_OTHERS, options = gatherOptions(listener = listener)) { it() }
        },
        allOf("items.gather(LEAVE_OTHERS)") { bodies, listener ->
            val context = currentCoroutineContext()
            val owner = CoroutineScope(context + SupervisorJob(context.job))
            try {
                bodies.gather(
                    onFailure = FailurePolicy.LEAVE_OTHERS,
                    scope = owner,
                    options = gatherOptions(listener = listener),
                ) {
                    it()
                }
            } finally {
                owner.cancel()
            }
        },
        allOf("gatherAtLeast($BODIES, …)") { bodies, listener ->
            gatherAtLeast(BODIES, *bodies.toTypedArray(), options = gatherOptions(listener = listener))
                .sortedBy { it.index }
                .map { it.getOrThrow() }
        },
        allOf(
            "gatherAny(a, b, …)",
            throws = true,
        ) { bodies, _ -> everyOneBut(bodies) { gatherAny(*it.toTypedArray()) } },
        // Results come as the bodies end; each says which it was.
        allOf("flow.gather(limit = $BODIES)") { bodies, listener ->
            bodies
                .withIndex()
                .asFlow()
                .gather(limit = BODIES, options = gatherOptions(listener = listener)) { (i, body) -> i to body() }
                .toList()
                .sortedBy { it.first }
                .map { it.second }
        },
    )

private fun allOf(
    name: String,
    atOnce: Int = BODIES,
    throws: Boolean = false,
    call: suspend (Bodies, GatherListener?) -> List<Any?>,
) = Way(name, settles = false, atOnce, throws) { bodies, listener ->
    call(bodies, listener).map {
        Outcome.Success(it)
    }
}

/** Makes a call that looks for one success go through all bodies: none of them is good enough. */
private suspend fun everyOneBut(
    bodies: Bodies,
    call: suspend (Bodies) -> Any?,
): List<Any?> {
    val values = ConcurrentHashMap<Int, Result<Any?>>()
    try {
        call(
            bodies.mapIndexed { i, body ->
                suspend {
                    values[i] = Result.success(body())
                    throw NotGoodEnough()
                }
            },
        )
    } catch (_: NotGoodEnough) {
        return List(bodies.size) { i -> checkNotNull(values[i]) { "body $i has not ended" }.getOrThrow() }
    }
    error("one was good enough")
}

private class NotGoodEnough : Exception()

fun Bodies.keyed(): Map<String, suspend () -> Any?> = withIndex().associate { (i, body) -> "key $i" to body }
