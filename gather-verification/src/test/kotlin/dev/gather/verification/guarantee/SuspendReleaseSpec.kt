package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherAtLeast
import dev.gather.coroutines.gatherSettled
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import java.util.concurrent.TimeoutException
import kotlin.time.Duration.Companion.seconds

/** Guarantee 55 through the suspend door: a value that nobody gets is released, exactly once, before the end. */
class SuspendReleaseSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        /** Has a value whatever happens, after so many seconds. */
        suspend fun Store.makeIn(
            seconds: Int,
            id: Int,
        ): Goods = withContext(NonCancellable) { delay(seconds.seconds).let { make(id) } }

        test("a call that fails: what the others had, or still come to, is released before it throws") {
            for (policy in listOf(FailurePolicy.CANCEL_OTHERS, FailurePolicy.AWAIT_OTHERS)) {
                runTest {
                    val store = Store()
                    shouldThrow<IllegalStateException> {
                        listOf(1, 2, 3).gather(onFailure = policy, release = store::release) {
                            if (it == 2) delay(2.seconds).let { error("no") }
                            store.makeIn(it, it)
                        }
                    }
                    store.released shouldContainExactlyInAnyOrder listOf(1, 3)
                }
            }
        }

        test("lambdas, a map, deferreds and tasks of different types") {
            runTest {
                val store = Store()
                val bad: suspend () -> Goods = { delay(1.seconds).let { error("no") } }
                shouldThrow<IllegalStateException> {
                    gather({ store.make(1) }, bad, release = { store.release(it) })
                }
                shouldThrow<IllegalStateException> {
                    mapOf("a" to suspend { store.make(2) }, "b" to bad).gather(release = store::release)
                }
                shouldThrow<IllegalStateException> {
                    gather({ store.make(3) }, bad, release = { store.release(it as Goods) }) { a, b -> a to b }
                }
                val owner = CoroutineScope(currentCoroutineContext() + Job())
                val running =
                    listOf(owner.async { store.make(4) }, owner.async { bad() }, owner.async { store.make(5) })
                shouldThrow<IllegalStateException> { running.gather(release = store::release) }
                store.released shouldContainExactlyInAnyOrder listOf(1, 2, 3, 4, 5)
            }
        }

        test("a deferred that stands in several places is released once") {
            runTest {
                val store = Store()
                val owner = CoroutineScope(currentCoroutineContext() + Job())
                val one = owner.async { store.make(1) }
                val bad = owner.async<Goods> { delay(1.seconds).let { error("no") } }
                shouldThrow<IllegalStateException> { listOf(one, one, bad).gather(release = store::release) }
                store.released shouldBe listOf(1)
            }
        }

        test("a caller that is cancelled gets nothing, so all is released before the call ends") {
            runTest {
                val store = Store()
                val caller = launch {
                    listOf(1, 5).gatherSettled(release = store::release) { store.makeIn(it, it) }
                }
                delay(2.seconds)
                caller.cancelAndJoin()
                store.released shouldContainExactlyInAnyOrder listOf(1, 5)
            }
        }

        test("gatherAny and gatherAtLeast release what is beside those that count") {
            runTest {
                val store = Store()
                listOf(1, 2, 3).gatherAny(release = store::release) { store.makeIn(it, it) }.id shouldBe 1
                store.released shouldContainExactlyInAnyOrder listOf(2, 3)
                listOf(4, 5, 6)
                    .gatherAtLeast(2, release = store::release) { store.makeIn(it, it) }
                    .map { it.getOrThrow().id } shouldBe listOf(4, 5)
                store.released shouldContainExactlyInAnyOrder listOf(2, 3, 6)
                shouldThrow<IllegalStateException> {
                    listOf(7, 8).gatherAtLeast(2, release = store::release) {
                        if (it == 8) delay(9.seconds).let { error("no") }
                        store.makeIn(it, it)
                    }
                }
                store.released shouldContainExactlyInAnyOrder listOf(2, 3, 6, 7)
            }
        }

        test("at the deadline gather releases what there was, and gatherSettled delivers that") {
            runTest {
                val store = Store()
                val failure = shouldThrow<GatherTimeoutException> {
                    listOf(1, 3).gather(timeout = 2.seconds, release = store::release) { store.makeIn(it, it) }
                }
                failure.outcomes() shouldBe
                    listOf(
                        Outcome.Cancelled<Any?>(CancelReason.RELEASED, true),
                        Outcome.Cancelled(CancelReason.TIMEOUT, true),
                    )
                store.released shouldContainExactlyInAnyOrder listOf(1, 3)
                listOf(1, 3)
                    .gatherSettled(timeout = 2.seconds, release = store::release) { store.makeIn(it, it) }
                    .map { it.isSuccess } shouldBe listOf(true, false)
                store.released shouldContainExactlyInAnyOrder listOf(1, 3, 3)
            }
        }

        test("a value that comes after the deadline of its task is released") {
            runTest {
                val store = Store()
                val outcome = listOf(2)
                    .gatherSettled(taskTimeout = 1.seconds, release = store::release) {
                        store.makeIn(it, it)
                    }.single()
                (outcome as Outcome.Failure).cause::class shouldBe TimeoutException::class
                store.released shouldBe listOf(2)
            }
        }

        test("a body whose own job was cancelled, or whose child has failed, gives back what it returned") {
            runTest {
                val store = Store()
                val outcomes = listOf(1, 2).gatherSettled(release = store::release) {
                    if (it == 1) currentCoroutineContext().job.cancel()
                    if (it == 2) CoroutineScope(currentCoroutineContext()).launch { error("child") }
                    store.make(it)
                }
                outcomes.map { it.isSuccess } shouldBe listOf(false, false)
                store.released shouldContainExactlyInAnyOrder listOf(1, 2)
            }
        }

        test("what is left to run by LEAVE_OTHERS is released when it comes") {
            runTest {
                val store = Store()
                val owner = CoroutineScope(currentCoroutineContext() + Job(currentCoroutineContext().job))
                shouldThrow<IllegalStateException> {
                    listOf(
                        1,
                        2,
                        3,
                    ).gather(onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner, release = store::release) {
                        if (it == 2) delay(2.seconds).let { error("no") }
                        store.makeIn(it, it)
                    }
                }
                store.released shouldBe listOf(1)
                owner.coroutineContext.job.children
                    .forEach { it.join() }
                store.released shouldBe listOf(1, 3)
                owner.coroutineContext.job.cancel()
            }
        }

        test("a flow whose collector has enough releases the rest") {
            runTest {
                for (limit in listOf(1, 3)) {
                    val store = Store()
                    val taken = (0 until 10)
                        .asFlow()
                        .gather(
                            limit = limit,
                            release = store::release,
                        ) { store.makeIn(1, it) }
                        .take(2)
                        .toList()
                        .map { it.id }
                    taken shouldBe listOf(0, 1)
                    store.everyOneIsEither(taken)
                    val other = Store()
                    val first = (0 until 10)
                        .toList()
                        .gatherAsCompleted(limit = limit, release = other::release) {
                            other.makeIn(1, it)
                        }.first()
                    other.everyOneIsEither(listOf(first.getOrThrow().id))
                }
            }
        }

        test("a flow that fails, or whose collector is cancelled, releases what has not been emitted") {
            runTest {
                val store = Store()
                val taken = ArrayList<Int>()
                shouldThrow<IllegalStateException> {
                    (0 until 4)
                        .asFlow()
                        .gather(limit = 4, release = store::release) {
                            if (it == 2) delay(2.seconds).let { error("no") }
                            store.makeIn(1, it)
                        }.collect { taken += it.id }
                }
                taken shouldBe listOf(0, 1)
                store.everyOneIsEither(taken)
            }
            runTest {
                val store = Store()
                val taken = ArrayList<Int>()
                val caller = launch {
                    (0 until 4).asFlow().gather(limit = 4, release = store::release) { store.makeIn(it, it) }.collect {
                        taken += it.id
                        if (it.id == 1) awaitCancellation()
                    }
                }
                delay(10.seconds)
                caller.cancelAndJoin()
                store.everyOneIsEither(taken)
            }
        }

        test("what the hook throws is suppressed, and holds up no other") {
            runTest {
                val store = Store()
                val failure = shouldThrow<IllegalStateException> {
                    listOf(1, 2, 3).gather(
                        onFailure = FailurePolicy.AWAIT_OTHERS,
                        release = { goods: Goods ->
                            store.release(goods)
                            error("cannot close ${goods.id}")
                        },
                    ) {
                        check(it < 3) { "no" }
                        store.make(it)
                    }
                }
                store.released shouldBe listOf(1, 2)
                failure.suppressed.map { it.message } shouldBe listOf("cannot close 1", "cannot close 2")
            }
        }

        test("what is delivered is not released, nor is null") {
            runTest {
                val store = Store()
                listOf(1).gather(release = store::release) { store.make(it) }
                gatherSettled({ store.make(2) }, release = store::release)
                gatherAny({ store.make(3) }, release = store::release)
                (4..9).asFlow().gather(limit = 2, release = store::release) { store.make(it) }.toList()
                shouldThrow<GatherException> {
                    listOf(1, 2).gather(onFailure = FailurePolicy.AWAIT_OTHERS, release = { _: Goods? ->
                        store.release(Goods(0))
                    }) {
                        if (it == 2) throw kotlin.coroutines.cancellation.CancellationException("mine")
                        null
                    }
                }
                store.released shouldBe emptyList()
            }
        }

        test("on real threads each value is delivered or released, whenever the cancel comes") {
            repeat(300) { round ->
                val store = Store()
                val got = CompletableDeferred<List<Int>>()
                val caller = CoroutineScope(Dispatchers.Default).launch(start = CoroutineStart.LAZY) {
                    val values = (0 until 8).toList().gather(limit = 4, release = store::release) {
                        if (it % 2 == 0) delay(1)
                        store.make(it)
                    }
                    got.complete(values.map { it.id })
                }
                caller.start()
                store.awaitMade(round % 8)
                kotlinx.coroutines.runBlocking { caller.cancelAndJoin() }
                got.complete(emptyList())
                store.everyOneIsEither(kotlinx.coroutines.runBlocking { got.await() })
            }
        }
    })
