package dev.gather.verification.consumer

import dev.gather.Limiter
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.coroutines.withPermit
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine

/** A program that uses the suspend door; ConsumerTest runs it on a Kotlin that is too old for that. */
object BelowTheFloor {
    @JvmStatic
    fun main(args: Array<String>) {
        val limiter = Limiter.concurrent(1)
        val calls = listOf<suspend () -> Any?>(
            { gather({ 1 }) },
            { listOf(1).gatherSettled { it } },
            { limiter.withPermit { 1 } },
        )
        for (call in calls) {
            call.startCoroutine(Continuation(EmptyCoroutineContext) { println(it.exceptionOrNull()) })
        }
    }
}
