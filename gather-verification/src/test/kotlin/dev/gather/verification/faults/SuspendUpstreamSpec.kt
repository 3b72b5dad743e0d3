package dev.gather.verification.faults

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.verification.guarantee.SECONDS
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.FlowPreview
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.flatMapMerge
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.timeout
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import java.io.IOException
import java.util.concurrent.Executors
import java.util.concurrent.ForkJoinPool
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private typealias UpstreamCall = (upstream: Flow<Int>, body: suspend (Int) -> Int) -> Flow<Any?>

/** A gather stands between its source and its collector as a plain operator would. */
@OptIn(FlowPreview::class) // timeout
class SuspendUpstreamSpec :
    FunSpec({
        timeout = (6 * SECONDS).seconds.inWholeMilliseconds

        val forms: Map<String, UpstreamCall> =
            mapOf(
                "gather" to { upstream, body -> upstream.gather(limit = 2, body = body) },
                "gatherAsCompleted" to { upstream, body ->
                    upstream.gatherAsCompleted(limit = 2, body = body).map { it.getOrThrow() }
                },
            )
        val breaks: Map<String, (Int) -> Throwable> =
            mapOf(
                "fails" to { round -> IOException("of the upstream, $round") },
                "is cancelled on its own" to { round -> CancellationException("of the upstream, $round") },
            )
        val whenBroken: Map<String, (Throwable) -> Flow<Int>> =
            mapOf(
                "at once" to { error -> flow { throw error } },
                "after one element" to { error ->
                    flow {
                        emit(1)
                        throw error
                    }
                },
            )

        for ((form, gathered) in forms) {
            for ((breaks, make) in breaks) {
                for ((at, broken) in whenBroken) {
                    test("an upstream that $breaks $at: $form throws what the upstream threw, each time") {
                        everywhere { where, callIn ->
                            callIn {
                                repeat(2_000) { round ->
                                    val error = make(round)
                                    val thrown = runCatching { gathered(broken(error)) { it }.collect() }
                                    withClue("round $round $where: $thrown") {
                                        thrown.exceptionOrNull()!!.causes().any { it === error } shouldBe true
                                    }
                                }
                            }
                        }
                    }
                }
            }

            test("a timeout of the upstream travels through $form as it is") {
                runTest {
                    val slow: Flow<Int> =
                        flow {
                            emit(1)
                            delay(1.seconds)
                        }
                    gathered(slow.timeout(20.milliseconds)) { it }
                        .catch { if (it is TimeoutCancellationException) emit(-1) else throw it }
                        .toList() shouldBe listOf(1, -1)
                    val bounded: Flow<Int> =
                        flow {
                            emit(1)
                            withTimeout(20.milliseconds) { awaitCancellation() }
                        }
                    shouldThrow<TimeoutCancellationException> { gathered(bounded) { it }.collect() }
                }
            }

            test("the source of $form is read while the slots are full: as quick as flatMapMerge") {
                runTest {
                    val source: Flow<Int> = flow { repeat(10) { emit(it.also { delay(5.seconds) }) } }
                    gathered(source) { it.also { delay(10.seconds) } }.collect()
                    val time = currentTime
                    source.flatMapMerge(2) { flow { emit(it.also { delay(10.seconds) }) } }.collect()
                    val merged = currentTime - time
                    merged shouldBe 60_000L
                    time shouldBeLessThanOrEqual merged
                }
            }

            test("the source of $form is read one element ahead of what there is room for, and no further") {
                runTest {
                    var read = 0
                    var started = 0
                    val endless: Flow<Int> = flow { while (true) emit(++read) }
                    val caller =
                        launch {
                            gathered(endless) {
                                started++
                                awaitCancellation()
                            }.collect()
                        }
                    testScheduler.advanceUntilIdle()
                    started shouldBe 2
                    read shouldBe 3
                    caller.cancel()
                }
            }

            test("a result that nobody takes keeps its slot: the source of $form is not read past it") {
                runTest {
                    var read = 0
                    val endless: Flow<Int> = flow { while (true) emit(++read) }
                    var taken = 0
                    val caller =
                        launch {
                            gathered(endless) { it }.collect {
                                read shouldBeLessThanOrEqual taken + 4 // two slots, the one in hand, one ahead
                                if (++taken == 5) awaitCancellation()
                            }
                        }
                    testScheduler.advanceUntilIdle()
                    taken shouldBe 5
                    read shouldBeLessThanOrEqual 8
                    caller.cancel()
                }
            }
        }
    })

private suspend fun everywhere(check: suspend (where: String, callIn: suspend (suspend () -> Unit) -> Unit) -> Unit) {
    suspend fun on(
        where: String,
        dispatcher: CoroutineDispatcher,
    ) = check(where) { call -> SuspendCaller(dispatcher, call).value(where) }
    on("on Default", Dispatchers.Default)
    on("on Unconfined", Dispatchers.Unconfined)
    check("in runBlocking") { call -> runBlocking { call() } }
    // Which takes what came last first.
    for (pool in listOf(ForkJoinPool(1), Executors.newSingleThreadExecutor())) {
        try {
            on("on ${pool.javaClass.simpleName} of one thread", pool.asCoroutineDispatcher())
        } finally {
            pool.dismiss()
        }
    }
}
