package dev.gather.verification.guarantee

import dev.gather.future.Gather
import io.kotest.core.spec.style.FunSpec
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.time.Duration.Companion.seconds

/** Guarantee 53: a deadline is the deadline, although whatever carries virtual threads is busy with something else. */
class BusyCarriersSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        for ((what, call) in DEADLINES) {
            test("$what passes although every carrier is busy with the bodies themselves") {
                onOwnThread { call(Gather.each(List(CARRIERS + 1) { it }, ::spinUntilInterrupted)) }
            }

            test("$what passes although every carrier is busy with something else, bodies on a pool") {
                withBusyCarriers {
                    val pool = Executors.newCachedThreadPool()
                    try {
                        onOwnThread { call(Gather.each(List(3) { it }, ::blockUntilInterrupted).executor(pool)) }
                    } finally {
                        pool.shutdownNow()
                    }
                }
            }
        }

        test("a stagger passes although every carrier is busy with something else") {
            withBusyCarriers {
                val pool = Executors.newCachedThreadPool()
                try {
                    onOwnThread {
                        val second = Gather.each(listOf(1, 2)) { if (it == 1) blockUntilInterrupted(it) else it }
                        second
                            .executor(pool)
                            .stagger(A_MOMENT)
                            .any()
                            .get()
                    }
                } finally {
                    pool.shutdownNow()
                }
            }
        }

        test("a grace passes although every carrier is busy with bodies that do not stop") {
            val released = AtomicBoolean()
            try {
                onOwnThread {
                    val gather = Gather.each(List(CARRIERS + 1) { it }) {
                        while (!released.get()) Thread.onSpinWait()
                    }
                    gather
                        .timeout(A_MOMENT)
                        .grace(A_MOMENT)
                        .settled()
                        .get()
                }
            } finally {
                released.set(true)
            }
        }
    })

private val CARRIERS = Runtime.getRuntime().availableProcessors()

private val A_MOMENT = Duration.ofMillis(50)

private val DEADLINES: Map<String, (Gather<Int>) -> Any?> =
    mapOf(
        "timeout" to { it.timeout(A_MOMENT).settled().get() },
        "timeout of all" to {
            it
                .timeout(A_MOMENT)
                .all()
                .handle { _, failure -> failure }
                .get()
        },
        "taskTimeout" to { it.taskTimeout(A_MOMENT).settled().get() },
        "orTimeout" to {
            it
                .all()
                .orTimeout(50, TimeUnit.MILLISECONDS)
                .handle { _, failure -> failure }
                .get()
        },
        "completeOnTimeout" to { it.all().completeOnTimeout(emptyList(), 50, TimeUnit.MILLISECONDS).get() },
        "a bound on a shielded view" to {
            val future = it.all()
            future
                .shielded()
                .orTimeout(50, TimeUnit.MILLISECONDS)
                .handle { _, _ -> future.cancel(true) }
                .get()
        },
        "timeout of a stream" to { gather -> gather.timeout(A_MOMENT).stream().use { it.toList() } },
        "timeout of any" to {
            it
                .timeout(A_MOMENT)
                .any()
                .handle { _, failure -> failure }
                .get()
        },
    )

private fun spinUntilInterrupted(item: Int): Int {
    while (!Thread.currentThread().isInterrupted) Thread.onSpinWait()
    return item
}

private fun blockUntilInterrupted(item: Int): Int = CompletableFuture<Int>().get() + item

/** A platform thread, since what it waits for must not depend on a carrier. */
private fun onOwnThread(code: () -> Unit) {
    val done = CompletableFuture<Unit>()
    Thread {
        try {
            done.complete(code())
        } catch (e: Throwable) {
            done.completeExceptionally(e)
        }
    }.apply { isDaemon = true }.start()
    done.soon()
}

/** On a JDK without virtual threads there is nothing to keep busy. */
private fun withBusyCarriers(code: () -> Unit) {
    val released = AtomicBoolean()
    val virtual = virtualThreads()
    val busy = CountDownLatch(if (virtual == null) 0 else CARRIERS)
    repeat(CARRIERS) {
        virtual?.execute {
            busy.countDown()
            while (!released.get()) Thread.onSpinWait()
        }
    }
    try {
        busy.await()
        code()
    } finally {
        released.set(true)
    }
}

private fun virtualThreads(): Executor? =
    try {
        val start = Thread::class.java.getMethod("startVirtualThread", Runnable::class.java)
        Executor { start.invoke(null, it) }
    } catch (_: NoSuchMethodException) {
        null
    }
