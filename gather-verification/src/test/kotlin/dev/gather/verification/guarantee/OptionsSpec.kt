package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.GatherOptions
import dev.gather.GatherTimeoutException
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.UNLIMITED
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherAtLeast
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.io.IOException
import java.util.concurrent.Executor
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import java.time.Duration as JavaDuration

private typealias Form = suspend (options: GatherOptions, body: suspend () -> Any?) -> Any?

/** Kotlin: an option means the same by name and in a set that is shared, and what is given by name goes before. */
class OptionsSpec :
    FunSpec({
        val items = List(TASKS) { it }

        fun tasks(body: suspend () -> Any?) = Array(TASKS) { body }

        val unbounded: Map<String, Form> =
            mapOf(
                "gather" to { options, body -> gather(*tasks(body), options = options) },
                "typed.gather" to { options, body ->
                    gather(body, body, body, body, body, body, options = options) { a, _, _, _, _, _ -> a }
                },
                "gatherSettled" to { options, body -> gatherSettled(*tasks(body), options = options) },
                "items.gather" to { options, body -> items.gather(options = options) { body() } },
                "items.gatherSettled" to { options, body -> items.gatherSettled(options = options) { body() } },
                "map.gather" to { options, body -> items.associateWith { body }.gather(options = options) },
                "map.gatherSettled" to
                    { options, body -> items.associateWith { body }.gatherSettled(options = options) },
                "sequence.gather" to { options, body -> items.asSequence().gather(options = options) { body() } },
                "sequence.gatherSettled" to
                    { options, body -> items.asSequence().gatherSettled(options = options) { body() } },
                "array.gather" to { options, body -> items.toTypedArray().gather(options = options) { body() } },
                "array.gatherSettled" to
                    { options, body -> items.toTypedArray().gatherSettled(options = options) { body() } },
                "entries.gather" to
                    { options, body -> items.associateWith { 0 }.gather(options = options) { body() } },
                "entries.gatherSettled" to
                    { options, body -> items.associateWith { 0 }.gatherSettled(options = options) { body() } },
                "gatherAtLeast" to { options, body -> gatherAtLeast(TASKS, *tasks(body), options = options) },
                "items.gatherAtLeast" to
                    { options, body -> items.gatherAtLeast(TASKS, options = options) { body() } },
                "items.gatherAsCompleted" to
                    { options, body -> items.gatherAsCompleted(options = options) { body() }.collect() },
            )
        val all: Map<String, Form> =
            unbounded +
                mapOf(
                    "gatherAny" to { options, body -> gatherAny(*tasks(body), options = options) },
                    "items.gatherAny" to { options, body -> items.gatherAny(options = options) { body() } },
                    "flow.gather" to
                        { options, body -> items.asFlow().gather(TASKS, options = options) { body() }.collect() },
                    "flow.gatherAsCompleted" to { options, body ->
                        items.asFlow().gatherAsCompleted(TASKS, options = options) { body() }.collect()
                    },
                )

        suspend fun TestScope.duration(action: suspend () -> Any?): Long {
            val start = currentTime
            action()
            return currentTime - start
        }

        for ((form, call) in unbounded) {
            test("$form: a limit that stands in options") {
                runTest { duration { call(gatherOptions(limit = 2)) { delay(100) } } shouldBe 300 }
            }
        }

        for ((form, call) in all) {
            test("$form: a limiter, a stagger, a name and a listener that stand in options") {
                runTest {
                    val starts = mutableListOf<Long>()
                    val names = mutableSetOf<String?>()
                    val limiter = Limiter.concurrent(TASKS)
                    var ends = 0
                    val listener =
                        object : GatherListener {
                            override fun onStart(
                                index: Int,
                                taskName: String?,
                            ) {
                                starts += currentTime
                            }

                            override fun onEnd(
                                index: Int,
                                taskName: String?,
                                outcome: Outcome<*>,
                                elapsed: JavaDuration,
                            ) {
                                ends++
                            }
                        }
                    var active = 0
                    val options =
                        gatherOptions(
                            stagger = 10.milliseconds,
                            limiter = limiter,
                            name = "pages",
                            listener = listener,
                        )
                    call(options) {
                        names += currentCoroutineContext()[CoroutineName]?.name
                        active = maxOf(active, limiter.active())
                        delay(1.seconds)
                    }
                    starts shouldBe List(TASKS) { it * 10L }
                    names shouldBe List(TASKS) { "pages[$it]" }.toSet()
                    active shouldBe TASKS
                    ends shouldBe TASKS
                }
            }

            test("$form: timeouts that stand in options") {
                runTest {
                    for (options in listOf(
                        gatherOptions(timeout = 50.milliseconds),
                        gatherOptions(taskTimeout = 50.milliseconds),
                    )) {
                        duration { runCatching { call(options) { awaitCancellation() } } } shouldBe 50
                    }
                }
            }

            test("$form: what has no meaning in a coroutine is refused, and nothing starts") {
                runTest {
                    val started = AtomicInteger()
                    val executor = GatherOptions.builder().executor(Executor { it.run() }).build()
                    val grace = GatherOptions.builder().grace(JavaDuration.ZERO).build()
                    for ((name, options) in mapOf("executor" to executor, "grace" to grace)) {
                        val refusal =
                            shouldThrow<IllegalArgumentException> { call(options) { started.incrementAndGet() } }
                        withClue(refusal) { refusal.message!!.startsWith("options must not have a") shouldBe true }
                        refusal.message!!.contains(name) shouldBe true
                    }
                    started.get() shouldBe 0
                }
            }
        }

        test("what is given by name goes before what stands in options") {
            runTest {
                val patient =
                    gatherOptions(
                        limit = 1,
                        timeout = 1.seconds,
                        taskTimeout = 1.seconds,
                        onFailure = FailurePolicy.AWAIT_OTHERS,
                        stagger = 1.seconds,
                        limiter = Limiter.concurrent(1),
                    )
                val free = Limiter.concurrent(TASKS)
                duration {
                    gatherAny(
                        { delay(2.seconds) },
                        { delay(2.seconds) },
                        limit = UNLIMITED,
                        timeout = 3.seconds,
                        taskTimeout = 3.seconds,
                        stagger = 10.milliseconds,
                        limiter = free,
                        options = patient,
                    )
                } shouldBe 2_000
                duration {
                    runCatching {
                        gather(
                            { throw IOException() },
                            { delay(100) },
                            limit = 2,
                            onFailure = FailurePolicy.CANCEL_OTHERS,
                            limiter = free,
                            options = gatherOptions(onFailure = FailurePolicy.AWAIT_OTHERS),
                        )
                    }.exceptionOrNull().shouldBeInstanceOf<IOException>()
                } shouldBe 0
            }
        }

        test("a policy that stands in options") {
            runTest {
                val fails = suspend { throw IOException() }
                val waits = suspend { delay(100) }
                for (policy in FailurePolicy.entries) {
                    val options = gatherOptions(onFailure = policy)
                    val owner = Job()
                    val took =
                        duration {
                            runCatching {
                                gather(waits, fails, scope = CoroutineScope(owner), options = options)
                            }.exceptionOrNull().shouldBeInstanceOf<IOException>()
                        }
                    withClue(policy) { took shouldBe if (policy == FailurePolicy.AWAIT_OTHERS) 100 else 0 }
                    // The others do not fail with a task, whatever the policy says.
                    gatherSettled(waits, fails, options = options).map { it.isSuccess } shouldBe listOf(true, false)
                    gatherAny(fails, waits, options = options)
                    owner.cancel()
                }
                shouldThrow<IllegalArgumentException> {
                    gather(waits, options = gatherOptions(onFailure = FailurePolicy.LEAVE_OTHERS))
                }.message shouldBe
                    "onFailure = LEAVE_OTHERS needs a scope, the owner of what goes on running, but scope was null"
            }
        }

        test("deferreds take the timeouts that stand in options; no limit and no limiter keeps what is running") {
            runTest {
                val never = CompletableDeferred<Int>()
                val options =
                    gatherOptions(
                        limit = 1,
                        limiter = Limiter.perSecond(0.001),
                        stagger = 1.seconds,
                        taskTimeout = 50.milliseconds,
                    )
                duration {
                    supervisorScope {
                        listOf(async { delay(20) }, async { delay(20) }, never).gatherSettled(options = options).let {
                            it.map { outcome -> outcome.isSuccess } shouldBe listOf(true, true, false)
                            it[2].shouldBeInstanceOf<Outcome.Failure<*>>().cause.shouldBeInstanceOf<TimeoutException>()
                        }
                    }
                } shouldBe 50
                never.isCancelled shouldBe true
                duration {
                    shouldThrow<GatherTimeoutException> {
                        listOf(CompletableDeferred<Int>()).gather(options = gatherOptions(timeout = 30.milliseconds))
                    }
                } shouldBe 30
            }
        }

        test("gatherOptions makes what the builder makes") {
            val limiter = Limiter.concurrent(1)
            val listener = object : GatherListener {}
            gatherOptions() shouldBe GatherOptions.defaults()
            val all =
                gatherOptions(
                    1,
                    1.seconds,
                    2.seconds,
                    FailurePolicy.AWAIT_OTHERS,
                    3.seconds,
                    limiter,
                    "pages",
                    listener,
                )
            all shouldBe
                GatherOptions
                    .builder()
                    .limit(1)
                    .timeout(JavaDuration.ofSeconds(1))
                    .taskTimeout(JavaDuration.ofSeconds(2))
                    .onFailure(FailurePolicy.AWAIT_OTHERS)
                    .stagger(JavaDuration.ofSeconds(3))
                    .limiter(limiter)
                    .name("pages")
                    .listener(listener)
                    .build()
            all shouldNotBe GatherOptions.defaults()
            shouldThrow<IllegalArgumentException> { gatherOptions(limit = 0) }
            shouldThrow<IllegalArgumentException> { gatherOptions(stagger = (-1).seconds) }
        }
    })

private const val TASKS = 6
