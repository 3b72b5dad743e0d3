package dev.gather.verification.faults

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import dev.gather.testing.PendingTimers
import dev.gather.verification.guarantee.LONG
import dev.gather.verification.guarantee.Recorder
import dev.gather.verification.guarantee.soon
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.Flow
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/** What never ran has not started, whoever counts. */
class CountingSpec :
    FunSpec({
        timeout = (3 * PATIENCE).seconds.inWholeMilliseconds

        val refusal = RejectedExecutionException("full")

        for (source in Source.entries) {
            for (limit in listOf(1, 4, Int.MAX_VALUE)) {
                test("tasks of $source that an executor refuses have failed and not started, limit $limit") {
                    val recorder = Recorder()
                    val gather = source.gather().limit(limit).listener(recorder)
                    val future = gather.executor { throw refusal }.settled()
                    future.inTime() shouldBe List(MANY) { Outcome.Failure<Int>(refusal) }
                    future.terminated().soon()
                    future.counts() shouldBe listOf(0, 0, MANY, 0)
                    recorder.starts shouldBe 0
                    recorder.ended shouldBe MANY
                }
            }

            test("of $source on an executor that refuses now and then started what was called") {
                val called = AtomicInteger()
                val recorder = Recorder()
                val gather = source
                    .gather { called.incrementAndGet().let { _ -> it } }
                    .listener(recorder)
                    .executor(Moody { it % 2 == 0 })
                val future = gather.settled()
                future.inTime().size shouldBe MANY
                future.terminated().soon()
                future.progress().started() shouldBe called.get()
                recorder.starts shouldBe called.get()
                recorder.ended shouldBe MANY
            }

            test("tasks of $source that may run for no time have failed and not started") {
                val called = AtomicInteger()
                val recorder = Recorder()
                val gather = source.gather { called.incrementAndGet().let { _ -> it } }.taskTimeout(Duration.ZERO)
                val future = gather.listener(recorder).settled()
                future.inTime().forEach { outcome ->
                    outcome.shouldBeInstanceOf<Outcome.Failure<*>>().cause().shouldBeInstanceOf<TimeoutException>()
                }
                future.terminated().soon()
                called.get() shouldBe 0
                recorder.starts shouldBe 0
                recorder.ended shouldBe MANY
                future.counts() shouldBe listOf(0, 0, MANY, 0)
            }

            test("tasks of $source in a gather that may run for no time are cancelled and not started") {
                val called = AtomicInteger()
                val recorder = Recorder()
                val gather = source.gather { called.incrementAndGet().let { _ -> it } }.timeout(Duration.ZERO)
                val future = gather.listener(recorder).settled()
                val outcomes = future.inTime()
                outcomes.filterNot { it == Outcome.Cancelled<Int>(CancelReason.TIMEOUT, false) }.shouldBeEmpty()
                future.terminated().soon()
                called.get() shouldBe 0
                recorder.starts shouldBe 0
                future.progress().started() shouldBe 0
            }
        }

        test("a task that may run for no time does not count, its neighbours do") {
            val recorder = Recorder()
            val none = Task.of { 1 }.timeout(Duration.ZERO)
            val stage = Task.async { CompletableFuture.completedFuture(2) }.timeout(Duration.ZERO)
            val some = Task.of { 3 }
            val future = Gather.of(none, some, stage).listener(recorder).settled()
            future.inTime()[1] shouldBe Outcome.Success(3)
            future.terminated().soon()
            future.counts() shouldBe listOf(1, 1, 2, 0)
            recorder.starts shouldBe 1
        }

        test("a refused task is counted once, whatever becomes of the gather") {
            val recorder = Recorder()
            val stage = CompletableFuture<Int>()
            val tasks = listOf(Task.of { 1 }, Task.started(stage), Task.of { 2 })
            val future = Gather
                .of(tasks)
                .listener(recorder)
                .executor { throw refusal }
                .all()
            future.failure() shouldBe refusal
            future.terminated().soon()
            stage.isCancelled shouldBe true
            recorder.eventsOf(0).filter { it.startsWith("start") }.shouldBeEmpty()
            recorder.eventsOf(2).filter { it.startsWith("start") }.shouldBeEmpty()
            recorder.ended shouldBe 3
        }

        // ---- the flag of a caller

        for (source in Source.entries.filter { it.isBlocking }) {
            test("a caller's interrupt flag survives each request() that runs bodies of $source on its thread") {
                for (each in listOf(1L, 3L)) {
                    inTime {
                        val gather = source.gather { it }.executor(Executor(Runnable::run))
                        val flags = flagsOfACaller(gather, each)
                        flags shouldBe List(flags.size) { true }
                    }
                }
            }

            test("a caller's interrupt flag survives a terminal method that runs bodies of $source on its thread") {
                val gather = source.gather().executor(Executor(Runnable::run))
                inTime {
                    val starts = listOf<() -> GatherFuture<*>>(gather::all, gather::settled, gather::any)
                    for (start in starts) {
                        Thread.currentThread().interrupt()
                        start()
                        Thread.interrupted() shouldBe true
                    }
                }
            }
        }

        // ---- timers

        for (kind in listOf("bodies", "stages", "running stages")) {
            test("equal timeouts of many tasks that run together, $kind, need one timer or few") {
                val before = PendingTimers.all().size
                val pending = List(MANY) { CompletableFuture<Int>() }
                val started = CompletableFuture<Unit>()
                val count = AtomicInteger()
                val tasks = pending.map { stage ->
                    val task = when (kind) {
                        "bodies" -> Task.of {
                            if (count.incrementAndGet() == MANY) started.complete(Unit)
                            stage.get()
                        }
                        "stages" -> Task.async {
                            if (count.incrementAndGet() == MANY) started.complete(Unit)
                            stage
                        }
                        else -> Task.started(stage)
                    }
                    task.timeout(LONG)
                }
                val future = Gather.of(tasks).all()
                if (kind != "running stages") started.soon()
                val timers = PendingTimers.all().size - before
                pending.forEach { it.complete(1) }
                future.inTime().size shouldBe MANY
                timers shouldBeLessThanOrEqual 4
            }
        }
    })

/** Started, succeeded, failed, cancelled. */
private fun GatherFuture<*>.counts() = progress().run { listOf(started(), succeeded(), failed(), cancelled()) }

/** The flag of an interrupted thread after each of its requests. */
private fun flagsOfACaller(
    gather: Gather<Int>,
    each: Long,
): List<Boolean> {
    val collected = Requested(gather)
    Thread.currentThread().interrupt()
    return List(5) {
        collected.subscription.request(each)
        Thread.currentThread().isInterrupted.also { Thread.currentThread().interrupt() }
    }.also {
        Thread.interrupted()
        collected.subscription.cancel()
    }
}

/** Requests nothing by itself. */
private class Requested(
    gather: Gather<Int>,
) : Flow.Subscriber<Completed<Int>> {
    lateinit var subscription: Flow.Subscription
        private set

    init {
        gather.asCompleted().subscribe(this)
    }

    override fun onSubscribe(subscription: Flow.Subscription) {
        this.subscription = subscription
    }

    override fun onNext(item: Completed<Int>) = Unit

    override fun onError(throwable: Throwable) = throw AssertionError(throwable)

    override fun onComplete() = Unit
}
