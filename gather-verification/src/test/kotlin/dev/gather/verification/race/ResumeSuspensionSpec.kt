package dev.gather.verification.race

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.verification.guarantee.soon
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume

/** The suspension of a body × its resumption by another thread. */
class ResumeSuspensionSpec :
    RaceSpec({
        race("a body suspends × it is resumed") { round ->
            val inside = Inside()
            val ledger = Ledger()
            val end = CompletableFuture<List<Int>>()
            val parked = AtomicReference<Continuation<Int>>()
            val dispatcher = if (round % 2 == 0) Dispatchers.Unconfined else Dispatchers.Default
            together(
                {
                    val call =
                        CoroutineScope(dispatcher).async(start = CoroutineStart.UNDISPATCHED) {
                            (0 until BODIES).gather(limit = 1, options = gatherOptions(listener = ledger)) {
                                inside.suspendingVisit { parkIn(parked) }
                            }
                        }
                    call.asCompletableFuture().whenComplete { list, failure ->
                        if (failure == null) end.complete(list) else end.completeExceptionally(failure)
                    }
                },
                {
                    repeat(BODIES) { i ->
                        patiently("a body that suspends") { parked.get() != null }
                        parked.getAndSet(null).resume(i)
                    }
                },
            )
            check(end.soon() == (0 until BODIES).toList()) { "${end.soon()}" }
            inside.checkEmpty()
            ledger.balance(BODIES)
        }
    })

/** Not by suspendCoroutine, which would notice an early resumption before the engine does. */
private suspend fun parkIn(parked: AtomicReference<Continuation<Int>>): Int =
    suspendCoroutineUninterceptedOrReturn {
        parked.set(it)
        aMoment()
        COROUTINE_SUSPENDED
    }

private const val BODIES = 3
