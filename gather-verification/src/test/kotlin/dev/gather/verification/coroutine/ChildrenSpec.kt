package dev.gather.verification.coroutine

import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.faults.SuspendCaller
import dev.gather.verification.faults.onThreads
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.coroutines.startCoroutine
import kotlin.coroutines.suspendCoroutine
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** The jobs of bodies are put into the list of the gather's children when somebody asks one for its parent. */
class ChildrenSpec :
    FunSpec({
        timeout = (5 * SECONDS).seconds.inWholeMilliseconds

        test(
            "a body that has suspended is among them, also where that is not cancellable and nobody has asked for its job",
        ) {
            onThreads(1) { thread ->
                val parked = CompletableFuture<Continuation<Unit>>()
                val caller =
                    SuspendCaller(thread) {
                        listOf(0, 1).gather {
                            if (it == 0) return@gather 0.also { suspendCoroutine { parked.complete(it) } }
                            currentCoroutineContext()
                                .job.parent!!
                                .children
                                .count()
                                .also { parked.soon().resume(Unit) }
                        }
                    }
                caller.value() shouldBe listOf(0, 2)
            }
        }

        test("who asks a body's job for its parent finds the jobs of all that run among its children") {
            runTest {
                val running = LinkedHashSet<Job>()
                (0..7).toList().gather(limit = 4) { i ->
                    val job = myJob()
                    running += job
                    delay(10)
                    // Those that came before anybody looked, and later those that have come since.
                    if (i % 4 == 0) job.parent!!.children.toList() shouldContainExactlyInAnyOrder running
                    delay(10)
                    running -= job
                }
            }
        }

        test("a gather that is cancelled cancels those that nobody has looked for, and those that come") {
            runTest {
                val causes = ArrayList<Throwable>()
                shouldThrow<CancellationException> {
                    (0..3).toList().gatherSettled {
                        if (it == 3) {
                            delay(10)
                            myJob().parent!!.cancel(CancellationException("no more"))
                        }
                        try {
                            awaitCancellation()
                        } catch (e: CancellationException) {
                            causes += e
                            throw e
                        }
                    }
                }.message shouldBe "no more"
                causes.map { it.message } shouldBe List(4) { "no more" }
            }
        }

        test("jobs that are shown while others come and go leave nothing behind") {
            withContext(Dispatchers.Default) {
                repeat(ROUNDS) {
                    val gather = AtomicReference<Job>()
                    (0..7).toList().gather { i ->
                        yield()
                        if (i % 2 == 0) gather.set(myJob().parent)
                        yield()
                    }
                    gather.get().children.count() shouldBe 0
                }
            }
        }

        test("a context that is kept, and asked for a job when its body has ended without one, finds that cancelled") {
            lateinit var kept: CoroutineContext
            val results =
                listOf(0, 1).gather(limit = 1) {
                    if (it == 0) {
                        kept = currentCoroutineContext()
                        suspendCoroutineUninterceptedOrReturn<Unit> { body ->
                            Thread { body.resume(Unit) }.start()
                            COROUTINE_SUSPENDED
                        }
                    } else {
                        kept[Job]!!.isCancelled shouldBe true
                    }
                    it
                }
            results shouldBe listOf(0, 1)
        }

        test("a context that is looked at when its body has ended, and another is about to begin, disturbs neither") {
            lateinit var kept: CoroutineContext
            val input =
                sequence {
                    yield(0)
                    kept[Job]!!.isCancelled shouldBe true
                    yield(1)
                }
            val results =
                input.gather(limit = 1) {
                    if (it == 0) kept = currentCoroutineContext()
                    if (it == 0) null else it
                }
            kept.toString()
            results shouldBe listOf(null, 1)
        }

        test("a gather has ended when the jobs of its bodies have, where there is no dispatcher as well") {
            var jobs: List<Job> = emptyList()
            val gathering: suspend () -> Unit = {
                jobs =
                    listOf(1).gather {
                        CoroutineScope(currentCoroutineContext()).launch { delay(10) }
                        myJob()
                    }
            }
            val ended = CompletableFuture<Boolean>()
            gathering.startCoroutine(Continuation(EmptyCoroutineContext) { ended.complete(jobs.single().isCompleted) })
            ended.get(SECONDS, TimeUnit.SECONDS) shouldBe true
        }

        test("a body may return its own job, or its context, with a timeout of its own too") {
            for (taskTimeout in listOf(null, 1.hours)) {
                val outcomes =
                    listOf(true, false).gatherSettled(taskTimeout = taskTimeout) {
                        yield()
                        if (it) myJob() else currentCoroutineContext()
                    }
                outcomes.all { it is Outcome.Success } shouldBe true
            }
        }
    }) {
    private companion object {
        const val ROUNDS = 5_000
    }
}
