package dev.gather.verification.guarantee

import dev.gather.Limiter
import dev.gather.coroutines.withPermit
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import java.util.concurrent.CompletableFuture

/** Several are granted a permit by one step, and what one does with it waits for what another does. */
class SeveralGrantsSpec :
    FunSpec({
        test("what is done with the first waits for the second, whichever door they come through (both)") {
            val doors = mapOf("Java" to ::inJava, "Kotlin" to ::inKotlin)
            for ((one, first) in doors) {
                for ((other, second) in doors) {
                    val limiter = Limiter.concurrent(1)
                    val held = limiter.acquire().join()
                    val secondBegins = CompletableFuture<Unit>()
                    val ends =
                        listOf(
                            first(limiter) { secondBegins.soon() },
                            second(limiter) { secondBegins.complete(Unit) },
                        )
                    limiter.waiting() shouldBe 2
                    limiter.setConcurrent(3)
                    ends.forEach { it.soon() }
                    held.close()
                    "$one, $other: ${limiter.active()}" shouldBe "$one, $other: 0"
                }
            }
        }
    })

/** On the thread that makes room. */
private fun inJava(
    limiter: Limiter,
    body: () -> Unit,
): CompletableFuture<*> = limiter.acquire().thenAccept { permit -> permit.use { body() } }

/** The same: nothing is dispatched. */
private fun inKotlin(
    limiter: Limiter,
    body: () -> Unit,
): CompletableFuture<*> =
    CoroutineScope(Dispatchers.Unconfined).async { limiter.withPermit { body() } }.asCompletableFuture()
