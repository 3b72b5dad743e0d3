package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.GatherTimeoutException
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.withPermit
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.race.patiently
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.seconds

/** Gathers under a limiter that they share. */
class LimitedGatherSpec :
    BothDoors({
        fun Limiter.shouldBeFree() {
            active() shouldBe 0
            waiting() shouldBe 0
        }

        both("several gathers under one limiter run no more at the same time than it grants, and as many") { door ->
            val limiter = Limiter.concurrent(3)
            val gauge = Gauge()
            val pieces = List(6) { Piece<Int>().measuredBy(gauge) }
            val running = pieces.chunked(3).map { door.all(it, How(limiter = limiter)) }
            while (pieces.count { it.started.isDone } < 3) Thread.onSpinWait()
            door.letThingsHappen()
            pieces.count { it.started.isDone } shouldBe 3
            pieces.forEachIndexed { index, piece -> piece.returns(index) }
            running.map { (it.end() as End.Value).value }.flatten() shouldBe List(6) { it }
            gauge.max shouldBe 3
            limiter.shouldBeFree()
        }

        every("10,000 tasks under a limiter come through, in order, and no more at a time than it grants") { door ->
            for (max in listOf(1, 4)) {
                val limiter = Limiter.concurrent(max)
                val gauge = Gauge()
                val body = { it: Int -> value(it).measuredBy(gauge) }
                door.each(0 until 10_000, How(limiter = limiter), body).end() shouldBe End.Value(List(10_000) { it })
                gauge.max shouldBeLessThanOrEqual max
                limiter.shouldBeFree()
            }
        }

        both("permits come back from tasks that fail, are cancelled or never start") { door ->
            val limiter = Limiter.concurrent(2)
            val pieces = List(4) { Piece<Int>() }
            val failing = door.all(pieces, How(limiter = limiter))
            while (pieces.count { it.started.isDone } < 2) Thread.onSpinWait()
            pieces.first { it.started.isDone }.throws(IOException())
            failing.end().shouldBeInstanceOf<End.Failed>()
            limiter.shouldBeFree()

            val others = List(4) { Piece<Int>() }
            val cancelled = door.all(others, How(limiter = limiter))
            while (others.count { it.started.isDone } < 2) Thread.onSpinWait()
            cancelled.cancel()
            cancelled.awaitTerminated()
            limiter.shouldBeFree()
        }

        both("a gather that waits for its first permit can be cancelled, and leaves nothing behind") { door ->
            val limiter = Limiter.concurrent(1)
            val held = limiter.acquire().soon()
            val piece = Piece<Int>()
            val running = door.all(listOf(piece), How(limiter = limiter))
            while (limiter.waiting() == 0) Thread.onSpinWait()
            running.cancel()
            running.end() shouldBe End.Cancelled
            running.awaitTerminated()
            limiter.waiting() shouldBe 0
            held.close()
            limiter.shouldBeFree()
            piece.timesRun shouldBe 0
        }

        both("a deadline reaches a gather that waits for a permit") { door ->
            val limiter = Limiter.concurrent(1)
            limiter.acquire().soon().use {
                val running = door.all(listOf(Piece<Int>()), How(limiter = limiter, timeout = SHORT))
                running
                    .end()
                    .shouldBeInstanceOf<End.Failed>()
                    .cause
                    .shouldBeInstanceOf<GatherTimeoutException>()
                limiter.waiting() shouldBe 0
            }
            limiter.shouldBeFree()
        }

        both("a large gather does not stand before everybody else in the queue") { door ->
            val limiter = Limiter.concurrent(1)
            val pieces = List(3) { Piece<Int>() }
            val running = door.all(pieces, How(limiter = limiter))
            pieces[0].started.soon()
            while (limiter.waiting() == 0) Thread.onSpinWait()
            val other = limiter.acquire()
            pieces[0].returns(0)
            pieces[1].started.soon()
            pieces[1].returns(1)
            other.soon()
            door.letThingsHappen()
            pieces[2].timesRun shouldBe 0
            other.join().close()
            pieces[2].returns(2)
            running.end() shouldBe End.Value(listOf(0, 1, 2))
            limiter.shouldBeFree()
        }

        both("no more tasks start than the rate has permits for") { door ->
            val limiter = Limiter.perSecond(1e-6, 2)
            val pieces = List(4) { Piece<Int>() }
            val running = door.all(pieces, How(limiter = limiter))
            pieces[0].started.soon()
            pieces[1].started.soon()
            door.letThingsHappen()
            pieces.drop(2).sumOf { it.timesRun } shouldBe 0
            running.cancel()
            running.awaitTerminated()
            limiter.shouldBeFree()
        }

        both("a limiter that grows lets more tasks start, one that shrinks fewer") { door ->
            val limiter = Limiter.concurrent(1)
            val pieces = List(4) { Piece<Int>() }
            val running = door.all(pieces, How(limiter = limiter))
            pieces[0].started.soon()
            limiter.setConcurrent(3)
            pieces.take(3).forEach { it.started.soon() }
            limiter.setConcurrent(1)
            pieces[0].returns(0)
            pieces[1].returns(1)
            door.letThingsHappen()
            pieces[3].timesRun shouldBe 0
            pieces[2].returns(2)
            pieces[3].returns(3)
            running.end() shouldBe End.Value(listOf(0, 1, 2, 3))
        }

        for (depth in listOf(1, 100)) {
            test("tasks that gather under their own limiter end, $depth deep (Java)") {
                val limiter = Limiter.concurrent(1)

                fun once(level: Int): Int =
                    if (level ==
                        0
                    ) {
                        0
                    } else {
                        Gather
                            .of(Task.of { once(level - 1) })
                            .limiter(limiter)
                            .all()
                            .soon()
                            .single() + 1
                    }
                Gather
                    .of(Task.of { once(depth) })
                    .limiter(limiter)
                    .all()
                    .soon() shouldBe listOf(depth)
                limiter.shouldBeFree()
            }

            test("tasks that gather under their own limiter end, $depth deep (Kotlin)") {
                val limiter = Limiter.concurrent(1)

                suspend fun once(level: Int): Int =
                    if (level == 0) 0 else gather({ once(level - 1) }, limiter = limiter).single() + 1
                runBlocking(Dispatchers.Default) {
                    gather({ once(depth) }, limiter = limiter) shouldBe listOf(depth)
                }
                limiter.shouldBeFree()
            }
        }

        test("work that holds a permit may gather without the limiter, and its tasks may ask for one (Java)") {
            val limiter = Limiter.concurrent(1)
            val asking = { i: Int -> limiter.call { i } }
            val work = {
                val values = Gather.each(0 until 3, asking).all().soon()
                val streamed = Gather
                    .each(0 until 3, asking)
                    .limit(2)
                    .stream()
                    .use { it.count() }
                val pages = Iterable { iterator { yield(limiter.call { 7 }) } }
                values + streamed.toInt() + Gather.each(pages) { i: Int -> i }.all().soon()
            }
            val expected = listOf(0, 1, 2, 3, 7)
            CompletableFuture.supplyAsync { limiter.call(work) }.soon() shouldBe expected
            Gather
                .of(Task.of(work))
                .limiter(limiter)
                .all()
                .soon() shouldBe listOf(expected)
            limiter.shouldBeFree()
        }

        test("work that holds a permit may gather without the limiter, and its tasks may ask for one (Kotlin)") {
            val limiter = Limiter.concurrent(1)

            suspend fun work() = (0 until 3).gather { i -> limiter.withPermit { i } }
            runBlocking(Dispatchers.Default) {
                limiter.withPermit { work() } shouldBe listOf(0, 1, 2)
                gather({ work() }, limiter = limiter) shouldBe listOf(listOf(0, 1, 2))
            }
            limiter.shouldBeFree()
        }

        every("an input may ask the limiter that its tasks are under") { door ->
            val limiter = Limiter.concurrent(1)
            val pages = Iterable { iterator { repeat(3) { page -> yield(limiter.call { page }) } } }
            val end = CompletableFuture.supplyAsync { door.each(pages, How(limiter = limiter)) { value(it) }.end() }
            end.soon() shouldBe End.Value(listOf(0, 1, 2))
            limiter.shouldBeFree()
        }

        every("an input that is slow to say what comes next keeps no permit") { door ->
            val limiter = Limiter.concurrent(3)
            val (isAtIt, next) = List(2) { CountDownLatch(1) }
            val slow =
                Iterable {
                    iterator {
                        for (item in 0 until 6) {
                            if (item == 3) {
                                isAtIt.countDown()
                                next.await()
                            }
                            yield(item)
                        }
                    }
                }
            val running = CompletableFuture.supplyAsync { door.each(slow, How(limiter = limiter)) { value(it) }.end() }
            isAtIt.await()
            door.letThingsHappen()
            patiently("all permits") { limiter.active() == 0 }
            next.countDown()
            running.soon() shouldBe End.Value(List(6) { it })
            limiter.shouldBeFree()
        }

        test("an input that asks is a part of the work of its gather's caller (Java)") {
            val limiter = Limiter.concurrent(1)
            val pages = Iterable { iterator { repeat(3) { page -> yield(limiter.call { page }) } } }
            val work = {
                Gather
                    .each(pages) { it: Int -> it }
                    .limiter(limiter)
                    .all()
                    .soon()
            }
            CompletableFuture.supplyAsync { limiter.call(work) }.soon() shouldBe listOf(0, 1, 2)
            limiter.shouldBeFree()
        }

        test("whoever hears that a task has ended may ask for a permit (Java)") {
            val limiter = Limiter.concurrent(1)
            val heard = AtomicInteger()
            val listener =
                object : GatherListener {
                    override fun onEnd(
                        index: Int,
                        taskName: String?,
                        outcome: Outcome<*>,
                        elapsed: Duration,
                    ) {
                        limiter.call { heard.incrementAndGet() }
                    }
                }
            val failing = Task.of<Int> { throw IOException() }
            val undone = CompletableFuture<Int>()
            val running = Task.started(CompletableFuture<Int>()).onCancel { undone.complete(limiter.call { 1 }) }
            GatherScope().use { scope ->
                val future =
                    Gather
                        .of(running, failing)
                        .limiter(limiter)
                        .listener(listener)
                        .scope(scope)
                        .all()
                future.exceptionally { limiter.call { emptyList() } }.soon() shouldBe emptyList()
                undone.soon() shouldBe 1
                Gather
                    .of(failing)
                    .limiter(limiter)
                    .scope(scope)
                    .onFailure(FailurePolicy.LEAVE_OTHERS)
                    .all()
                    .exceptionally { limiter.call { emptyList() } }
                    .soon() shouldBe emptyList()
            }
            heard.get() shouldBe 2
            limiter.shouldBeFree()
        }

        every("no permit is needed to find out that an input is at its end") { door ->
            val limiter = Limiter.perSecond(1e-6, 3)
            val items = Iterable { (0 until 3).iterator() }
            door.each(items, How(limiter = limiter)) { value(it) }.end() shouldBe End.Value(listOf(0, 1, 2))
            limiter.shouldBeFree()
        }

        test("a flow that waits for its next element keeps no permit (Kotlin)") {
            val limiter = Limiter.concurrent(1)
            val next = CompletableDeferred<Unit>()
            val upstream = flow {
                emit(1)
                next.await()
                emit(2)
            }
            withTimeout(SECONDS.seconds) {
                withContext(Dispatchers.Default) {
                    val values = upstream
                        .gather(
                            limit = 2,
                            limiter = limiter,
                        ) { it }
                        .onEach { limiter.withPermit { next.complete(Unit) } }
                    values.toList() shouldBe listOf(1, 2)
                }
            }
            limiter.shouldBeFree()
        }

        test("a task that fails gives its permit to nobody of its own gather (Kotlin)") {
            val limiter = Limiter.concurrent(1)
            val started = AtomicInteger()
            runBlocking(Dispatchers.Unconfined) {
                shouldThrow<IOException> {
                    (0 until 10).toList().gather(limiter = limiter) { i ->
                        started.incrementAndGet()
                        yield()
                        if (i == 0) {
                            delay(1)
                            throw IOException()
                        }
                    }
                }
            }
            started.get() shouldBe 1
            limiter.shouldBeFree()
        }

        test("a hook that needs a permit gets it while the gather is being cancelled (Java)") {
            val limiter = Limiter.concurrent(1)
            val begun = CompletableFuture<Unit>()
            val asked = CompletableFuture<Int>()
            val blocking =
                Task
                    .of {
                        begun.complete(Unit)
                        asked.get()
                    }.onCancel { asked.complete(limiter.call { 7 }) }
            val future = Gather.of(blocking, value(2).task()).limiter(limiter).all()
            begun.soon()
            patiently("the second task") { limiter.waiting() == 1 }
            CompletableFuture.runAsync { future.cancel(true) }
            asked.soon() shouldBe 7
            future.terminated().soon()
            limiter.shouldBeFree()
        }

        test("what passed for a task that needed no permit is not kept while nothing may start (Java)") {
            val limiter = Limiter.concurrent(1)
            val running = CompletableFuture<Int>()
            val tasks = listOf(Task.started(running), value(1).task())
            val reader = Subscribed(Gather.of(tasks).limiter(limiter))
            reader.subscription.request(1)
            limiter.acquire().soon().close()
            running.complete(7)
            reader.take()!!.outcome.isSuccess shouldBe true // whichever was first
            reader.close()
        }

        test("a stream is a part of the work that takes its results, wherever it was made (Java)") {
            val limiter = Limiter.concurrent(1)
            val results = Gather
                .each(listOf(1, 2)) { it: Int -> it }
                .limit(2)
                .limiter(limiter)
                .stream()
            CompletableFuture.supplyAsync { limiter.call { results.use { it.count() } } }.soon() shouldBe 2
            limiter.shouldBeFree()
        }

        test("a body runs where its caller's dispatcher says, whoever made room for it (Kotlin)") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val main = Executors.newSingleThreadExecutor { Thread(it, "the main thread") }
            val immediate =
                object : CoroutineDispatcher() {
                    override fun isDispatchNeeded(context: CoroutineContext) =
                        !Thread.currentThread().name.startsWith("the main thread")

                    override fun dispatch(
                        context: CoroutineContext,
                        block: Runnable,
                    ) = main.execute(block)
                }
            val names =
                CoroutineScope(immediate).async {
                    gather({ Thread.currentThread().name }, { Thread.currentThread().name }, limiter = limiter)
                }
            patiently("the gather to wait") { limiter.waiting() == 1 }
            permit.close()
            names.asCompletableFuture().soon().forEach { it shouldStartWith "the main thread" }
            main.shutdown()
            limiter.shouldBeFree()
        }

        test("a body finds its caller's thread context, whoever made room for it (Kotlin)") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val local = ThreadLocal<String>()
            val seen =
                CoroutineScope(Dispatchers.Unconfined + local.asContextElement("mine")).async {
                    gather({ local.get() }, limiter = limiter)
                }
            permit.close()
            seen.asCompletableFuture().soon() shouldBe listOf("mine")
            local.get() shouldBe null
        }

        test("what is running already needs no permit (Java)") {
            val limiter = Limiter.concurrent(1)
            limiter.acquire().soon().use {
                val running = CompletableFuture<Int>()
                val gather = Gather.of(Task.started(running), Task.started(running)).limiter(limiter).all()
                running.complete(1)
                gather.soon() shouldBe listOf(1, 1)
            }
            limiter.shouldBeFree()
        }

        for (max in listOf(1, 3)) {
            test(
                "100,000 tasks under a limiter of $max do not grow the stack of an executor that runs them inline (Java)",
            ) {
                val limiter = Limiter.concurrent(max)
                val gather = Gather.each(0 until 100_000) { it: Int -> it }.executor(Runnable::run).limiter(limiter)
                gather.all().soon() shouldBe List(100_000) { it }
                limiter.shouldBeFree()
            }

            test("100,000 tasks under a limiter of $max come through where nothing is dispatched (Kotlin)") {
                val limiter = Limiter.concurrent(max)
                runBlocking(Dispatchers.Unconfined) {
                    (0 until 100_000).gather(limiter = limiter) { it } shouldBe List(100_000) { it }
                }
                limiter.shouldBeFree()
            }
        }

        test("what wins and what loses under a limiter gives its permit back (both)") {
            val limiter = Limiter.concurrent(2)
            Gather
                .of(value(1).task(), Piece<Int>().task(), value(3).task())
                .limiter(limiter)
                .any()
                .soon()
            limiter.shouldBeFree()
            runBlocking(Dispatchers.Default) {
                gatherAny({ awaitCancellation() }, { 2 }, { awaitCancellation() }, limiter = limiter) shouldBe 2
            }
            limiter.shouldBeFree()
        }

        for (door in StreamDoor.all) {
            test("results that come under a limiter hold no permit while they wait ($door)") {
                val limiter = Limiter.concurrent(2)
                val reader = door.open(0 until 1_000, How(limit = 4, limiter = limiter)) { value(it) }
                reader.next()
                while (limiter.active() > 0) Thread.onSpinWait()
                reader.rest().size shouldBe 999
                limiter.shouldBeFree()
            }
        }
    })
