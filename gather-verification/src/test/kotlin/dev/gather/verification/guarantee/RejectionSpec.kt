package dev.gather.verification.guarantee

import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

class RejectionSpec :
    FunSpec({
        val refusal = RejectedExecutionException("full")

        fun <R> GatherFuture<R>.result() = JavaRunning(this).end()

        test("an executor that refuses everything fails all with the refusal") {
            val end = Gather
                .of(List(3) { value(it).task() })
                .executor { throw refusal }
                .all()
                .result()
            end.shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs refusal
            (end.thrown as GatherException).index() shouldBe 0
        }

        test("an executor that refuses everything gives settled a refusal for each task") {
            val end = Gather
                .of(List(3) { value(it).task() })
                .executor { throw refusal }
                .settled()
                .result()
            end shouldBe End.Value(List(3) { Outcome.Failure<Int>(refusal) })
        }

        test("while code of the user runs for a stage that has ended somebody is left, and a refusal fails nothing") {
            val pool = Executors.newSingleThreadExecutor()
            val stage = CompletableFuture<Int>()
            val isAsked = CountDownLatch(1)
            val isInside = CountDownLatch(1)
            val asks = CountDownLatch(20) // takes longer than a refusal is put up with where nobody is left
            val recovering = Task.started(stage).recover {
                isInside.countDown()
                asks.await()
                1
            }
            val ender = CompletableFuture.runAsync {
                isAsked.await()
                stage.completeExceptionally(IllegalStateException())
            }
            val future = Gather
                .of(listOf(recovering, value(2).task()))
                .executor {
                    isAsked.countDown()
                    isInside.await()
                    asks.countDown()
                    if (asks.count > 0) throw refusal
                    pool.execute(it)
                }.all()
            future.result() shouldBe End.Value(listOf(1, 2))
            ender.soon()
            pool.shutdown()
        }

        test("a lazy input in front of an executor that refuses everything") {
            val end = Gather
                .each(0 until 100) { it }
                .limit(2)
                .executor { throw refusal }
                .settled()
                .result()
            end shouldBe End.Value(List(100) { Outcome.Failure<Int>(refusal) })
        }

        test("stages need no thread, so nobody refuses them") {
            val stage = CompletableFuture<Int>()
            val tasks = listOf(value(0).task(), Task.started(stage), value(2).task())
            val future = Gather.of(tasks).executor { throw refusal }.settled()
            stage.complete(1)
            val refused = Outcome.Failure<Int>(refusal)
            future.result() shouldBe End.Value(listOf(refused, Outcome.Success(1), refused))
        }

        for (accepted in listOf(1, 2, 3)) {
            test("an executor that refuses after $accepted: what ran has its value, every other task a refusal") {
                val calls = AtomicInteger()
                val executor =
                    Executor { if (calls.incrementAndGet() > accepted) throw refusal else Thread(it).start() }
                val outcomes = Gather
                    .each(0 until 20) { it }
                    .executor(executor)
                    .settled()
                    .soon()
                outcomes.forEachIndexed { index, outcome ->
                    if (outcome.isSuccess) outcome.orThrow shouldBe index else outcome shouldBe Outcome.Failure(refusal)
                }
                outcomes.count { it.isSuccess } shouldBe 20 - outcomes.count { it == Outcome.Failure<Int>(refusal) }
            }
        }

        test("with a limit a pool needs no more threads than that, so nothing is refused") {
            val pool = ThreadPoolExecutor(3, 3, 0, TimeUnit.SECONDS, SynchronousQueue())
            val highest = AtomicInteger()
            val active = AtomicInteger()
            val outcomes =
                Gather
                    .each(0 until 1000) {
                        highest.accumulateAndGet(active.incrementAndGet(), ::maxOf)
                        active.decrementAndGet()
                        it
                    }.limit(1)
                    .executor(pool)
                    .all()
                    .soon()
            pool.shutdown()
            outcomes shouldBe List(1000) { it }
            highest.get() shouldBeLessThanOrEqual 1
        }

        test("a pool that had been shut down is a failure and not a cancellation") {
            val pool = Executors.newFixedThreadPool(2).also { it.shutdown() }
            val future = Gather.of(List(3) { value(it).task() }).executor(pool).all()
            future
                .result()
                .shouldBeInstanceOf<End.Failed>()
                .cause
                .shouldBeInstanceOf<RejectedExecutionException>()
            future.isCancelled shouldBe false
        }

        test("a pool that is shut down while the gather runs") {
            val pool = Executors.newFixedThreadPool(1)
            val pieces = List(3) { Piece<Int>() }
            val future = Gather.of(pieces.map { it.task() }).executor(pool).settled()
            pieces[0].started.soon()
            pool.shutdown()
            pieces.forEachIndexed { index, piece -> piece.returns(index) }
            val outcomes = future.soon()
            outcomes[0] shouldBe Outcome.Success(0)
            outcomes.filterIsInstance<Outcome.Cancelled<*>>() shouldHaveSize 0
        }

        test("a pool that drops what it was given while the gather runs") {
            val pool = Executors.newFixedThreadPool(1)
            val pieces = List(3) { Piece<Int>() }
            val future = Gather.of(pieces.map { it.task() }).executor(pool).settled()
            pieces[0].started.soon()
            pool.shutdownNow() // forgets the helper in its queue, and interrupts the body
            pieces[0].noticed.soon()
            pieces.forEachIndexed { index, piece -> piece.returns(index) }
            val outcomes = future.soon()
            outcomes[0].shouldBeInstanceOf<Outcome.Failure<*>>().cause().shouldBeInstanceOf<InterruptedException>()
        }

        test("a pool whose callers run what it has no room for") {
            val gate = CountDownLatch(1)
            val pool =
                ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    LinkedBlockingQueue(1),
                    ThreadPoolExecutor.CallerRunsPolicy(),
                )
            repeat(2) { pool.execute(gate::await) } // no room at all
            val caller = Thread.currentThread()
            val future = Gather
                .of(
                    List(100) { index -> Task.of { index to Thread.currentThread() } },
                ).executor(pool)
                .all()
            future.soon() shouldBe List(100) { it to caller }
            gate.countDown()
            pool.shutdown()
        }

        test("an executor that runs everything at once, on the caller's thread") {
            val caller = Thread.currentThread()
            val future = Gather.of(List(100_000) { Task.of { Thread.currentThread() } }).executor(Runnable::run).all()
            future.isDone shouldBe true
            future.soon().all { it === caller } shouldBe true
        }

        test("10,000 stages on an executor that runs everything at once, whatever their kind and end") {
            val error = IllegalStateException("stage")
            for (stage in listOf(
                CompletableFuture.completedFuture(1),
                CompletableFuture.failedFuture(error),
                CompletableFuture.completedStage(1),
                CompletableFuture.failedStage(error),
            )) {
                for (limit in listOf(1, 3, Int.MAX_VALUE)) {
                    val gather = Gather.eachAsync(List(10_000) { it }) { stage }.limit(limit).executor(Runnable::run)
                    gather.settled().soon().size shouldBe 10_000
                }
            }
        }

        test("cancelling reaches the end although the executor drops everything") {
            val future = Gather.of(List(3) { value(it).task() }).executor { }.all()
            future.cancel(true) shouldBe true
            future.terminated().soon()
            future.result() shouldBe End.Cancelled
        }

        test("the deadline reaches the end although the executor drops everything") {
            val future = Gather
                .of(value(1).task())
                .executor { }
                .timeout(SHORT)
                .all()
            future.result().shouldBeInstanceOf<End.Failed>()
            future.terminated().soon()
        }

        test("an executor that cancels the gather instead of running it") {
            val inner = CompletableFuture<GatherFuture<*>>()
            val first = Piece<Int>()
            val calls = AtomicInteger()
            val executor =
                Executor { if (calls.incrementAndGet() == 1) Thread(it).start() else inner.soon().cancel(true) }
            val future = Gather.of(List(3) { first.task() }).executor(executor).all()
            inner.complete(future)
            future.result() shouldBe End.Cancelled
            future.terminated().soon()
        }

        test("a dispatcher over an executor that refuses everybody else (Kotlin)") {
            val thread = Executors.newSingleThreadExecutor()
            val closed = CompletableFuture<Boolean>()
            val executor = Executor { if (closed.getNow(false)) throw refusal else thread.execute(it) }
            val outcomes =
                CoroutineScope(executor.asCoroutineDispatcher())
                    .async {
                        closed.complete(true)
                        runCatching { gatherSettled(*Array(4) { index -> suspend { index } }) }
                    }.asCompletableFuture()
                    .soon()
                    .getOrThrow()
            thread.shutdown()
            outcomes shouldHaveSize 4
            for (outcome in outcomes) {
                if (!outcome.isSuccess) outcome shouldBe Outcome.Failure(refusal)
            }
            outcomes.filterIsInstance<Outcome.Failure<*>>().size shouldBe outcomes.count { !it.isSuccess }
            outcomes.none {
                it is Outcome.Cancelled || (it as? Outcome.Failure)?.cause() is CancellationException
            } shouldBe
                true
        }

        for (limit in listOf(1, 2, 6)) {
            for ((how, work) in mapOf("soon" to {}, "after its turn" to { aTurn() })) {
                test(
                    "a pool that is shut down at once: nothing starts any more on the thread that is left, " +
                        "limit $limit, whose body ends $how (Java)",
                ) {
                    val pool = Executors.newSingleThreadExecutor()
                    val started = AtomicInteger()
                    val gather = Gather.each(List(6) { it }) {
                        started.incrementAndGet()
                        work()
                        if (it == 1) pool.shutdownNow()
                        it
                    }
                    val outcomes = gather
                        .limit(limit)
                        .executor(pool)
                        .settled()
                        .soon()
                    started.get() shouldBe 2
                    outcomes.take(2) shouldBe listOf(Outcome.Success(0), Outcome.Success(1))
                    outcomes.drop(2).shouldAllBeRefused()
                }
            }
        }

        for (limit in listOf(1, 2, 6)) {
            test(
                "a pool that is shut down at once, by a body that takes longer than its turn: all ends, limit $limit",
            ) {
                val pool = Executors.newSingleThreadExecutor()
                val outcomes = CoroutineScope(pool.asCoroutineDispatcher()).async {
                    List(6) { it }.gatherSettled(limit) {
                        aTurn()
                        if (it == 1) pool.shutdownNow()
                        it
                    }
                }
                outcomes.asCompletableFuture().soon().size shouldBe 6
            }
        }

        for ((how, result) in mapOf<String, (Gather<Int>) -> List<Outcome<Int>>>(
            "settled" to { it.settled().soon() },
            "a stream" to { gather -> gather.stream().use { all -> all.toList().map { it.outcome } } },
            "a stream in order" to
                { gather -> gather.ordered().stream().use { all -> all.toList().map { it.outcome } } },
        )) {
            test("what a pool drops that is shut down while others have all its threads is refused: $how (Java)") {
                val queue = LinkedBlockingQueue<Runnable>()
                val pool = ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue)
                val isBusy = CompletableFuture<Unit>()
                pool.execute {
                    isBusy.complete(Unit)
                    runCatching { CountDownLatch(1).await() } // until it is interrupted
                }
                isBusy.soon()
                val future = CompletableFuture.supplyAsync { result(Gather.each(List(3) { it }) { it }.executor(pool)) }
                while (queue.isEmpty()) Thread.onSpinWait()
                pool.shutdownNow()
                future.soon().also { it.size shouldBe 3 }.shouldAllBeRefused()
            }
        }

        test("a pool that is shut down in order runs what it has begun (Java)") {
            val pool = Executors.newSingleThreadExecutor()
            val future = Gather.each(List(3) { it }) { it }.executor(pool).settled()
            pool.shutdown()
            future.soon().size shouldBe 3
        }
    })

/** Longer than a worker goes on before it makes way for what waits behind it. */
private fun aTurn() {
    val begun = System.nanoTime()
    while (System.nanoTime() - begun < 2_000_000) Thread.onSpinWait()
}

private fun List<Outcome<Int>>.shouldAllBeRefused() =
    forEach { it.shouldBeInstanceOf<Outcome.Failure<Int>>().cause.shouldBeInstanceOf<RejectedExecutionException>() }
