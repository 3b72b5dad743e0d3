package dev.gather.verification.faults

import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.coroutines.withPermit
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume
import kotlin.time.Duration.Companion.seconds

private typealias Rated = suspend (limiter: Limiter) -> List<Any?>

/** Permits, helpers and clocks: what a gather shares with others, and what it leaves behind. */
class SuspendPermitSpec :
    FunSpec({
        timeout = (6 * SECONDS).seconds.inWholeMilliseconds

        test("who looks through the context of a body is not disturbed by the end of the body") {
            val looks = CompletableFuture<Unit>()
            val hasEnded = CompletableFuture<Unit>()
            val bodies = CompletableFuture<Continuation<Unit>>()
            val caller =
                SuspendCaller(Dispatchers.IO + Slow(looks, hasEnded)) {
                    listOf(1).gather(limiter = Limiter.concurrent(1)) {
                        suspendCancellableCoroutine { bodies.complete(it) } // it has looked itself before that
                    }
                }
            val body = bodies.soon()
            Slow.isArmed = true
            val elements = SuspendCaller(Dispatchers.IO) { body.context.fold(emptyList<Any>()) { all, it -> all + it } }
            looks.soon()
            body.resume(Unit)
            caller.value()
            hasEnded.complete(Unit)
            elements.value().isEmpty() shouldBe false
        }

        test("of two that are granted together the first may wait for the second") {
            withThreads(1) { pool ->
                val limiter = Limiter.concurrent(1)
                val permit = limiter.tryAcquire()!!
                val one = limiter.acquire()
                val two = limiter.acquire()
                val seen = one.thenApply { runCatching { two.soon() }.isSuccess }
                pool.submit { limiter.setConcurrent(3) }
                seen.soon() shouldBe true
                permit.close()
            }
        }

        test("a coroutine without a dispatcher may wait for who was granted a permit together with it") {
            withThreads(1) { pool ->
                val limiter = Limiter.concurrent(1)
                val permit = limiter.tryAcquire()!!
                val second = CompletableFuture<Unit>()
                val first =
                    SuspendCaller(Dispatchers.Unconfined) {
                        limiter.withPermit { runCatching { second.soon() }.isSuccess }
                    }
                val other = limiter.acquire().thenAccept { second.complete(Unit).let { _ -> it.close() } }
                pool.submit { limiter.setConcurrent(3) }
                first.value() shouldBe true
                other.soon()
                permit.close()
            }
        }

        for (where in listOf("elsewhere", "on the very thread that calls")) {
            test("100 gathers that never suspend need no thread, though that is busy $where") {
                withThreads(1) { pool ->
                    onThreads(1) { thread ->
                        val busy = CountDownLatch(1)
                        val ended = CompletableFuture<Result<Int>>()
                        val calls = {
                            var count = 0
                            ended.complete(
                                runCatching {
                                    repeat(100) {
                                        val values =
                                            CoroutineScope(thread)
                                                .async(start = CoroutineStart.UNDISPATCHED) { ITEMS.gather { it } }
                                                .asCompletableFuture()
                                        withClue("gather $it") { values.soon() shouldBe ITEMS }
                                        count++
                                    }
                                    count
                                },
                            )
                        }
                        val isBusy = CompletableFuture<Unit>()
                        SuspendCaller(thread) {
                            isBusy.complete(Unit)
                            if (where == "elsewhere") busy.await() else calls()
                        }
                        isBusy.soon()
                        if (where == "elsewhere") pool.submit { calls() }
                        try {
                            SuspendCaller(
                                Dispatchers.Unconfined,
                            ) { ended.get(2 * SECONDS, TimeUnit.SECONDS).getOrThrow() }
                                .value() shouldBe 100
                        } finally {
                            busy.countDown()
                        }
                    }
                }
            }
        }

        val rated: Map<String, Rated> =
            mapOf(
                "gather" to { limiter -> ITEMS.gather(limiter = limiter, timeout = 5.seconds) { it } },
                "gatherSettled" to { limiter ->
                    ITEMS.gatherSettled(limiter = limiter, timeout = 5.seconds) { it }.map { it.getOrThrow() }
                },
                "gatherAsCompleted" to { limiter ->
                    ITEMS
                        .gatherAsCompleted(limiter = limiter, timeout = 5.seconds) { it }
                        .toList()
                        .map { it.getOrThrow() }
                },
                "Flow.gather" to { limiter ->
                    ITEMS.asFlow().gather(limit = 3, limiter = limiter, timeout = 5.seconds) { it }.toList()
                },
            )
        for ((form, call) in rated) {
            test("a rate passes in virtual time, as everything in a coroutine does: $form") {
                runTest {
                    call(Limiter.perSecond(1.0)) shouldBe ITEMS
                    currentTime shouldBe 2_000L
                }
            }
        }

        test("a rate passes in virtual time for who asks for a permit") {
            runTest {
                val limiter = Limiter.perSecond(1.0)
                val times = ArrayList<Long>()
                List(3) { launch { limiter.withPermit { times += currentTime } } }.forEach { it.join() }
                times shouldBe listOf(0L, 1_000L, 2_000L)
            }
        }

        test("what a result and a listener are told of time is virtual time") {
            runTest {
                val heard = ConcurrentLinkedQueue<Duration>()
                val listener =
                    object : GatherListener {
                        override fun onEnd(
                            index: Int,
                            taskName: String?,
                            outcome: Outcome<*>,
                            elapsed: Duration,
                        ) {
                            heard += elapsed
                        }
                    }
                val expected = ITEMS.map { Duration.ofSeconds(it.toLong()) }
                val body: suspend (Int) -> Int = { it.also { delay(it.seconds) } }
                ITEMS
                    .gatherAsCompleted(
                        options = gatherOptions(listener = listener),
                        body = body,
                    ).toList()
                    .map { it.elapsed } shouldBe
                    expected
                ITEMS
                    .asFlow()
                    .gatherAsCompleted(limit = 3, options = gatherOptions(listener = listener), body = body)
                    .toList()
                    .map { it.elapsed } shouldBe expected
                ITEMS.gather(options = gatherOptions(listener = listener), body = body)
                heard.toList() shouldBe expected + expected + expected
            }
        }
    })

private val ITEMS = listOf(1, 2, 3)

/** An element that takes its time when somebody looks for the permit of a body among those of the caller. */
private class Slow(
    private val looks: CompletableFuture<Unit>,
    private val goOn: CompletableFuture<Unit>,
) : AbstractCoroutineContextElement(Slow) {
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? {
        if (isArmed && key.javaClass.name.contains("HeldPermit")) {
            isArmed = false
            looks.complete(Unit)
            goOn.soon()
        }
        return super.get(key)
    }

    companion object : CoroutineContext.Key<Slow> {
        @Volatile var isArmed = false
    }
}
