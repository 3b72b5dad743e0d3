package dev.gather.verification.faults

import dev.gather.Completed
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import dev.gather.verification.race.patiently
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private typealias RefusedCall = suspend (body: suspend (Int) -> Int) -> Any?

/** The world refuses one dispatch, whichever: nothing hangs, and what is lost is the task that was on its way. */
class SuspendRefusalSpec :
    FunSpec({
        timeout = (9 * SECONDS).seconds.inWholeMilliseconds

        val bodies: Map<String, suspend (Int) -> Int> =
            mapOf(
                "do not suspend" to { it },
                "yield" to { it.also { yield() } },
                "wait" to { it.also { delay(1) } },
            )

        for ((form, call) in settledForms) {
            test("one of 15 dispatches is refused: $form gives an outcome for every task") {
                for ((kind, body) in bodies) {
                    refuseEachInTurn("$form of bodies that $kind", { call(body) }) { end, _ ->
                        @Suppress("UNCHECKED_CAST") // every form of these gives outcomes
                        val outcomes = end.getOrThrow() as List<Outcome<Int>>
                        outcomes.size shouldBe 5
                        outcomes.count { it.isSuccess } shouldBe 5 - outcomes.count { it.isRefused() }
                        (outcomes.count { it.isRefused() } <= 1) shouldBe true
                    }
                }
            }
        }

        for ((form, call) in failingForms) {
            test("one of 15 dispatches is refused: $form gives all values or throws the refusal") {
                for ((kind, body) in bodies) {
                    refuseEachInTurn("$form of bodies that $kind", { call(body) }) { end, _ ->
                        if (end.isSuccess) {
                            end.getOrThrow() shouldBe (1..5).toList()
                        } else {
                            end.exceptionOrNull().shouldBeInstanceOf<RejectedExecutionException>()
                        }
                    }
                }
            }
        }

        for ((form, call) in flowForms) {
            test("one of 15 dispatches is refused: $form ends, with its results or with the refusal") {
                for ((kind, body) in bodies) {
                    refuseEachInTurn("$form of bodies that $kind", { call(body) }) { end, _ ->
                        if (end.isSuccess) {
                            val results = end.getOrThrow() as List<*>
                            results.size shouldBe 5
                            for (result in results) {
                                if (result is Completed<*>) {
                                    withClue(result) {
                                        (result.outcome.isSuccess || result.outcome.isRefused()) shouldBe true
                                    }
                                }
                            }
                        } else {
                            end.exceptionOrNull().shouldBeInstanceOf<RejectedExecutionException>()
                        }
                    }
                }
            }
        }

        test("one of 15 dispatches is refused: gatherAny with a stagger has the value of another task") {
            val call: RefusedCall = { body ->
                gatherAny({ error("the first fails: ${body(1)}") }, { body(2) }, { body(3) }, stagger = 1.milliseconds)
            }
            for ((kind, body) in bodies) {
                refuseEachInTurn("gatherAny of bodies that $kind", { call(body) }) { end, _ ->
                    (end.getOrThrow() in listOf(2, 3)) shouldBe true
                }
            }
        }

        for ((form, call) in settledForms - "under a rate") { // there a timer would meet the exception
            test("a dispatcher that throws, once, while bodies are under way: $form gives an outcome for every task") {
                for (kind in listOf("do not suspend", "yield")) {
                    for (nth in 1..15) {
                        withThreads(2) { pool ->
                            val ended = AtomicInteger()
                            val refusing = RefusesOnce(nth, pool)
                            val dispatcher =
                                Throwing { command ->
                                    // The way back of the caller is nobody's but its dispatcher's.
                                    if (ended.get() < 5) refusing.execute(command) else pool.execute(command)
                                }
                            val caller =
                                SuspendCaller(dispatcher) {
                                    refusing.arm()
                                    call { bodies.getValue(kind)(it).also { ended.incrementAndGet() } }
                                }
                            val what = "$form of bodies that $kind, dispatch $nth thrown back"

                            @Suppress("UNCHECKED_CAST") // every form of these gives outcomes
                            val outcomes = caller.value(what) as List<Outcome<Int>>
                            withClue(what) {
                                outcomes.count { it.isSuccess } shouldBe 5 - outcomes.count { it.isRefused() }
                            }
                        }
                    }
                }
            }
        }

        for (policy in listOf("settled", "all")) {
            test("a body that is not let go on has failed, and no other with it ($policy)") {
                withThreads(2) { pool ->
                    val refuses = RefusesOnce(1, pool)
                    val gates = List(3) { CompletableDeferred<Int>() }
                    val waiting = List(3) { CompletableFuture<Unit>() }
                    val ends = List(3) { CompletableFuture<Result<Int>>() }
                    val caller =
                        SuspendCaller(refuses.asCoroutineDispatcher()) {
                            val body: suspend (Int) -> Int = { index ->
                                waiting[index].complete(Unit)
                                runCatching { gates[index].await() }.also(ends[index]::complete).getOrThrow()
                            }
                            if (policy == "settled") (0..2).gatherSettled(body = body) else (0..2).gather(body = body)
                        }
                    waiting.forEach { it.soon() }
                    // They have told before they suspended.
                    patiently("the bodies to suspend") { (pool as ThreadPoolExecutor).activeCount == 0 }
                    refuses.arm()
                    gates[1].complete(1)
                    ends[1].soon()
                    if (policy == "settled") {
                        ends[0].isDone shouldBe false
                        gates[0].complete(0)
                        gates[2].complete(2)
                        val outcomes = caller.value()
                        outcomes[0] shouldBe Outcome.Success(0)
                        (outcomes[1] as Outcome<*>).isRefused() shouldBe true
                        outcomes[2] shouldBe Outcome.Success(2)
                    } else {
                        caller.end().exceptionOrNull().shouldBeInstanceOf<RejectedExecutionException>()
                    }
                }
            }
        }

        for ((form, call) in settledForms + failingForms + flowForms) {
            test("a pool that is shut down in the middle: $form ends, with what it has or with the refusal") {
                for (threads in listOf(1, 2)) {
                    withThreads(threads) { pool ->
                        val gate = CompletableDeferred<Unit>()
                        val waiting = CompletableFuture<Unit>()
                        val caller =
                            SuspendCaller(pool.asCoroutineDispatcher()) {
                                call {
                                    waiting.complete(Unit)
                                    it.also { gate.await() }
                                }
                            }
                        waiting.soon()
                        pool.shutdown()
                        gate.complete(Unit)
                        val end = caller.end("$form on $threads threads")
                        val refused =
                            end.exceptionOrNull()?.let { thrown -> thrown.causes().any { it.isRefusal() } }
                                ?: (end.getOrThrow() as List<*>)
                                    .mapNotNull { if (it is Completed<*>) it.outcome else it as? Outcome<*> }
                                    .all { it.isSuccess || it.isRefused() }
                        withClue("$end") { refused shouldBe true }
                    }
                }
            }
        }
    })

