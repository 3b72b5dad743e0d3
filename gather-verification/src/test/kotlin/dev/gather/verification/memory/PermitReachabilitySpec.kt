package dev.gather.verification.memory

import dev.gather.Limiter
import dev.gather.coroutines.withPermit
import dev.gather.verification.guarantee.SECONDS
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.seconds

/** Work that goes on and on inside of itself: what holds a permit keeps none that was given back before. */
class PermitReachabilitySpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        test("each coroutine is launched inside the permit of the one before") {
            val limiter = Limiter.concurrent(1)
            val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            val tracked = Tracked()
            val last = CompletableDeferred<Unit>()
            val checked = CompletableDeferred<Unit>()

            // The next has borrowed before this one gives its permit back.
            suspend fun step(
                number: Int,
                begun: CompletableDeferred<Unit>,
            ) {
                limiter.withPermit {
                    begun.complete(Unit)
                    val here = currentCoroutineContext()
                    if (number == 0) {
                        last.complete(Unit)
                        checked.await()
                    } else {
                        if (number > 1) tracked.track("permit", here.heldPermit().shouldNotBeNull())
                        val borrowed = CompletableDeferred<Unit>()
                        scope.launch(here.minusKey(Job)) { step(number - 1, borrowed) }
                        borrowed.await()
                    }
                }
            }
            scope.launch { step(1_000, CompletableDeferred()) }
            last.await()
            tracked.shouldBeGarbage()
            limiter.active() shouldBe 1
            checked.complete(Unit)
            scope.coroutineContext.job.cancelAndJoin()
            limiter.active() shouldBe 0
        }
    })

/** The element has no public name, and is only shown to who makes a context of it. */
private fun CoroutineContext.heldPermit(): Any? =
    (CoroutineName("a context of it") + this).fold<Any?>(null) { found, element ->
        if (element.javaClass.simpleName ==
            "HeldPermit"
        ) {
            element
        } else {
            found
        }
    }
