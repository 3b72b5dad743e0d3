package dev.gather.verification.coroutine

import dev.gather.Limiter
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherAtLeast
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.coroutines.withPermit
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.orStuck
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.debug.CoroutineInfo
import kotlinx.coroutines.debug.DebugProbes
import kotlinx.coroutines.debug.State
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

private const val PAGES = 10

/** Where a body waits; its frames are looked for by the names of its methods. */
private class Pages {
    private val waiting = AtomicInteger()
    private val gate = CompletableDeferred<Unit>()

    /** Completes when all bodies are suspended. */
    val loading = CompletableFuture<Unit>()

    suspend fun load(page: Int): Int {
        waitForPage(page)
        return page + 1
    }

    private suspend fun waitForPage(page: Int) {
        if (waiting.incrementAndGet() == PAGES) loading.complete(Unit)
        gate.await()
        check(page < PAGES)
    }
}

/** With the debug agent in place a body shows as a coroutine. */
class VisibleSpec :
    FunSpec({
        timeout = (10 * SECONDS).seconds.inWholeMilliseconds

        beforeSpec {
            DebugProbes.enableCreationStackTraces = false
            DebugProbes.install()
        }
        afterSpec { DebugProbes.uninstall() }

        fun load(
            names: List<String>,
            call: suspend (Pages) -> Any?,
        ) {
            val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            val pages = Pages()
            val caller = scope.launch { call(pages) }
            try {
                pages.loading.soon()
                val bodies = suspendedIn("waitForPage", PAGES)
                withClue("names") { bodies.map { it.name } shouldContainExactlyInAnyOrder names }
                withClue("jobs") { bodies.map { it.job }.toSet().size shouldBe PAGES }
                withClue("children of the gather's") { bodies.all { it.job in caller.descendants } shouldBe true }
                withClue("frames") { bodies.all { it.methods.any { method -> method == "load" } } shouldBe true }
            } finally {
                runBlocking { withTimeout(SECONDS.seconds) { caller.cancelAndJoin() } }
            }
        }

        val pages = (0 until PAGES).toList()
        val names = pages.map { "pages[$it]" }
        val keyed: (Pages) -> Map<String, suspend () -> Int> =
            { site -> pages.associate { "p$it" to suspend { site.load(it) } } }
        val tasks: (Pages) -> Array<suspend () -> Int> =
            { site -> pages.map { suspend { site.load(it) } }.toTypedArray() }

        test("ten suspended bodies are ten coroutines: async") {
            load(names) { site ->
                coroutineScope { pages.map { async(CoroutineName("pages[$it]")) { site.load(it) } }.awaitAll() }
            }
        }

        val calls: Map<String, suspend (Pages) -> Any?> =
            mapOf(
                "items.gather" to { site -> pages.gather(options = gatherOptions(name = "pages")) { site.load(it) } },
                "items.gather, limit" to
                    { site -> pages.gather(limit = PAGES, options = gatherOptions(name = "pages")) { site.load(it) } },
                "items.gather, taskTimeout" to { site ->
                    pages.gather(taskTimeout = 1.hours, options = gatherOptions(name = "pages")) { site.load(it) }
                },
                "gather" to { site -> gather(*tasks(site), options = gatherOptions(name = "pages")) },
                "items.gatherSettled" to
                    { site -> pages.gatherSettled(options = gatherOptions(name = "pages")) { site.load(it) } },
                "gatherAny" to { site -> gatherAny(*tasks(site), options = gatherOptions(name = "pages")) },
                "items.gatherAtLeast" to
                    { site -> pages.gatherAtLeast(2, options = gatherOptions(name = "pages")) { site.load(it) } },
                "items.gatherAsCompleted" to { site ->
                    pages.gatherAsCompleted(options = gatherOptions(name = "pages")) { site.load(it) }.collect()
                },
                "flow.gather" to { site ->
                    pages
                        .asFlow()
                        .gather(
                            limit = PAGES,
                            options = gatherOptions(name = "pages"),
                        ) { site.load(it) }
                        .collect()
                },
            )
        for ((name, call) in calls) {
            test("ten suspended bodies are ten coroutines: $name") { load(names, call) }
        }

        test("ten suspended bodies are ten coroutines, with the names of their keys") {
            load(pages.map { "pages[p$it]" }) { keyed(it).gather(options = gatherOptions(name = "pages")) }
            load(pages.map { "pages[p$it]" }) { keyed(it).gatherSettled(options = gatherOptions(name = "pages")) }
        }

        test("bodies of a gather that has no name are called what their caller is") {
            load(List(PAGES) { "caller" }) { site ->
                withContext(CoroutineName("caller")) { pages.gather { site.load(it) } }
            }
        }

        test("who waits inside withPermit shows who called it") {
            val limiter = Limiter.concurrent(1)
            val inside = CompletableFuture<Unit>()
            val caller =
                CoroutineScope(SupervisorJob() + Dispatchers.Default).launch { asksForAPermit(limiter, inside) }
            try {
                inside.orStuck()
                suspendedIn("waitsWithAPermit", 1).single().methods.count { it == "asksForAPermit" } shouldBe 1
            } finally {
                runBlocking { withTimeout(SECONDS.seconds) { caller.cancelAndJoin() } }
            }
        }

        test("who waits for a permit shows who asked for it") {
            val limiter = Limiter.concurrent(1)
            val taken = limiter.acquire().soon()
            val asked = CompletableFuture<Unit>()
            val caller =
                CoroutineScope(SupervisorJob() + Dispatchers.Default).launch {
                    asked.complete(Unit)
                    asksForAPermit(limiter, CompletableFuture())
                }
            try {
                asked.soon()
                suspendedIn("asksForAPermit", 1).single().job shouldBe caller
            } finally {
                runBlocking { withTimeout(SECONDS.seconds) { caller.cancelAndJoin() } }
                taken.close()
            }
        }
    })

private val CoroutineInfo.name: String? get() = context[CoroutineName]?.name

private val CoroutineInfo.methods: List<String> get() = lastObservedStackTrace().map { it.methodName }

/** The coroutines that are suspended in this method, as soon as there are [count] of them. */
private fun suspendedIn(
    method: String,
    count: Int,
): List<CoroutineInfo> {
    val deadline = System.nanoTime() + SECONDS.seconds.inWholeNanoseconds
    while (true) {
        val all = DebugProbes.dumpCoroutinesInfo()
        val found = all.filter { it.state == State.SUSPENDED && method in it.methods }
        if (found.size == count) return found
        if (System.nanoTime() - deadline > 0) {
            val others = all.joinToString("\n") { "${it.state} ${it.name} ${it.methods}" }
            throw AssertionError("${found.size} of $count are suspended in $method; all there are:\n$others")
        }
        LockSupport.parkNanos(1_000_000) // they are on their way there, which nobody tells
    }
}

private suspend fun asksForAPermit(
    limiter: Limiter,
    inside: CompletableFuture<Unit>,
) {
    val value = limiter.withPermit { waitsWithAPermit(inside) }
    check(value == Unit)
}

private suspend fun waitsWithAPermit(inside: CompletableFuture<Unit>) {
    inside.complete(Unit)
    val never: Job = SupervisorJob()
    never.join()
    check(never.isCompleted)
}
