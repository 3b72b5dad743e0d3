package dev.gather.samples.readme

import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.coroutines.successes
import dev.gather.coroutines.withPermit
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.take
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The Kotlin code of the README, compiled. */
class ReadmeKotlin(
    private val users: Users,
    private val orders: Orders,
    private val fetch: suspend (String) -> String,
    private val price: suspend (String) -> Int,
) {
    fun interface Users {
        suspend fun find(id: Int): String
    }

    fun interface Orders {
        suspend fun byUser(id: Int): List<String>
    }

    data class Page(
        val user: String,
        val orders: List<String>,
    )

    suspend fun fetchAll(urls: List<String>): List<String> {
        // region each
        val pages = urls.gather(limit = 16, timeout = 5.seconds) { fetch(it) }
        // endregion
        return pages
    }

    suspend fun dashboard(id: Int): Page {
        // region dashboard
        val page = gather({ users.find(id) }, { orders.byUser(id) }) { user, recent -> Page(user, recent) }
        // endregion
        return page
    }

    suspend fun prices(shops: List<String>): Map<String, Int> {
        // region keyed
        val prices: Map<String, Int> = shops.associateWith { suspend { price(it) } }.gather(limit = 16)
        // endregion
        return prices
    }

    suspend fun report(urls: List<String>) {
        // region settled
        for (outcome in urls.gatherSettled(limit = 16) { fetch(it) }) {
            when (outcome) {
                is Outcome.Success -> println("${outcome.value.length} characters")
                is Outcome.Failure -> println("failed: ${outcome.cause.message}")
                is Outcome.Cancelled -> println("cancelled: ${outcome.reason}")
            }
        }
        // endregion
    }

    suspend fun available(urls: List<String>): List<String> {
        // region outcomes
        val pages = urls.gatherSettled(limit = 16) { fetch(it) }.successes()
        // endregion
        return pages
    }

    suspend fun leave(
        urls: List<String>,
        application: CoroutineScope,
    ): List<String> {
        // region scope
        val pages = urls.gather(onFailure = FailurePolicy.LEAVE_OTHERS, scope = application) { fetch(it) }
        // endregion
        return pages
    }

    suspend fun first(
        hosts: List<String>,
        connect: suspend (String) -> AutoCloseable,
    ): AutoCloseable {
        // region release
        val first = hosts.gatherAny(release = AutoCloseable::close) { connect(it) } // a second one is closed
        // endregion
        return first
    }

    suspend fun running(started: List<Deferred<String>>): List<String> {
        // region deferreds
        val values = started.gather() // like awaitAll, but one failure or a cancel reaches all of them
        // endregion
        return values
    }

    suspend fun asTheyCome(
        urls: List<String>,
        lines: Flow<String>,
    ) {
        // region flow
        urls.gatherAsCompleted(limit = 16) { fetch(it) }.collect { println("${urls[it.index.toInt()]}: ${it.outcome}") }

        lines.gather(limit = 16) { fetch(it) }.take(3).collect { println(it) } // in order; the rest is cancelled
        // endregion
    }

    suspend fun fromMirrors(mirrors: List<String>): String {
        // region any
        val page = mirrors.gatherAny(stagger = 250.milliseconds) { fetch(it) }
        // endregion
        return page
    }

    suspend fun shared(
        urls: List<String>,
        metrics: GatherListener,
    ): List<String> {
        // region options
        val backend = gatherOptions(limit = 16, taskTimeout = 5.seconds, name = "pages", listener = metrics)
        val pages = urls.gather(timeout = 30.seconds, options = backend) { fetch(it) }
        // endregion
        return pages
    }

    suspend fun politely(
        urls: List<String>,
        home: String,
        backend: Limiter,
    ): String {
        // region limiter
        val pages = urls.gather(limiter = backend) { fetch(it) }
        val first = backend.withPermit { fetch(home) }
        // endregion
        return first + pages
    }
}
