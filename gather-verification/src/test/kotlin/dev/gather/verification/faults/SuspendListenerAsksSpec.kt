package dev.gather.verification.faults

import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.coroutines.withPermit
import dev.gather.verification.guarantee.SECONDS
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

private typealias HeardCall = suspend (limiter: Limiter, listener: GatherListener?, body: suspend (Int) -> Int) -> Unit

/** Whoever hears of a task, or takes its result, may ask the very limiter that the task ran under. */
class SuspendListenerAsksSpec :
    FunSpec({
        timeout = (6 * SECONDS).seconds.inWholeMilliseconds

        val bodies: Map<String, suspend (Int) -> Int> =
            mapOf(
                "do not suspend" to { it },
                "yield" to { it.also { yield() } },
                "wait" to { it.also { delay(1) } },
            )

        for ((form, call) in forms) {
            for (heard in listOf("start", "end")) {
                for ((threads, count) in listOf("one thread" to 1, "two threads" to 2)) {
                    test("on $threads: who hears of the $heard of a task asks its limiter ($form)") {
                        for ((asks, ask) in blockingAsks) {
                            for ((kind, body) in bodies) {
                                onThreads(count) { dispatcher ->
                                    val limiter = Limiter.concurrent(1)
                                    val asking = AskingListener(heard) { ask(limiter) }
                                    val what = "bodies that $kind, a listener that $asks"
                                    SuspendCaller(dispatcher) { call(limiter, asking, body) }.value(what)
                                    withClue(what) {
                                        limiter.active() shouldBe 0
                                        limiter.waiting() shouldBe 0
                                        if (form != "gatherAny") asking.answers.get() shouldBe 3
                                    }
                                }
                            }
                        }
                    }
                }
            }

            test("who is called at the end of a body's job asks ($form)") {
                for ((kind, body) in bodies) {
                    onThreads(2) { dispatcher ->
                        val limiter = Limiter.concurrent(1)
                        SuspendCaller(dispatcher) {
                            call(limiter, null) { item ->
                                currentCoroutineContext().job.invokeOnCompletion { limiter.call { } }
                                body(item)
                            }
                        }.value("a gather of bodies that $kind")
                        limiter.active() shouldBe 0
                    }
                }
            }

            test("a body asks, and gathers under its own limiter with a listener that asks ($form)") {
                for ((kind, body) in bodies) {
                    onThreads(1) { dispatcher ->
                        val limiter = Limiter.concurrent(1)
                        SuspendCaller(dispatcher) {
                            call(limiter, null) { item ->
                                limiter.withPermit { body(item) }
                                listOf(
                                    1,
                                    2,
                                    3,
                                ).gather(
                                    limiter = limiter,
                                    options = gatherOptions(listener = AskingListener("end") { limiter.call { } }),
                                ) { body(it) }
                                item
                            }
                        }.value("a gather of bodies that $kind")
                        limiter.active() shouldBe 0
                    }
                }
            }
        }

        for ((source, results) in flows) {
            for ((asks, ask) in suspendingAsks) {
                test("who collects $source $asks") {
                    for (dispatcher in listOf(Dispatchers.Default, Dispatchers.Unconfined)) {
                        for ((kind, body) in bodies) {
                            val limiter = Limiter.concurrent(1)
                            var taken = 0
                            SuspendCaller(dispatcher) {
                                results(limiter, body).onEach { ask(limiter) }.collect { taken++ }
                            }.value("$dispatcher, bodies that $kind")
                            taken shouldBe 3
                            limiter.active() shouldBe 0
                        }
                    }
                }
            }
        }
    })

private val forms: Map<String, HeardCall> =
    mapOf(
        "gather" to
            {
                limiter,
                listener,
                body,
                ->
                ITEMS.gather(limiter = limiter, options = gatherOptions(listener = listener), body = body)
            },
        "gatherSettled" to
            {
                limiter,
                listener,
                body,
                ->
                ITEMS.gatherSettled(limiter = limiter, options = gatherOptions(listener = listener), body = body)
            },
        "gatherAny" to
            {
                limiter,
                listener,
                body,
                ->
                ITEMS.gatherAny(limiter = limiter, options = gatherOptions(listener = listener), body = body)
            },
        "gatherAsCompleted" to { limiter, listener, body ->
            ITEMS
                .gatherAsCompleted(
                    limiter = limiter,
                    options = gatherOptions(listener = listener),
                    body = body,
                ).collect()
        },
        "Flow.gather" to { limiter, listener, body ->
            ITEMS
                .asFlow()
                .gather(
                    limit = 2,
                    limiter = limiter,
                    options = gatherOptions(listener = listener),
                    body = body,
                ).collect()
        },
    )

private val ITEMS = listOf(0, 1, 2)

private val blockingAsks: Map<String, (Limiter) -> Any?> =
    mapOf(
        "asks for a permit" to { limiter -> limiter.call { } },
        "gathers under the same limiter" to { limiter -> runBlocking { ITEMS.gather(limiter = limiter) { it } } },
    )

private val suspendingAsks: Map<String, suspend (Limiter) -> Any?> =
    mapOf(
        "asks for a permit" to { limiter -> limiter.withPermit { } },
        "asks for a permit and keeps it a while" to { limiter -> limiter.withPermit { yield() } },
        "gathers under the same limiter" to { limiter -> ITEMS.gather(limiter = limiter) { it.also { yield() } } },
    )

private val flows =
    mapOf(
        "Iterable.gatherAsCompleted" to { limiter: Limiter, body: suspend (Int) -> Int ->
            ITEMS.gatherAsCompleted(limiter = limiter, body = body)
        },
        "Flow.gatherAsCompleted" to { limiter, body ->
            ITEMS.asFlow().gatherAsCompleted(limit = 2, limiter = limiter, body = body)
        },
        "Flow.gather" to { limiter, body -> ITEMS.asFlow().gather(limit = 2, limiter = limiter, body = body) },
    )

private class AskingListener(
    private val heard: String,
    private val ask: () -> Any?,
) : GatherListener {
    val answers = AtomicInteger()

    override fun onStart(
        index: Int,
        taskName: String?,
    ) {
        if (heard == "start") ask().also { answers.incrementAndGet() }
    }

    override fun onEnd(
        index: Int,
        taskName: String?,
        outcome: Outcome<*>,
        elapsed: Duration,
    ) {
        if (heard == "end") ask().also { answers.incrementAndGet() }
    }
}
