package dev.gather.samples.bridge

import dev.gather.bridge.awaitAll
import dev.gather.bridge.awaitGather
import dev.gather.bridge.awaitOwned
import dev.gather.bridge.awaitShared
import dev.gather.future.Gather
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletableFuture.supplyAsync

/** A program in Kotlin that calls libraries written in Java. */
suspend fun main() {
    val shared = CompletableFuture<String>() // somebody else's
    // region awaiting
    val rate = supplyAsync { 1.5 }.awaitOwned() // ours: a cancel here cancels it, and waits for its end
    val config = withTimeoutOrNull(10) { shared.awaitShared() } // somebody else's: only the wait ends
    val squares = Gather.each(listOf(1, 2, 3)) { n: Int -> n * n }.limit(2).awaitAll()
    val first = awaitGather { Gather.of({ page("primary") }, { page("mirror") }).any() } // whatever starts a gather
    // endregion
    println("$rate, $config, $squares, $first, shared is done: ${shared.isDone}")
}

/** Both hosts have the same page. */
private fun page(host: String) = mapOf("primary" to "a page", "mirror" to "a page").getValue(host)
