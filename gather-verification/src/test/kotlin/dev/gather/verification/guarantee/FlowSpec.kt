package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherOptions
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.throwables.shouldThrowAny
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.io.IOException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What is special about results as they come in Kotlin: flows on both sides. */
class FlowSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        test("values come in the order of the elements, as soon as it is their turn") {
            runTest {
                val times = listOf(300L, 100L, 200L, 0L)
                val values = times.asFlow().gather(limit = 4) { delay(it).let { _ -> it } }
                values.map { it to currentTime }.toList() shouldBe
                    listOf(300L to 300L, 100L to 300L, 200L to 300L, 0L to 300L)
            }
        }

        test("results come in the order in which the tasks end") {
            runTest {
                val times = listOf(300L, 100L, 200L)
                times
                    .asFlow()
                    .gatherAsCompleted(limit = 3) { delay(it) }
                    .toList()
                    .map { it.index } shouldBe
                    listOf(1L, 2L, 0L)
                times.gatherAsCompleted { delay(it) }.toList().map { it.index } shouldBe listOf(1L, 2L, 0L)
            }
        }

        test("a flow without elements gives nothing") {
            runTest {
                emptyFlow<Int>().gather(limit = 1) { it }.toList() shouldBe emptyList()
                emptyFlow<Int>().gatherAsCompleted(limit = 1) { it }.toList() shouldBe emptyList()
            }
        }

        test("no more than the limit run at the same time, and they do run at the same time") {
            runTest {
                val gauge = Gauge()
                val values =
                    (0 until 100).asFlow().gather(limit = 5) {
                        gauge.enter()
                        delay(10)
                        gauge.exit()
                        it
                    }
                values.toList() shouldBe List(100) { it }
                gauge.max shouldBe 5
                currentTime shouldBe 200L
            }
        }

        test("the flow is read one element ahead of what there is room for, and no further") {
            runBlocking(Dispatchers.Default) {
                for (limit in listOf(1, 4)) {
                    val read = AtomicInteger()
                    val endless: Flow<Int> = flow { while (true) emit(read.incrementAndGet()) }
                    var taken = 0
                    endless.gather(limit) { it }.take(500).collect {
                        taken++
                        read.get() shouldBeLessThanOrEqual taken + limit + 1
                    }
                    taken shouldBe 500
                }
            }
        }

        test("the first failure ends the flow at once, although earlier values have not come") {
            runTest {
                val error = IOException()
                val cancelled = Job()
                val values =
                    flowOf(0, 1).gather(limit = 2) {
                        if (it == 1) throw error
                        try {
                            awaitCancellation()
                        } finally {
                            cancelled.complete()
                        }
                    }
                // Caught in here: on its way out of a coroutine it might be copied.
                shouldThrowAny { values.collect {} } shouldBeSameInstanceAs error
                cancelled.isCompleted shouldBe true
            }
        }

        test("a task that cancels itself fails the flow and does not look like a cancelled collector") {
            runTest {
                val values = flowOf(1).gather(limit = 1) { throw CancellationException("own") }
                shouldThrow<GatherException> { values.collect {} }.index() shouldBe 0
                flowOf(1).gatherAsCompleted<Int, Int>(limit = 1) { throw CancellationException("own") }.toList().map {
                    it.outcome
                } shouldBe listOf(Outcome.Cancelled<Int>(CancelReason.TASK, true))
            }
        }

        test("a flow that fails takes the result with it, and what was running has been cancelled") {
            runTest {
                val error = IOException()
                val ended = Job()
                val broken =
                    flow {
                        emit(1)
                        delay(10)
                        throw error
                    }
                val values =
                    broken.gather(limit = 2) {
                        try {
                            awaitCancellation()
                        } finally {
                            ended.complete()
                        }
                    }
                val thrown = shouldThrow<IOException> { values.collect {} }
                (thrown === error || thrown.cause === error) shouldBe true
                ended.isCompleted shouldBe true
            }
        }

        test("a flow that runs out of a time of its own fails the result with its own exception") {
            runTest {
                val late =
                    flow {
                        emit(1)
                        withTimeout(10) { awaitCancellation() }
                    }
                val results = mutableListOf<Int>()
                shouldThrow<TimeoutCancellationException> { late.gather(limit = 2) { it }.collect(results::add) }
                results shouldBe listOf(1)
                currentCoroutineContext().isActive shouldBe true
            }
        }

        test("at the deadline a flow of values fails also while no task is running") {
            runTest {
                val hanging =
                    flow {
                        emit(1)
                        awaitCancellation()
                    }
                val values = hanging.gather(limit = 2, timeout = 100.milliseconds) { it }
                shouldThrow<GatherTimeoutException> { values.collect {} }
            }
        }

        test("a collector that has enough cancels the rest, and all has ended when it goes on") {
            runTest {
                val running = AtomicInteger()
                val results =
                    listOf(0, 1, 2, 3, 4).gatherAsCompleted(limit = 5) {
                        running.incrementAndGet()
                        try {
                            if (it < 2) it else awaitCancellation()
                        } finally {
                            running.decrementAndGet()
                        }
                    }
                results.take(2).toList().map { it.getOrThrow() } shouldBe listOf(0, 1)
                running.get() shouldBe 0
                val values = (0..9).asFlow().gather(limit = 3) { if (it < 3) it else awaitCancellation() }
                values.take(3).toList() shouldBe listOf(0, 1, 2)
            }
        }

        test("a collector that fails cancels the rest, and its exception comes out") {
            runTest {
                val error = IOException()
                val ended = AtomicInteger()
                val results =
                    listOf(0, 1).gatherAsCompleted {
                        try {
                            if (it == 0) it else awaitCancellation()
                        } finally {
                            ended.incrementAndGet()
                        }
                    }
                val thrown = shouldThrow<IOException> { results.collect { throw error } }
                (thrown === error || thrown.cause === error) shouldBe true
                ended.get() shouldBe 2
            }
        }

        test("a cancelled collector cancels the tasks and what brings the elements") {
            runTest {
                val ended = AtomicInteger()

                suspend fun forEver(): Nothing =
                    try {
                        awaitCancellation()
                    } finally {
                        ended.incrementAndGet()
                    }
                val endless =
                    flow {
                        emit(1)
                        forEver()
                    }
                val job = launch { endless.gather(limit = 2) { forEver() }.collect {} }
                testScheduler.runCurrent()
                job.cancel()
                job.join()
                ended.get() shouldBe 2
            }
        }

        test("at the deadline a flow of values fails, and one of results ends") {
            runTest {
                val endless =
                    flow {
                        emit(1)
                        awaitCancellation()
                    }
                val values = endless.gather(
                    limit = 2,
                    timeout = 100.milliseconds,
                    options = gatherOptions(name = "lines"),
                ) { awaitCancellation() }
                shouldThrow<GatherTimeoutException> { values.collect {} }.message shouldBe
                    "gather lines timed out after 100ms"
                val results = endless.gatherAsCompleted(limit = 2, timeout = 100.milliseconds) { awaitCancellation() }
                results.toList().map { it.outcome } shouldBe
                    listOf(Outcome.Cancelled<Nothing>(CancelReason.TIMEOUT, true))
                currentTime shouldBe 200L
            }
        }

        test(
            "the collector's context is that of the bodies and of the flow before them, and it is the collector's own",
        ) {
            runBlocking(CoroutineName("caller")) {
                val seen = mutableSetOf<String?>()

                suspend fun look() {
                    val name = currentCoroutineContext()[CoroutineName]?.name
                    synchronized(seen) { seen += name }
                }
                val numbers = (1..3).asFlow().onEach { look() }
                withContext(Dispatchers.Default + CoroutineName("collector")) {
                    numbers.gather(limit = 2) { look() }.collect { look() }
                    listOf(1).gatherAsCompleted { look() }.collect { look() }
                }
                seen shouldBe setOf("collector")
            }
        }

        test("everything works where nothing is dispatched") {
            runBlocking {
                launch(Dispatchers.Unconfined) {
                    (0 until 10_000).asFlow().gather(limit = 2) { it }.toList() shouldBe List(10_000) { it }
                    (0 until 10_000).gatherAsCompleted(limit = 2) { it }.toList().size shouldBe 10_000
                }.join()
            }
        }

        test("options out of their range are refused by the call itself") {
            shouldThrow<IllegalArgumentException> { flowOf(1).gather(limit = 0) { it } }.message shouldBe
                "limit must be at least 1, but was 0"
            shouldThrow<IllegalArgumentException> {
                listOf(1).gatherAsCompleted(timeout = (-1).seconds) { it }
            }.message shouldBe "timeout must not be negative, but was -1s"
        }
    })
