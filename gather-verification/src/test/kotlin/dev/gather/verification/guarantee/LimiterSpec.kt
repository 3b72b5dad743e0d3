package dev.gather.verification.guarantee

import dev.gather.Limiter
import dev.gather.coroutines.gather
import dev.gather.coroutines.withPermit
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import dev.gather.verification.race.patiently
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

class LimiterSpec :
    BothDoors({
        // ---- bounds and order

        for (max in listOf(1, 2, 7, 8)) {
            both("of 7 that come one after the other as many run as $max permits allow, and the next in turn") { door ->
                val limiter = Limiter.concurrent(max)
                val gauge = Gauge()
                val pieces = List(7) { Piece<Int>().measuredBy(gauge) }
                val running = pieces.map { door.arrive(limiter, it) }
                for (i in pieces.indices) {
                    pieces.take(i + max).forEach { it.started.soon() }
                    limiter.active() shouldBe minOf(max, 7 - i)
                    limiter.waiting() shouldBe maxOf(0, 7 - i - max)
                    door.letThingsHappen()
                    pieces.drop(i + max).count { it.timesRun > 0 } shouldBe 0
                    pieces[i].returns(i)
                    running[i].end() shouldBe End.Value(i)
                }
                gauge.max shouldBe minOf(max, 7)
                limiter.shouldBeFree()
            }
        }

        test("first come, first served, whichever door they come through (both)") {
            val limiter = Limiter.concurrent(1)
            val order = ConcurrentLinkedQueue<Int>()
            val first = Piece<Int>()
            val holds = JavaDoor.arrive(limiter, first)
            val others =
                List(20) { i ->
                    val piece = value(i)
                    piece.started.thenRun { order.add(i) }
                    Door.both[i % 2].arrive(limiter, piece)
                }
            limiter.waiting() shouldBe 20
            first.returns(-1)
            (listOf(holds) + others).forEachIndexed { i, it -> it.end() shouldBe End.Value(i - 1) }
            order.toList() shouldBe List(20) { it }
        }

        both("of 2,000 short tasks in two gathers never more than 3 have a permit") { door ->
            val limiter = Limiter.concurrent(3)
            val gauge = Gauge()
            val running = List(2) { door.crowd(limiter, gauge) }
            running.forEach { it.end() shouldBe End.Value(List(1_000) { i -> i }) }
            gauge.max shouldBeLessThanOrEqual 3
            limiter.shouldBeFree()
        }

        test("one limiter bounds the gathers of both doors together (both)") {
            val limiter = Limiter.concurrent(2)
            val gauge = Gauge()
            val running = Door.both.map { it.crowd(limiter, gauge) }
            running.forEach { it.end() shouldBe End.Value(List(1_000) { i -> i }) }
            gauge.max shouldBeLessThanOrEqual 2
            limiter.shouldBeFree()
        }

        both("a burst goes at once, the rest when the rate allows") { door ->
            val limiter = Limiter.perSecond(NEVER, 3)
            val pieces = List(4) { Piece<Int>() }
            val running = pieces.map { door.arrive(limiter, it) }
            pieces.take(3).forEach { it.started.soon() }
            door.letThingsHappen()
            limiter.waiting() shouldBe 1
            limiter.setPerSecond(ALWAYS)
            pieces[3].started.soon()
            limiter.active() shouldBe 4
            pieces.forEachIndexed { i, piece -> piece.returns(i) }
            running.forEachIndexed { i, it -> it.end() shouldBe End.Value(i) }
            limiter.shouldBeFree()
        }

        both("with both bounds each is kept") { door ->
            val limiter = Limiter.concurrent(2).andPerSecond(NEVER, 3)
            val pieces = List(4) { Piece<Int>() }
            val running = pieces.map { door.arrive(limiter, it) }
            pieces.take(2).forEach { it.started.soon() }
            door.letThingsHappen()
            limiter.waiting() shouldBe 2
            pieces[0].returns(0)
            pieces[2].started.soon() // the third of the burst
            pieces[1].returns(1)
            running[1].end()
            door.letThingsHappen()
            limiter.active() shouldBe 1
            limiter.setPerSecond(ALWAYS)
            pieces[3].started.soon()
            pieces.drop(2).forEachIndexed { i, piece -> piece.returns(i + 2) }
            running.forEachIndexed { i, it -> it.end() shouldBe End.Value(i) }
            limiter.shouldBeFree()
        }

        // ---- resized while running

        both("more permits are for those that wait, fewer take nothing from anybody") { door ->
            val limiter = Limiter.concurrent(1)
            val pieces = List(6) { Piece<Int>() }
            val running = pieces.map { door.arrive(limiter, it) }
            limiter.setConcurrent(4)
            pieces.take(4).forEach { it.started.soon() }
            limiter.setConcurrent(2)
            limiter.active() shouldBe 4
            pieces.take(2).forEach { it.returns(0) }
            running.take(2).forEach { it.end() }
            door.letThingsHappen()
            pieces[4].timesRun shouldBe 0
            pieces[2].returns(0)
            pieces[4].started.soon()
            door.letThingsHappen()
            pieces[5].timesRun shouldBe 0
            pieces.forEach { it.returns(0) }
            running.forEach { it.end() }
            limiter.shouldBeFree()
        }

        // ---- whoever gives up

        both("a waiter that is cancelled leaves nothing behind") { door ->
            val limiter = Limiter.concurrent(1)
            val pieces = List(3) { Piece<Int>() }
            val running = pieces.map { door.arrive(limiter, it) }
            running[1].cancel()
            running[1].end() shouldBe End.Cancelled
            running[1].awaitTerminated()
            limiter.waiting() shouldBe 1
            pieces[0].returns(0)
            pieces[2].started.soon()
            pieces[2].returns(2)
            running[2].end() shouldBe End.Value(2)
            pieces[1].timesRun shouldBe 0
            limiter.shouldBeFree()
        }

        both("a waiter for the rate that is cancelled leaves nothing behind") { door ->
            val limiter = Limiter.perSecond(NEVER)
            limiter.tryAcquire()!!.close()
            val piece = Piece<Int>()
            val running = door.arrive(limiter, piece)
            running.cancel()
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            limiter.shouldBeFree()
        }

        both("one that is cancelled with a permit gives it back when it has cleaned up") { door ->
            val limiter = Limiter.concurrent(1)
            val piece = Piece<Int>().cleaningUp()
            val next = Piece<Int>()
            val running = door.arrive(limiter, piece)
            val waits = door.arrive(limiter, next)
            running.cancel()
            piece.noticed.soon()
            door.letThingsHappen()
            next.timesRun shouldBe 0
            piece.finishCleanup()
            next.started.soon()
            next.returns(1)
            running.end() shouldBe End.Cancelled
            waits.end() shouldBe End.Value(1)
        }

        both("what fails gives its permit back, and throws the same instance") { door ->
            val limiter = Limiter.concurrent(1)
            for (error in listOf(IllegalStateException("boom"), java.io.IOException("boom"), AssertionError("boom"))) {
                val early = door.under(limiter, failure<Int>(error)).end()
                early.shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
                val piece = Piece<Int>()
                val running = door.arrive(limiter, piece)
                piece.throws(error)
                running.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
                limiter.shouldBeFree()
            }
        }

        both("null is a value") { door ->
            val running = door.under(Limiter.concurrent(1), value<Int?>(null))
            running.end() shouldBe End.Value(null)
        }

        // ---- nesting

        fun blocking(
            limiter: Limiter,
            depth: Int,
        ): Int =
            limiter.call {
                limiter.active() shouldBe 1
                if (depth == 1) 1 else blocking(limiter, depth - 1) + 1
            }

        suspend fun suspending(
            limiter: Limiter,
            depth: Int,
        ): Int =
            limiter.withPermit {
                limiter.active() shouldBe 1
                yield()
                if (depth == 1) 1 else suspending(limiter, depth - 1) + 1
            }

        fun nested(
            door: Door,
            limiter: Limiter,
            depth: Int,
        ): Running<Int> =
            if (door === KotlinDoor) {
                KotlinDoor.start { suspending(limiter, depth) }
            } else {
                one { blocking(limiter, depth) }
            }

        for (depth in listOf(1, 2, 100)) {
            both("work in $depth levels borrows the one permit there is") { door ->
                val limiter = Limiter.concurrent(1)
                nested(door, limiter, depth).end() shouldBe End.Value(depth)
                limiter.shouldBeFree()
            }
        }

        both("as many nests as there are permits go on, and the others after them") { door ->
            val limiter = Limiter.concurrent(2)
            val gauge = Gauge()
            val running = List(20) { door.nest(limiter, List(3) { i -> value(i).measuredBy(gauge) }) }
            running.forEach { it.end() shouldBe End.Value(listOf(0, 1, 2)) }
            gauge.max shouldBeLessThanOrEqual 2
            limiter.shouldBeFree()
        }

        both("a permit is lent to one at a time") { door ->
            val limiter = Limiter.concurrent(1)
            val pieces = List(2) { Piece<Int>() }
            val running = door.nest(limiter, pieces)
            patiently("one inside") { pieces.any { it.timesRun > 0 } && limiter.waiting() == 1 }
            door.letThingsHappen()
            val first = pieces.single { it.timesRun > 0 }
            limiter.active() shouldBe 1
            first.returns(0)
            (pieces - first).single().started.soon()
            pieces.forEach { it.returns(0) }
            running.end() shouldBe End.Value(listOf(0, 0))
            limiter.shouldBeFree()
        }

        both("beside the loan a free permit is taken") { door ->
            val limiter = Limiter.concurrent(2)
            val pieces = List(2) { Piece<Int>() }
            val running = door.nest(limiter, pieces)
            pieces.forEach { it.started.soon() }
            limiter.active() shouldBe 2
            pieces.forEachIndexed { i, piece -> piece.returns(i) }
            running.end() shouldBe End.Value(listOf(0, 1))
            limiter.shouldBeFree()
        }

        both("whoever borrows does not wait behind those who wait for the permit") { door ->
            val limiter = Limiter.concurrent(1)
            val gate = Piece<Int>()
            val inner = Piece<Int>()
            val running = door.nest(limiter, listOf(inner), gate)
            gate.started.soon()
            val stranger = Piece<Int>()
            val waits = door.arrive(limiter, stranger)
            limiter.waiting() shouldBe 1
            gate.returns(0)
            inner.started.soon()
            stranger.timesRun shouldBe 0
            inner.returns(1)
            running.end() shouldBe End.Value(listOf(1))
            stranger.started.soon()
            stranger.returns(2)
            waits.end() shouldBe End.Value(2)
        }

        both("whoever borrows waits for the rate") { door ->
            val limiter = Limiter.concurrent(1).andPerSecond(NEVER)
            val inner = Piece<Int>()
            val running = door.nest(limiter, listOf(inner))
            patiently("the arrival inside") { limiter.waiting() == 1 }
            door.letThingsHappen()
            inner.timesRun shouldBe 0
            limiter.setPerSecond(ALWAYS)
            inner.started.soon()
            inner.returns(1)
            running.end() shouldBe End.Value(listOf(1))
            limiter.shouldBeFree()
        }

        both("a nest that is cancelled leaves nothing behind") { door ->
            val limiter = Limiter.concurrent(1)
            val pieces = List(3) { Piece<Int>() }
            val running = door.nest(limiter, pieces)
            patiently("those inside") { limiter.waiting() == 2 && pieces.any { it.timesRun > 0 } }
            running.cancel()
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            patiently("the end of those inside") { limiter.active() == 0 }
            limiter.shouldBeFree()
        }

        // ---- threads

        both("nobody who waited for the rate goes on in a timer thread") { door ->
            val limiter = Limiter.perSecond(NEVER)
            limiter.tryAcquire()!!.close()
            val threads = ConcurrentLinkedQueue<String>()
            val futures =
                List(3) {
                    if (door === KotlinDoor) {
                        CoroutineScope(Dispatchers.Unconfined)
                            .async { limiter.withPermit { threads.add(Thread.currentThread().name) } }
                            .asCompletableFuture()
                    } else {
                        limiter.acquire().thenAccept { permit ->
                            permit.use { threads.add(Thread.currentThread().name) }
                        }
                    }
                }
            limiter.waiting() shouldBe 3
            limiter.setPerSecond(200.0)
            futures.forEach { it.soon() }
            threads.size shouldBe 3
            // The test's own, if it is held up for so long that the rate allows one at once.
            threads.filterNot { it.startsWith("gather-daemon-") || it == Thread.currentThread().name }.shouldBeEmpty()
        }

        // ---- Kotlin

        test("a caller that had been cancelled before has no permit (Kotlin)") {
            val limiter = Limiter.concurrent(1)
            val ran = AtomicInteger()
            val thrown = CompletableFuture<Throwable>()
            CoroutineScope(Dispatchers.Default).launch {
                currentCoroutineContext().cancel()
                try {
                    limiter.withPermit { ran.incrementAndGet() }
                } catch (e: CancellationException) {
                    thrown.complete(e)
                }
            }
            thrown.soon()
            ran.get() shouldBe 0
            limiter.shouldBeFree()
        }

        test("what the block returns is returned, also when the caller has been cancelled meanwhile (Kotlin)") {
            val limiter = Limiter.concurrent(1)
            val value = CompletableFuture<Int>()
            CoroutineScope(Dispatchers.Default).launch {
                value.complete(
                    limiter.withPermit {
                        currentCoroutineContext().cancel()
                        7
                    },
                )
            }
            value.soon() shouldBe 7
            limiter.shouldBeFree()
        }

        test("the block runs in the context and the job of the caller (Kotlin)") {
            runTest {
                val here = currentCoroutineContext()
                Limiter.concurrent(1).withPermit {
                    currentCoroutineContext()[Job] shouldBeSameInstanceAs here[Job]
                    yield()
                    currentCoroutineContext()[Job] shouldBeSameInstanceAs here[Job]
                }
            }
        }

        test("with 2 permits five that take a second each take three, in virtual time (Kotlin)") {
            runTest {
                val limiter = Limiter.concurrent(2)
                coroutineScope { repeat(5) { launch { limiter.withPermit { delay(1.seconds) } } } }
                currentTime shouldBe 3_000
                limiter.shouldBeFree()
            }
        }

        test("tasks that a block gathers borrow one after the other (Kotlin)") {
            runTest {
                val limiter = Limiter.concurrent(1)
                val order = ArrayList<Int>()
                limiter.withPermit {
                    (0 until 5).gather {
                        limiter.withPermit {
                            order += it
                            yield()
                        }
                    }
                }
                order shouldBe listOf(0, 1, 2, 3, 4)
                limiter.shouldBeFree()
            }
        }

        test("a coroutine that outlives the block that launched it waits like everybody (Kotlin)") {
            val limiter = Limiter.concurrent(1)
            val gate = CompletableDeferred<Unit>()
            val job = Job()
            val late =
                limiter.withPermit {
                    CoroutineScope(currentCoroutineContext() + job + Dispatchers.Default).async {
                        gate.await()
                        limiter.withPermit { limiter.active() }
                    }
                }
            val permit = limiter.tryAcquire()!!
            gate.complete(Unit)
            patiently("the arrival") { limiter.waiting() == 1 }
            permit.close()
            late.await() shouldBe 1
            job.cancel()
            limiter.shouldBeFree()
        }

        test("several limiters nest in one coroutine (Kotlin)") {
            val one = Limiter.concurrent(1)
            val two = Limiter.concurrent(1)
            one.withPermit {
                two.withPermit { one.withPermit { two.withPermit { one.active() + two.active() } } }
            } shouldBe 2
            one.shouldBeFree()
            two.shouldBeFree()
        }

        test("a coroutine on a thread that holds a permit borrows it (both)") {
            val limiter = Limiter.concurrent(1)
            val value = limiter.call { runBlocking { limiter.withPermit { limiter.active() } } }
            value shouldBe 1
            limiter.shouldBeFree()
        }

        // ---- Java

        test("a stage that is asked for with a permit in hand borrows it (Java)") {
            val limiter = Limiter.concurrent(1)
            val outer = limiter.acquire().await()
            val stranger = limiter.acquire()
            val inner = limiter.acquire(outer)
            inner.isDone shouldBe true
            inner.await().close()
            outer.close()
            stranger.soon().close()
            limiter.shouldBeFree()
        }
    })

