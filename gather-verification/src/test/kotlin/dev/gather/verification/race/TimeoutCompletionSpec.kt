package dev.gather.verification.race

import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.JavaRunning
import dev.gather.verification.guarantee.soon
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds

/** The deadline of a gather, of a task or of the grace of a gather × the completion of its last task. */
class TimeoutCompletionSpec :
    RaceSpec({
        batches("timeout × the last stage completes") {
            object : Timed {
                val stage = CompletableFuture<String>()
                val ledger = Ledger()
                val future = start()

                fun start() =
                    Gather
                        .started(listOf(CompletableFuture.completedFuture("first"), stage))
                        .timeout(MOMENT)
                        .listener(ledger)
                        .all()

                override fun complete() {
                    stage.complete("last")
                }

                override fun check(): Boolean {
                    future.terminated().soon()
                    val end = JavaRunning(future).end()
                    val isRight = end == End.Value(listOf("first", "last")) || end.cause() is GatherTimeoutException
                    check(isRight) { "$end" }
                    check(stage.isCancelled || stage.soon() == "last")
                    check(!stage.isCancelled || end.cause() is GatherTimeoutException) { "$end" }
                    ledger.balance(2)
                    return end !is End.Value
                }
            }
        }

        batches("task timeout × the task completes") {
            object : Timed {
                val stage = CompletableFuture<String>()
                val hooks = AtomicInteger()
                val isLate = AtomicBoolean()
                val ended = CompletableFuture<CompletableFuture<*>>()
                val ledger = Ledger()
                val future = start().also { ended.complete(it.terminated()) }

                fun start(): GatherFuture<List<Outcome<String>>> {
                    val task = Task.started(stage).timeout(MOMENT)
                    return Gather.of(task.onCancel(::hook)).listener(ledger).settled()
                }

                fun hook() {
                    hooks.incrementAndGet()
                    // Not waited for: it may be the thread inside start() that calls this.
                    if (ended.getNow(null)?.isDone == true) isLate.set(true)
                }

                override fun complete() {
                    stage.complete("last")
                }

                override fun check(): Boolean {
                    val outcome = (JavaRunning(future).end() as End.Value).value.single()
                    val isRight =
                        outcome == Outcome.Success("last") ||
                            (outcome as? Outcome.Failure)?.cause() is TimeoutException
                    check(isRight) { "$outcome" }
                    check(hooks.get() <= 1 && !isLate.get()) { "the hook ran $hooks times, too late: $isLate" }
                    ledger.balance(1)
                    return outcome is Outcome.Failure
                }
            }
        }

        batches("the grace runs out × the last task ends") {
            object : Timed {
                val stubborn = CompletableFuture<String>()
                val boom = Boom(0)
                val future = start()

                fun start() =
                    Gather
                        .started(listOf(stubborn.minimalCompletionStage(), CompletableFuture.failedStage(boom)))
                        .grace(MOMENT)
                        .all()

                override fun complete() {
                    stubborn.complete("last")
                }

                override fun check(): Boolean {
                    future.terminated().soon()
                    val end = JavaRunning(future).end()
                    check(end.cause() === boom) { "$end" }
                    return "still running" in (end as End.Failed).thrown.message!!
                }
            }
        }

        batches("timeout × the last coroutine completes") {
            object : Timed {
                val last = CompletableDeferred<String>()
                val inside = Inside()
                val ledger = Ledger()
                val end = start()

                fun start(): CompletableFuture<Any?> {
                    val call =
                        CoroutineScope(SupervisorJob() + Dispatchers.Default).async(
                            start = CoroutineStart.UNDISPATCHED,
                        ) {
                            try {
                                gather(
                                    { "first" },
                                    { inside.suspendingVisit { last.await() } },
                                    timeout = MOMENT.toMillis().milliseconds,
                                    options = gatherOptions(listener = ledger),
                                )
                            } catch (e: GatherTimeoutException) {
                                e
                            } finally {
                                inside.checkEmpty()
                                ledger.balance(2)
                            }
                        }
                    return call.asCompletableFuture().thenApply { it }
                }

                override fun complete() {
                    last.complete("last")
                }

                override fun check(): Boolean {
                    val result = end.soon()
                    check(result == listOf("first", "last") || result is GatherTimeoutException) { "$result" }
                    return result is GatherTimeoutException
                }
            }
        }
    })

/** A gather whose time will be up in a [MOMENT], and whose last task completes just about then. */
private interface Timed {
    fun complete()

    /** Returns whether the time was up first. */
    fun check(): Boolean
}

private val MOMENT: Duration = Duration.ofMillis(1)
private const val BATCH = 25

/** So many at a time that waiting for the clock is not what takes long. */
private fun RaceSpec.batches(
    name: String,
    start: () -> Timed,
) = race(name) { round ->
    if (round % BATCH != 0) return@race
    val due = System.nanoTime() + MOMENT.toNanos() - lag * STEP
    val batch = List(BATCH) { start() }
    together(
        { batch.forEachIndexed { i, timed -> completeAt(due + i * SPREAD, timed) } },
        { batch.asReversed().forEachIndexed { i, timed -> completeAt(due + i * SPREAD, timed) } },
    )
    batch.forEach { tilt(it.check()) }
}

/** The timer is late, and now and then by more; [Race.tilt] finds out by how much. */
private const val SPREAD = 20_000L
private const val STEP = 20L

private fun completeAt(
    nanoTime: Long,
    timed: Timed,
) {
    patiently("the moment") { System.nanoTime() - nanoTime >= 0 }
    timed.complete()
}

private fun End<*>.cause(): Throwable? = (this as? End.Failed)?.cause
