package dev.gather.verification.faults

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import kotlin.time.Duration.Companion.seconds

/** Gathers that wait for themselves, directly or through others: refused where that is seen, and cancelled for good. */
class SuspendCircleSpec :
    FunSpec({
        timeout = (6 * SECONDS).seconds.inWholeMilliseconds

        val circles: Map<String, CoroutineScope.() -> List<Deferred<*>>> =
            mapOf(
                "a body awaits the coroutine that gathers it" to {
                    val self = CompletableFuture<Deferred<*>>()
                    val gathering = async { listOf(1).gather { self.get().await() } }
                    self.complete(gathering)
                    listOf(gathering)
                },
                "a body gathers the coroutine that gathers it" to {
                    val self = CompletableFuture<Deferred<*>>()
                    val gathering = async { listOf(1).gatherSettled { listOf(self.get()).gather() } }
                    self.complete(gathering)
                    listOf(gathering)
                },
                "two gather each other" to {
                    val other = CompletableFuture<Deferred<*>>()
                    val one = async { listOf(other.get()).gather() }
                    val two = async { listOf(one).gather() }
                    other.complete(two)
                    listOf(one, two)
                },
                "one gathers who awaits it" to {
                    val other = CompletableFuture<Deferred<*>>()
                    val one = async { listOf(other.get()).gatherSettled() }
                    val two = async { one.await() }
                    other.complete(two)
                    listOf(one, two)
                },
                "three in a circle, through a body" to {
                    val third = CompletableFuture<Deferred<*>>()
                    val one = async { gather({ listOf(third.get()).gather() }) }
                    val two = async { listOf(one).gather() }
                    third.complete(async { listOf(two).gather() })
                    listOf(one, two, third.get())
                },
            )
        for ((kind, start) in circles) {
            test("gathers that wait for themselves end when they are cancelled: $kind") {
                repeat(100) { round ->
                    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                    val circle = scope.start()
                    // At once as well as when they all wait: they need not have started.
                    if (round % 2 == 1) SuspendCaller(Dispatchers.Default) { yield() }.value()
                    circle.first().cancel()
                    SuspendCaller(Dispatchers.Default) { circle.first().join() }.value("round $round")
                    scope.cancel()
                    SuspendCaller(Dispatchers.Default) { scope.coroutineContext.job.join() }.value("round $round, all")
                }
            }
        }

        for (depth in listOf(0, 1, 22, 23, 24, 47, 70)) {
            test("a coroutine is not awaited from inside itself, $depth levels deep") {
                for ((form, level) in LEVELS) {
                    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                    val self = CompletableFuture<Deferred<*>>()
                    val refused = CompletableFuture<Throwable?>()
                    val gathering =
                        scope.async {
                            nested(level, depth) {
                                refused.complete(runCatching { listOf(self.soon()).gather() }.exceptionOrNull())
                                0
                            }
                        }
                    self.complete(gathering)
                    withClue(form) {
                        refused.soon().shouldBeInstanceOf<IllegalStateException>().message!! shouldStartWith
                            "deferreds[0] cannot be awaited from inside itself: "
                    }
                    scope.cancel()
                }
            }

            test("two gather each other, each $depth levels deep, and end when they are cancelled") {
                for ((form, level) in LEVELS) {
                    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                    val other = CompletableFuture<Deferred<Int>>()
                    val waits = List(2) { CompletableFuture<Unit>() }
                    val one = scope.async { nested(level, depth) { other.soon().gathered(waits[0]) } }
                    val two = scope.async { nested(level, depth) { one.gathered(waits[1]) } }
                    other.complete(two)
                    waits.forEach { it.soon() }
                    one.cancel()
                    SuspendCaller(Dispatchers.Default) { listOf(one, two).joinAll() }.value(form)
                    scope.cancel()
                }
            }
        }

        test("a circle through an owner that is inside of a body ends when it is cancelled") {
            val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
            val owner = CompletableDeferred<Job>()
            val circle =
                scope.async {
                    listOf(1).gather {
                        owner.complete(Job(currentCoroutineContext()[Job]))
                        awaitCancellation()
                    }
                }
            val left = scope.async { listOf(circle).gather() }
            val failed = CompletableDeferred<Int>().apply { completeExceptionally(IllegalArgumentException()) }
            SuspendCaller(Dispatchers.Default) {
                runCatching {
                    listOf<Deferred<Any>>(left, failed).gather(
                        onFailure = FailurePolicy.LEAVE_OTHERS,
                        scope = CoroutineScope(owner.await()),
                    )
                }
                circle.cancel()
                listOf(circle, left).joinAll()
            }.value("the circle")
            scope.cancel()
        }

        test("a deferred that was left to an owner which it gathers ends with that owner") {
            for (kind in listOf("gathers it", "gathers who gathers it")) {
                val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
                val owner = CompletableDeferred<Int>()
                val waits = CompletableFuture<Unit>()
                val between = if (kind == "gathers it") owner else scope.async { listOf(owner).gather().single() }
                val left = scope.async { between.gathered(waits) }
                waits.soon()
                val failed = CompletableDeferred<Int>().apply { completeExceptionally(IllegalArgumentException()) }
                SuspendCaller(Dispatchers.Default) {
                    runCatching {
                        listOf(left, failed).gather(
                            onFailure = FailurePolicy.LEAVE_OTHERS,
                            scope = CoroutineScope(owner),
                        )
                    }
                }.value("who leaves it").exceptionOrNull().shouldBeInstanceOf<IllegalArgumentException>()
                owner.cancel()
                SuspendCaller(Dispatchers.Default) { listOf(owner, left).joinAll() }.value(kind)
                scope.cancel()
            }
        }
    })

/** Gathers it, and says when it waits. */
private suspend fun Deferred<Int>.gathered(waits: CompletableFuture<Unit>): Int =
    coroutineScope {
        val gathering = async(start = CoroutineStart.UNDISPATCHED) { listOf(this@gathered).gather().single() }
        waits.complete(Unit)
        gathering.await()
    }
