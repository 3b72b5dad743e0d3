package dev.gather.verification.faults

import dev.gather.FailurePolicy.LEAVE_OTHERS
import dev.gather.coroutines.gather
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.job
import kotlinx.coroutines.yield
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

private typealias LeavingCall = suspend (owner: CoroutineScope, body: suspend (Int) -> Int) -> Any?

/** What LEAVE_OTHERS leaves belongs to an owner, which may be over, or end at any moment. */
class SuspendOwnerSpec :
    FunSpec({
        timeout = (6 * SECONDS).seconds.inWholeMilliseconds

        val forms: Map<String, LeavingCall> =
            mapOf(
                "items" to { owner, body -> ITEMS.gather(onFailure = LEAVE_OTHERS, scope = owner, body = body) },
                "items, limited" to
                    { owner, body -> ITEMS.gather(limit = 1, onFailure = LEAVE_OTHERS, scope = owner, body = body) },
                "items with a deadline" to { owner, body ->
                    ITEMS.gather(timeout = 1.hours, onFailure = LEAVE_OTHERS, scope = owner, body = body)
                },
                "items with task timeouts" to { owner, body ->
                    ITEMS.gather(taskTimeout = 1.hours, onFailure = LEAVE_OTHERS, scope = owner, body = body)
                },
                "lambdas" to
                    { owner, body -> gather({ body(1) }, { body(2) }, onFailure = LEAVE_OTHERS, scope = owner) },
                "a map" to { owner, body ->
                    mapOf("a" to suspend { body(1) }, "b" to suspend { body(2) })
                        .gather(onFailure = LEAVE_OTHERS, scope = owner)
                },
                "deferreds" to
                    { owner, _ ->
                        listOf(CompletableDeferred(1), CompletableDeferred<Int>())
                            .gather(onFailure = LEAVE_OTHERS, scope = owner)
                    },
                "deferreds that are done" to
                    { owner, _ -> listOf(CompletableDeferred(1)).gather(onFailure = LEAVE_OTHERS, scope = owner) },
            )
        val over: Map<String, CompletableJob.() -> Unit> =
            mapOf(
                "cancelled" to { cancel() },
                "cancelled for a reason" to { cancel(CancellationException("shutting down")) },
                "completed" to { complete() },
                "failed" to { completeExceptionally(IllegalArgumentException("owner")) },
            )

        for ((form, call) in forms) {
            for ((how, end) in over) {
                test("an owner that is $how already is refused in words that name the scope ($form)") {
                    for ((kind, job) in listOf("Job" to Job(), "SupervisorJob" to SupervisorJob())) {
                        job.end()
                        var ran = 0
                        val thrown =
                            SuspendCaller(Dispatchers.Default) { call(CoroutineScope(job)) { ++ran } }
                                .end("with a $kind that is $how")
                                .exceptionOrNull()
                        withClue("$kind: $thrown") {
                            thrown.shouldBeInstanceOf<IllegalStateException>()
                            if (thrown !is CancellationException) thrown.message!! shouldContain "scope"
                            thrown.message.orEmpty().contains("still new or active") shouldBe false
                            ran shouldBe 0
                        }
                    }
                }

                test("an owner that is $how in the middle ends the call at once and clearly ($form)") {
                    val job = SupervisorJob()
                    val waiting = CompletableDeferred<Unit>()
                    val caller =
                        SuspendCaller(Dispatchers.Default) {
                            call(CoroutineScope(job)) {
                                waiting.complete(Unit)
                                if (how == "completed") it else awaitCancellation()
                            }
                        }
                    if (!form.startsWith("deferreds")) SuspendCaller(Dispatchers.Default) { waiting.await() }.value()
                    job.end()
                    // Who has been completed lets its children end by themselves, and these would not.
                    if (how == "completed") job.cancel()
                    endsClearly(caller.end().exceptionOrNull())
                    SuspendCaller(Dispatchers.Default) { job.join() }.value("the owner")
                }
            }

            test("an owner that is cancelled while the call begins, or ends, or in between ($form)") {
                withThreads(1) { pool ->
                    repeat(1_000) { round ->
                        val job = SupervisorJob()
                        val start = CyclicBarrier(2)
                        val cancel =
                            pool.submit {
                                start.await(SECONDS, TimeUnit.SECONDS)
                                repeat(round % 50) { Thread.onSpinWait() }
                                job.cancel()
                            }
                        val caller =
                            SuspendCaller(Dispatchers.Default) {
                                start.await(SECONDS, TimeUnit.SECONDS)
                                call(CoroutineScope(job)) { it.also { yield() } }
                            }
                        cancel.soon()
                        endsClearly(caller.end("round $round").exceptionOrNull())
                    }
                }
            }
        }

        test("deferreds that stay pending leave nothing with the owner, however often they are asked for") {
            val owner = SupervisorJob()
            val pending = CompletableDeferred<Int>()
            SuspendCaller(Dispatchers.Default) {
                repeat(1_000) {
                    val failed = CompletableDeferred<Int>().apply { completeExceptionally(IllegalArgumentException()) }
                    runCatching {
                        listOf(pending, failed).gather(onFailure = LEAVE_OTHERS, scope = CoroutineScope(owner))
                    }.exceptionOrNull().shouldBeInstanceOf<IllegalArgumentException>()
                }
            }.value()
            // Those that waited for it leave on threads of their own.
            SuspendCaller(Dispatchers.Default) { while (owner.children.count() > 1) yield() }.value("all have left")
            pending.isActive shouldBe true // left to itself, as promised
            pending.complete(1)
            owner.cancel()
        }

        test("bodies that are left are the owner's, one child or more, and gone when they have ended") {
            val owner = SupervisorJob()
            val gate = CompletableDeferred<Unit>()
            SuspendCaller(Dispatchers.Default) {
                repeat(100) {
                    val hasStarted = CompletableDeferred<Unit>() // one that has not when the other fails never does
                    runCatching {
                        gather(
                            {
                                hasStarted.complete(Unit)
                                gate.await()
                            },
                            {
                                hasStarted.await()
                                throw IllegalArgumentException()
                            },
                            onFailure = LEAVE_OTHERS,
                            scope = CoroutineScope(owner),
                        )
                    }
                }
            }.value()
            (owner.children.count() >= 100) shouldBe true
            gate.complete(Unit)
            SuspendCaller(Dispatchers.Default) { owner.children.forEach { it.join() } }.value("what was left")
            owner.job.children.count() shouldBe 0
            owner.cancel()
        }
    })

private val ITEMS = listOf(1, 2)

/** It may have come too late; else one is told about the scope, or is cancelled, and not about the insides. */
private fun endsClearly(thrown: Throwable?) {
    withClue("$thrown") {
        if (thrown == null) return
        thrown.shouldBeInstanceOf<IllegalStateException>() // which a cancellation is, too
        thrown.causes().any { it.message.orEmpty().contains("still new or active") } shouldBe false
        if (thrown !is CancellationException) thrown.message.orEmpty() shouldContain "scope"
    }
}
