package dev.gather.verification.faults

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.job
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.util.concurrent.CompletableFuture
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A caller that is cancelled hears of that, as it is, however busy it was meanwhile and whatever else went wrong. */
class SuspendCancelledCallerSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        test("a flow whose collector is cancelled while it is busy is cancelled, and has not failed") {
            val running = CompletableFuture<Unit>()
            val stopped = CompletableFuture<Unit>()
            val caller =
                SuspendCaller(Dispatchers.IO) {
                    // which has threads enough for those that block
                    (1..4)
                        .asFlow()
                        .gather(limit = 2) {
                            if (it == 2) {
                                running.complete(Unit)
                                try {
                                    awaitCancellation()
                                } finally {
                                    stopped.complete(Unit)
                                }
                            }
                            it
                        }.collect {
                            running.soon()
                            currentCoroutineContext().job.cancel()
                            stopped.soon() // does not suspend, so it does not notice
                        }
                }
            caller.end().exceptionOrNull().shouldBeInstanceOf<CancellationException>()
        }

        for (depth in listOf(0, 22, 23, 24, 47)) {
            test("a timeout further out knows its cancellation, $depth levels deep") {
                for ((form, level) in LEVELS) {
                    runTest {
                        val late = suspend { withContext(NonCancellable) { delay(10) } }
                        val bodies =
                            mapOf<String, suspend () -> Any?>(
                                "that is late" to late,
                                "that fails late" to { late().also { throw IOException("late") } },
                            )
                        for ((kind, body) in bodies) {
                            nested(level, depth) {
                                withClue("$form, a body $kind") {
                                    withTimeoutOrNull(5.milliseconds) { gather({ body() }) } shouldBe null
                                    withTimeoutOrNull(5.milliseconds) { gatherSettled({ body() }) } shouldBe null
                                    withTimeoutOrNull(5.milliseconds) { listOf(1).gather { body() } } shouldBe null
                                    0
                                }
                            }
                        }
                    }
                }
            }
        }

        test("a timeout further out knows its cancellation, where nothing suspends") {
            val end =
                SuspendCaller(Dispatchers.Default) {
                    withTimeoutOrNull(5.milliseconds) {
                        gather({
                            currentCoroutineContext().job.awaitCancelled()
                            throw IOException("late")
                        })
                    }
                }
            end.value() shouldBe null
        }

        test("LEAVE_OTHERS: a caller that is cancelled with the owner hears of the cancellation") {
            val deferred = CompletableDeferred<Int>()
            val calls: Map<String, suspend (CoroutineScope) -> Any?> =
                mapOf(
                    "lambdas" to { owner -> gather({ 1 }, onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner) },
                    "items" to
                        { owner -> listOf(1).gather(onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner) { it } },
                    "deferreds" to { owner ->
                        listOf<Deferred<Int>>(deferred).gather(onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner)
                    },
                )
            for ((kind, call) in calls) {
                val owner = CoroutineScope(Job() + Dispatchers.Default)
                val started = CompletableFuture<Unit>()
                val caller =
                    SuspendCaller(owner.coroutineContext) {
                        started.complete(Unit)
                        currentCoroutineContext().job.awaitCancelled()
                        call(owner)
                    }
                started.soon()
                owner.cancel()
                caller.end(kind).exceptionOrNull().shouldBeInstanceOf<CancellationException>()
            }
            deferred.isCancelled shouldBe true
        }

        test("a flow may be collected in a body of a gather that has a name") {
            val named = gatherOptions(name = "pages")
            val caller =
                SuspendCaller(Dispatchers.Default) {
                    gather(
                        { flow { emit(1) }.toList() },
                        { flow { withContext(NonCancellable) { delay(1) }.also { emit(2) } }.toList() },
                        { (1..2).asFlow().gather(limit = 2) { it }.toList() },
                        { listOf(1).gatherAsCompleted { it }.toList().map { it.getOrThrow() } },
                        options = named,
                    )
                }
            caller.value() shouldBe listOf(listOf(1), listOf(2), listOf(1, 2), listOf(1))
        }
    })

/** Blocks its thread, so that whoever is cancelled does not notice. */
private fun Job.awaitCancelled() {
    val cancelled = CompletableFuture<Unit>()
    @OptIn(kotlinx.coroutines.InternalCoroutinesApi::class)
    invokeOnCompletion(onCancelling = true) { cancelled.complete(Unit) }
    cancelled.soon()
}
