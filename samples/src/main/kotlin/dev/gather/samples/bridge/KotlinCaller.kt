package dev.gather.samples.bridge

import dev.gather.bridge.await
import dev.gather.bridge.awaitAll
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
    val sum = Gather
        .of({ 1 }, { 2 })
        .all()
        .thenApply { it.sum() }
        .await()
    // endregion
    println("$rate, $config, $squares, $sum, shared is done: ${shared.isDone}")
}
