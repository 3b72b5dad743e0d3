package dev.gather.verification.guarantee

import dev.gather.coroutines.UNLIMITED
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.TimeUnit
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class)
class ConcurrencySpec :
    BothDoors({
        for (n in listOf(3, 200)) {
            every("$n tasks without a limit all run at the same time") { door ->
                val pieces = List(n) { Piece<Int>() }
                val running = door.all(pieces)
                pieces.forEach { it.started.soon() }
                pieces.forEachIndexed { i, piece -> piece.returns(i) }
                running.end() shouldBe End.Value(List(n) { it })
            }

            every("$n tasks with a limit of $n all run at the same time") { door ->
                val pieces = List(n) { Piece<Int>() }
                val running = door.all(pieces, How(limit = n))
                pieces.forEach { it.started.soon() }
                pieces.forEachIndexed { i, piece -> piece.returns(i) }
                running.end() shouldBe End.Value(List(n) { it })
            }

            every("$n items of a lazy input all run at the same time") { door ->
                val pieces = List(n) { Piece<Int>() }
                val running = door.each(Iterable { pieces.iterator() }) { it }
                pieces.forEach { it.started.soon() }
                pieces.forEachIndexed { i, piece -> piece.returns(i) }
                running.end() shouldBe End.Value(List(n) { it })
            }
        }

        for (limit in listOf(1, 2, 7, 8)) {
            every("of 7 tasks exactly as many run at the same time as a limit of $limit allows") { door ->
                val gauge = Gauge()
                val pieces = List(7) { Piece<Int>().measuredBy(gauge) }
                val running = door.all(pieces, How(limit = limit))
                for (i in pieces.indices) {
                    pieces.take(i + limit).forEach { it.started.soon() }
                    door.letThingsHappen()
                    pieces.drop(i + limit).count { it.timesRun > 0 } shouldBe 0
                    pieces[i].returns(i)
                }
                running.end() shouldBe End.Value(List(7) { it })
                gauge.max shouldBe minOf(limit, 7)
            }

            every("of 7 items exactly as many run at the same time as a limit of $limit allows") { door ->
                val gauge = Gauge()
                val pieces = List(7) { Piece<Int>().measuredBy(gauge) }
                val running = door.each(Iterable { pieces.iterator() }, How(limit = limit)) { it }
                for (i in pieces.indices) {
                    pieces.take(i + limit).forEach { it.started.soon() }
                    door.letThingsHappen()
                    pieces.drop(i + limit).count { it.timesRun > 0 } shouldBe 0
                    pieces[i].returns(i)
                }
                running.end() shouldBe End.Value(List(7) { it })
                gauge.max shouldBe minOf(limit, 7)
            }
        }

        for (limit in listOf(1, 2, 16)) {
            every("5,000 short tasks, some ended by other threads, never exceed a limit of $limit") { door ->
                val gauge = Gauge()
                val running =
                    door.each((0 until 5_000).toList(), How(limit = limit)) { i ->
                        Piece<Int>().measuredBy(gauge).also { piece ->
                            if (i % 3 == 0) piece.returns(i) else ForkJoinPool.commonPool().execute { piece.returns(i) }
                        }
                    }
                running.end() shouldBe End.Value(List(5_000) { it })
                gauge.max shouldBeLessThanOrEqual limit
            }
        }

        every("a task that fails makes room for the next as one that succeeds does") { door ->
            val pieces = List(4) { Piece<Int>() }
            val running = door.settled(pieces, How(limit = 1))
            pieces.forEach {
                it.started.soon()
                it.throws(IllegalStateException())
            }
            (running.end() as End.Value).value.map { it.isSuccess } shouldBe List(4) { false }
        }

        test("stages meet on one thread (Java)") {
            val executor = Executors.newSingleThreadExecutor()
            val pieces = List(20) { Piece<Int>() }
            val future = Gather.of(pieces.map { Task.async { it.stage() } }).executor(executor).all()
            pieces.forEach { it.started.soon() }
            pieces.forEachIndexed { i, piece -> piece.returns(i) }
            future.soon() shouldBe List(20) { it }
            executor.shutdown()
        }

        for (limit in listOf(1, 3, UNLIMITED)) {
            test("an executor that runs bodies on the spot runs each once, limit $limit (Java)") {
                val pieces = List(300) { value(it) }
                val onTheSpot = Executor { it.run() }
                val of = Gather
                    .of(pieces.map { Task.of { it.block() } })
                    .limit(limit)
                    .executor(onTheSpot)
                    .all()
                of.isDone shouldBe true
                of.join() shouldBe List(300) { it }
                val each = Gather.eachAsync(pieces) { it: Piece<Int> -> it.stage() }.limit(limit).executor(onTheSpot)
                each.all().join() shouldBe List(300) { it }
                pieces.sumOf { it.timesRun } shouldBe 600
            }

            test("an executor that runs things on the spot lets stages wait for each other, limit $limit (Java)") {
                val pieces = List(30) { Piece<Int>() }
                val future = Gather
                    .eachAsync(
                        pieces,
                    ) { it: Piece<Int> -> it.stage() }
                    .limit(limit)
                    .executor { it.run() }
                    .all()
                pieces.take(limit).forEach { it.started.isDone shouldBe true }
                pieces.forEachIndexed { i, piece ->
                    piece.started.isDone shouldBe true
                    piece.returns(i)
                }
                future.join() shouldBe List(30) { it }
            }
        }

        test("what was started before does not count against the limit (Java)") {
            val pending = CompletableFuture<Int>()
            val (a, b) = List(2) { Piece<Int>() }
            val future =
                Gather.of(Task.started(pending), Task.of { a.block() }, Task.async { b.stage() }).limit(1).all()
            a.started.soon()
            a.returns(1)
            b.started.soon()
            b.returns(2)
            pending.complete(0)
            future.soon() shouldBe listOf(0, 1, 2)
        }

        test("a pool that is smaller than the limit runs as many as it has threads (Java)") {
            val executor = Executors.newFixedThreadPool(2)
            val gauge = Gauge()
            val allThere = CyclicBarrier(2)
            Gather
                .each(List(40) { it }) { i: Int ->
                    gauge.enter()
                    allThere.await(SECONDS, TimeUnit.SECONDS)
                    gauge.exit()
                    i
                }.limit(10)
                .executor(executor)
                .all()
                .soon() shouldBe List(40) { it }
            gauge.max shouldBe 2
            executor.shutdown()
        }

        test("bodies that block their thread meet (Java)") {
            val allThere = CountDownLatch(20)
            Gather
                .each(List(20) { it }) { i: Int ->
                    allThere.countDown()
                    check(allThere.await(SECONDS, TimeUnit.SECONDS))
                    i
                }.all()
                .soon() shouldBe List(20) { it }
        }

        test("bodies that block their thread meet (Kotlin)") {
            val allThere = CountDownLatch(20)
            withContext(Dispatchers.IO) {
                List(20) { it }.gather { i ->
                    allThere.countDown()
                    check(allThere.await(SECONDS, TimeUnit.SECONDS))
                    i
                }
            } shouldBe List(20) { it }
        }

        test("bodies that block on a dispatcher of their own meet (Kotlin)") {
            val allThere = CountDownLatch(20)
            List(20) { it }.gather { i ->
                runInterruptible(Dispatchers.IO) {
                    allThere.countDown()
                    check(allThere.await(SECONDS, TimeUnit.SECONDS))
                }
                i
            } shouldBe List(20) { it }
        }

        val threads =
            mapOf(
                "in one event loop" to EmptyCoroutineContext,
                "on one thread of a pool" to Dispatchers.Default.limitedParallelism(1),
                "without a dispatcher" to Dispatchers.Unconfined,
                "on the default dispatcher" to Dispatchers.Default,
            )
        for ((where, context) in threads) {
            test("suspending bodies meet $where (Kotlin)") {
                runBlocking(context) {
                    val gates = List(20) { CompletableDeferred<Unit>() }
                    // Each waits for the one behind it, and the last one lets all of them go.
                    gates.indices.toList().gather { i ->
                        if (i < gates.lastIndex) gates[i + 1].await()
                        gates[i].complete(Unit)
                        i
                    } shouldBe List(20) { it }
                }
            }
        }

        test("the time is that of the slowest task (Kotlin)") {
            runTest {
                listOf(3, 1, 2).gather { delay(it.seconds) }
                currentTime shouldBe 3_000
            }
        }

        test("with a limit of 2 four tasks of a second take two (Kotlin)") {
            runTest {
                List(4) { it }.gather(limit = 2) { delay(1.seconds) }
                currentTime shouldBe 2_000
            }
        }

        test("with a limit of 2 a task starts as soon as another has ended (Kotlin)") {
            runTest {
                val startedAt = listOf(3, 1, 1, 1, 1).gather(limit = 2) { currentTime.also { _ -> delay(it.seconds) } }
                startedAt shouldBe listOf(0L, 0L, 1_000L, 2_000L, 3_000L)
            }
        }
    })
