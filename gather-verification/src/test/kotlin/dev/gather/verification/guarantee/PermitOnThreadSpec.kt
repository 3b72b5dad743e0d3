package dev.gather.verification.guarantee

import dev.gather.Limiter
import dev.gather.coroutines.gather
import dev.gather.coroutines.withPermit
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue

/** What a coroutine holds of limiters its thread holds, for what is called there in Java. */
class PermitOnThreadSpec :
    FunSpec({
        val ways =
            mapOf<String, suspend (Limiter, suspend () -> Unit) -> Unit>(
                "withPermit" to { limiter, body -> limiter.withPermit { body() } },
                "a gather under the limiter" to { limiter, body -> listOf(1).gather(limiter = limiter) { body() } },
                "a gather inside of withPermit" to { limiter, body ->
                    limiter.withPermit { listOf(1, 2).gather(limit = 1) { body() } }
                },
                "a flow inside of which it is emitted" to { limiter, body ->
                    flow { limiter.withPermit { emit(1) } }.collect { body() }
                },
            )
        for ((how, hold) in ways) {
            test("what a coroutine calls in Java borrows its permit, before and after a suspension: $how (both)") {
                for (dispatcher in listOf(Dispatchers.Default, Dispatchers.Unconfined)) {
                    val limiter = Limiter.concurrent(1)
                    val seen = ConcurrentLinkedQueue<Int>()
                    val job =
                        CoroutineScope(dispatcher).launch {
                            hold(limiter) {
                                seen += limiter.call { limiter.active() }
                                Gather
                                    .of(Task.of { seen.add(limiter.active()) })
                                    .limiter(limiter)
                                    .all()
                                    .join()
                                yield()
                                delay(1)
                                seen += limiter.call { limiter.active() }
                            }
                            // What it finds until it is dispatched again has been given back, and cannot be borrowed.
                            limiter.acquire().get().close()
                            if (dispatcher == Dispatchers.Default) {
                                yield()
                                limiter.held() shouldBe null
                            }
                        }
                    job.asCompletableFuture().soon()
                    seen.toSet() shouldBe setOf(1)
                    limiter.active() shouldBe 0
                }
            }
        }

        test("a permit that is lent to one coroutine is on no thread of another (both)") {
            val limiter = Limiter.concurrent(1)
            val inside = CompletableFuture<Unit>()
            val goOn = CompletableDeferred<Unit>()
            val holder =
                CoroutineScope(Dispatchers.Default).launch {
                    limiter.withPermit {
                        inside.complete(Unit)
                        goOn.await()
                    }
                }
            inside.soon()
            List(8) { CoroutineScope(Dispatchers.Default).async { limiter.held() } }.forEach {
                it.asCompletableFuture().soon() shouldBe null
            }
            limiter.tryAcquire() shouldBe null
            goOn.complete(Unit)
            holder.asCompletableFuture().soon()
            limiter.active() shouldBe 0
        }
    })
