package dev.gather.verification.consumer

import dev.gather.FailurePolicy
import dev.gather.GatherTimeoutException
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.io.IOException
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A program that uses the suspend door; ConsumerTest runs it in a JVM of its own. */
object SuspendDashboard {
    @JvmStatic
    fun main(args: Array<String>) {
        println("Kotlin ${KotlinVersion.CURRENT}")
        CoroutineScope(Dispatchers.Default).future { run() }.get(60, TimeUnit.SECONDS)
    }

    private suspend fun CoroutineScope.run() {
        println("gather: ${gather({ "a" }, { yield().let { "b" } }, { null })}")
        println("typed: ${gather({ 1 }, { "b" }) { n, s -> "$n$s" }}")
        println("deferred: ${listOf(async { 1 }, async { 2 }).gather()}")
        limit()
        settled()
        failure()
        timeout()
        cancel()
    }

    private suspend fun limit() {
        val running = AtomicInteger()
        val peak = AtomicInteger()
        val values =
            (1..6).gather(limit = 2) {
                peak.accumulateAndGet(running.incrementAndGet(), Math::max)
                yield()
                running.decrementAndGet()
                10 * it
            }
        println("limit: $values, at most 2 at a time: ${peak.get() <= 2}")
    }

    private suspend fun settled() {
        val outcomes =
            gatherSettled({ "fine" }, { noRoute() }, { awaitCancellation() }, taskTimeout = 50.milliseconds)
        outcomes.forEach { println("settled: $it") }
    }

    private suspend fun failure() {
        for (policy in listOf(FailurePolicy.CANCEL_OTHERS, FailurePolicy.AWAIT_OTHERS)) {
            val started = CompletableDeferred<Unit>()
            var ended = false
            try {
                gather(
                    {
                        try {
                            started.complete(Unit)
                            if (policy == FailurePolicy.CANCEL_OTHERS) awaitCancellation()
                        } finally {
                            ended = true
                        }
                    },
                    {
                        started.await()
                        noRoute()
                    },
                    onFailure = policy,
                )
            } catch (e: IOException) {
                println("failure: ${e.message}, the other has ended: $ended")
            }
        }
    }

    private suspend fun timeout() {
        val ready: suspend () -> String = { "ready" }
        val endless: suspend () -> String = { awaitCancellation() }
        try {
            gather(ready, endless, timeout = 50.milliseconds, options = gatherOptions(name = "dashboard"))
        } catch (e: GatherTimeoutException) {
            println("timeout: ${e.message}, ${e.outcomes().first()}")
        }
        println("timeout: ${gatherSettled(ready, endless, timeout = 50.milliseconds)}")
    }

    private suspend fun CoroutineScope.cancel() {
        val started = CompletableDeferred<Unit>()
        var aList = false
        val job =
            launch {
                (1..2).gatherSettled(timeout = 30.seconds) {
                    started.complete(Unit)
                    awaitCancellation()
                }
                aList = true
            }
        started.await()
        job.cancelAndJoin()
        println("cancel: ${job.isCancelled}, a list: $aList")
    }

    private fun noRoute(): String = throw IOException("no route")
}