/** A permit in eleven days, and as many as anybody wants. */
private const val NEVER = 1e-6
private const val ALWAYS = 1e9

private fun Limiter.shouldBeFree() {
    active() shouldBe 0
    waiting() shouldBe 0
}

/** A gather of one blocking body. */
private fun <T> one(body: () -> T): Running<T> =
    JavaRunning(Gather.of(Task.of { body() }).all().thenApply { it.single() } as GatherFuture<T>)

/** Runs a piece with a permit. */
private fun <T> Door.under(
    limiter: Limiter,
    piece: Piece<T>,
): Running<T> =
    if (this === KotlinDoor) {
        KotlinDoor.start { limiter.withPermit { piece.suspending() } }
    } else {
        one { limiter.call { piece.block() } }
    }

/** The same, and returns when it has its permit or waits for it. */
private fun <T> Door.arrive(
    limiter: Limiter,
    piece: Piece<T>,
): Running<T> {
    val before = limiter.waiting()
    return under(limiter, piece).also {
        patiently("the arrival") { piece.started.isDone || limiter.waiting() > before }
    }
}

/** Runs pieces concurrently with a permit each, inside of work that has one itself; after [gate]. */
private fun <T> Door.nest(
    limiter: Limiter,
    pieces: List<Piece<T>>,
    gate: Piece<*> = value(0),
): Running<List<T>> =
    if (this === KotlinDoor) {
        KotlinDoor.start {
            limiter.withPermit {
                gate.suspending()
                pieces.gather { limiter.withPermit { it.suspending() } }
            }
        }
    } else {
        one {
            limiter.call {
                gate.block()
                val held = limiter.held()!!
                val inside = Gather.each(pieces) { it: Piece<T> -> held.call { limiter.call { it.block() } } }.all()
                try {
                    inside.get()
                } catch (e: InterruptedException) {
                    inside.cancel(true)
                    inside.terminated().join()
                    throw e
                }
            }
        }
    }

/** A gather of 1,000 short tasks, 32 at a time, each of which wants a permit. */
private fun Door.crowd(
    limiter: Limiter,
    gauge: Gauge,
): Running<List<Int>> {
    val items = List(1_000) { it }
    return if (this === KotlinDoor) {
        KotlinDoor.start {
            items.gather(limit = 32) {
                limiter.withPermit {
                    gauge.enter()
                    yield()
                    gauge.exit()
                    it
                }
            }
        }
    } else {
        JavaRunning(
            Gather
                .each(items) { it: Int ->
                    limiter.call {
                        gauge.enter()
                        Thread.yield()
                        gauge.exit()
                        it
                    }
                }.limit(32)
                .all(),
        )
    }
}