private val settledForms: Map<String, RefusedCall> =
    mapOf(
        "gatherSettled" to { body -> (1..5).gatherSettled(body = body) },
        "limited" to { body -> (1..5).gatherSettled(limit = 2, body = body) },
        "under a limiter" to { body -> (1..5).gatherSettled(limiter = Limiter.concurrent(2), body = body) },
        "under a rate" to { body -> (1..5).gatherSettled(limiter = Limiter.perSecond(1_000.0), body = body) },
        "with task timeouts" to { body -> (1..5).gatherSettled(taskTimeout = 1.hours, body = body) },
        "with a deadline" to { body -> (1..5).gatherSettled(timeout = 1.hours, body = body) },
        "lambdas" to { body -> gatherSettled(*Array(5) { suspend { body(it) } }) },
    )

private val failingForms: Map<String, RefusedCall> =
    mapOf(
        "gather" to { body -> (1..5).gather(body = body) },
        "gather, limited" to { body -> (1..5).gather(limit = 2, body = body) },
        "gather with a deadline" to { body -> (1..5).gather(timeout = 1.hours, body = body) },
        "gather under a rate" to { body -> (1..5).gather(limiter = Limiter.perSecond(1_000.0), body = body) },
    )

private val flowForms: Map<String, RefusedCall> =
    mapOf(
        "Flow.gather" to { body -> (1..5).asFlow().gather(limit = 2, body = body).toList() },
        "Flow.gather, one at a time" to { body -> (1..5).asFlow().gather(limit = 1, body = body).toList() },
        "Flow.gather of a slow flow" to
            { body ->
                (1..5)
                    .asFlow()
                    .onEach { yield() }
                    .gather(limit = 2, body = body)
                    .toList()
            },
        "Flow.gather for a slow collector" to
            { body ->
                (1..5)
                    .asFlow()
                    .gather(limit = 2, body = body)
                    .map { it.also { yield() } }
                    .toList()
            },
        "Flow.gatherAsCompleted" to
            { body -> (1..5).asFlow().gatherAsCompleted(limit = 2, body = body).toList() },
        "Iterable.gatherAsCompleted" to { body -> (1..5).gatherAsCompleted(body = body).toList() },
        "Iterable.gatherAsCompleted, limited" to
            { body -> (1..5).gatherAsCompleted(limit = 2, body = body).toList() },
        "Flow.gather with a deadline" to
            { body -> (1..5).asFlow().gather(limit = 2, timeout = 1.hours, body = body).toList() },
        "Flow.gather under a rate" to
            { body -> (1..5).asFlow().gather(limit = 2, limiter = Limiter.perSecond(1_000.0), body = body).toList() },
    )

private fun Throwable?.isRefusal() = this is RejectedExecutionException

private fun Outcome<*>.isRefused() = this is Outcome.Failure && cause.causes().any { it.isRefusal() }

/** Refuses the first dispatch of a call, in the next round the second, and so on. */
private suspend fun refuseEachInTurn(
    what: String,
    call: suspend () -> Any?,
    check: suspend (Result<Any?>, RefusesOnce) -> Unit,
) {
    for (threads in listOf(1, 2)) {
        for (nth in 1..15) {
            withThreads(threads) { pool ->
                val refusing = RefusesOnce(nth, pool)
                val caller =
                    SuspendCaller(refusing.asCoroutineDispatcher()) {
                        refusing.arm()
                        call()
                    }
                val clue = "$what on $threads threads, dispatch $nth refused"
                val end = caller.end(clue)
                withClue("$clue: $end") {
                    if (caller.isCancelled) {
                        // It was the way back of the caller, whom its dispatcher then cancels.
                        (end.isSuccess || end.exceptionOrNull()!!.causes().any { it.isRefusal() }) shouldBe true
                    } else {
                        check(end, refusing)
                    }
                }
            }
        }
    }
}
