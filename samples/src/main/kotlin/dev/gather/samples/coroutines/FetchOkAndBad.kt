package dev.gather.samples.coroutines

import dev.gather.Outcome
import dev.gather.coroutines.gatherSettled
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.io.PrintStream
import kotlin.time.Duration.Companion.milliseconds

/**
 * Tutorial 003, exceptions in the group: each entry is a value or the exception that was raised.
 *
 * ```python
 * results = await asyncio.gather(
 *     fetch_or_fail("ok"),
 *     fetch_or_fail("bad"),
 *     return_exceptions=True,
 * )
 * # results == ["ok-value", OSError(...)]
 * ```
 *
 * The tutorial leaves `fetch_or_fail` open. What it reports as an `OSError` is an [IOException] here.
 */
class FetchOkAndBad(private val out: PrintStream) {
    suspend fun fetchOrFail(name: String): String {
        delay(100.milliseconds)
        if (name == "bad") throw IOException("no route to bad")
        return "$name-value"
    }

    suspend fun run() {
        val results = gatherSettled({ fetchOrFail("ok") }, { fetchOrFail("bad") })

        val valuesAndExceptions = results.map { r -> if (r is Outcome.Failure) r.cause else r.getOrThrow() }
        out.println(valuesAndExceptions) // [ok-value, java.io.IOException: no route to bad]
    }
}

fun main() = runBlocking { FetchOkAndBad(System.out).run() }
