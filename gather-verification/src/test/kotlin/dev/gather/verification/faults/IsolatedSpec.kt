package dev.gather.verification.faults

import dev.gather.CancelReason
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.soon
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/** isolated(): no body meets what another has left in its thread. */
class IsolatedSpec :
    FunSpec({
        timeout = (5 * PATIENCE).seconds.inWholeMilliseconds

        for (terminal in Terminal.entries) {
            for (limit in listOf(1, 4, null)) {
                test("$terminal, limit $limit: every body has a thread that has run no other") {
                    for (source in Source.entries.filter { it.isBlocking }) {
                        val local = ThreadLocal<Int>()
                        val met = ConcurrentLinkedQueue<Int>()
                        val gather = source
                            .gather {
                                local.get()?.let(met::add)
                                local.set(it)
                                it
                            }.isolated()
                        terminal.outcomes(limit?.let(gather::limit) ?: gather) shouldBe EVERYTHING
                        met.shouldBeEmpty()
                    }
                }
            }

            test("$terminal: an executor gets every body as a task of its own") {
                for (source in Source.entries.filter { it.isBlocking }) {
                    SmallPool(2, room = 2).use { pool ->
                        val inTask = ThreadLocal<Int>()
                        val most = AtomicInteger()
                        val executor = Executor { task ->
                            pool.execute {
                                inTask.set(0)
                                task.run()
                                inTask.remove()
                            }
                        }
                        val gather = source
                            .gather {
                                inTask.set((inTask.get() ?: 0) + 1)
                                most.accumulateAndGet(inTask.get(), ::maxOf)
                                it
                            }.isolated()
                            .limit(2)
                            .executor(executor)
                        terminal.outcomes(gather) shouldBe EVERYTHING
                        most.get() shouldBe 1
                    }
                }
            }
        }

        test("without it short bodies share threads") {
            val threads = ConcurrentLinkedQueue<Thread>()
            Gather
                .each(List(1_000) { it }) { threads += Thread.currentThread() }
                .limit(1)
                .all()
                .soon()
            (threads.toSet().size < 1_000) shouldBe true
        }

        test("that there are too few tasks is found out while the others run") {
            val never = Task.async { CompletableFuture<Int>() }
            val gather = Gather.of(Task.of { 1 }, never).isolated()
            runCatching { gather.atLeast(3).soon() }.exceptionOrNull().toString() shouldContain "NoSuchElement"
        }

        test("so have those on the default executor, where that is given by hand") {
            val shared = Gather.of({ 1 }).all().defaultExecutor()
            val threads = ConcurrentLinkedQueue<Thread>()
            Gather
                .each(List(100) { it }) { threads += Thread.currentThread() }
                .isolated()
                .executor(shared)
                .all()
                .soon()
            threads.toSet().size shouldBe 100
        }

        test("an executor that runs things on the spot does so at the bottom of a stack") {
            val items = List(20_000) { it }
            Gather
                .each(items) { it }
                .isolated()
                .executor(Runnable::run)
                .all()
                .soon() shouldBe items
            Gather
                .each(items) { it }
                .isolated()
                .limit(1)
                .executor(Runnable::run)
                .all()
                .soon() shouldBe items
        }

        test("a cancel and a deadline reach isolated bodies, and what has not started never starts") {
            val begun = CompletableFuture<Unit>()
            val started = AtomicInteger()
            val gather = Gather
                .each(List(100) { it }) {
                    started.incrementAndGet()
                    begun.complete(Unit)
                    CompletableFuture<Unit>().get()
                }.isolated()
                .limit(2)
            val future = gather.settled()
            begun.soon()
            future.cancel(true)
            future.terminated().soon()
            (started.get() <= 2) shouldBe true
            val outcomes = gather.timeout(Duration.ofMillis(20)).settled().soon()
            outcomes.map { it.toString().contains("${CancelReason.TIMEOUT}") }.toSet() shouldBe setOf(true)
        }
    })
