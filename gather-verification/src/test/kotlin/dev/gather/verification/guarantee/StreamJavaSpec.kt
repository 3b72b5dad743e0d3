package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.time.Duration.Companion.seconds

/** What is special about results as they come in Java: demand, blocking loops, scopes, kinds of tasks. */
class StreamJavaSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        test("in order, successes wait for those before them, and a failure comes at once") {
            for (open in listOf<(Gather<Int>) -> Reader<Int>>({ StreamReader(it) }, { Subscribed(it) })) {
                val pieces = List(4) { Piece<Int>() }
                val reader = open(gatherOf(pieces, How(limit = 4)) { it }.ordered())
                val error = IOException()
                pieces[0].returns(0)
                reader.next()!!.index shouldBe 0L
                pieces.forEach { it.started.soon() }
                pieces[2].returns(2)
                pieces[2].ended.soon()
                pieces[3].throws(error)
                reader.next()!!.let { it.index to it.outcome } shouldBe (3L to Outcome.Failure<Int>(error))
                pieces[1].returns(1)
                reader.rest().map { it.index } shouldBe listOf(1L, 2L)
            }
        }

        test("without a limit no more tasks start than were requested") {
            val pieces = List(3) { Piece<Int>() }
            val subscribed = Subscribed(gatherOf(pieces, How()) { it })
            subscribed.subscription.request(2)
            pieces[0].started.soon()
            pieces[1].started.soon()
            JavaDoor.letThingsHappen()
            pieces[2].timesRun shouldBe 0
            pieces[0].returns(0)
            subscribed.take()!!.index shouldBe 0L
            JavaDoor.letThingsHappen()
            pieces[2].timesRun shouldBe 0
            subscribed.subscription.request(1)
            pieces[2].started.soon()
            subscribed.close()
        }

        test("without a limit everything starts at once for a loop") {
            val pieces = List(3) { Piece<Int>() }
            val reader = StreamReader(gatherOf(pieces, How()) { it })
            pieces[2].returns(2)
            reader.next()!!.index shouldBe 2L
            pieces.forEach { it.started.soon() }
            reader.close()
            pieces.take(2).forEach { it.noticed.isDone shouldBe true }
        }

        test("results that nobody has asked for wait") {
            val subscribed = Subscribed(gatherOf((0 until 10).toList(), How(limit = 3)) { value(it) })
            subscribed.subscription.request(1)
            subscribed.take()
            JavaDoor.letThingsHappen()
            subscribed.signalled() shouldBe 0
            subscribed.rest().size shouldBe 9
        }

        test("the end of a collection is told without another request") {
            for (items in listOf(listOf(1, 2).toList(), setOf(1, 2), emptyList())) {
                val subscribed = Subscribed(gatherOf(items, How()) { value(it) })
                subscribed.subscription.request(maxOf(1L, items.size.toLong()))
                repeat(items.size) { subscribed.take() }
                subscribed.take() shouldBe null
            }
        }

        test("in order, too, the end is told without another request") {
            val pieces = List(2) { Piece<Int>() }
            val subscribed = Subscribed(Gather.of(pieces.map { it.task() }).ordered())
            subscribed.subscription.request(2)
            pieces[1].throws(IOException())
            subscribed.take()!!.index shouldBe 1L
            pieces[0].returns(0)
            subscribed.take()!!.index shouldBe 0L
            subscribed.take() shouldBe null
        }

        test("where all has been running before there is an end, too") {
            val stages = listOf(CompletableFuture.completedFuture(1), CompletableFuture())
            val reader = StreamReader(Gather.started(stages))
            reader.next()!!.index shouldBe 0L
            stages[1].complete(2)
            reader.rest().map { it.index } shouldBe listOf(1L)
        }

        test("what comes inside onSubscribe is dealt with after it") {
            for ((name, act) in insideOnSubscribe) {
                val scope = GatherScope()
                val signals = LinkedBlockingQueue<Any>()
                Gather.of(value(1).task()).scope(scope).asCompleted().subscribe(
                    object : Subscriber<Completed<Int>> {
                        override fun onSubscribe(subscription: Subscription) {
                            act(subscription, scope)
                            signals.add("subscribed")
                        }

                        override fun onNext(item: Completed<Int>) = Unit

                        override fun onError(throwable: Throwable) {
                            signals.add(throwable.javaClass.simpleName)
                        }

                        override fun onComplete() = Unit
                    },
                )
                signals.poll(SECONDS, TimeUnit.SECONDS) shouldBe "subscribed"
                signals.poll(SECONDS, TimeUnit.SECONDS) shouldBe name
                scope.close()
            }
        }

        test("a loop that waits while somebody else closes the stream does not wait for ever") {
            val piece = Piece<Int>()
            val stream = Gather.of(piece.task()).stream()
            val loop = CompletableFuture.supplyAsync { runCatching { stream.forEach { } } }
            piece.started.soon()
            stream.close()
            loop
                .soon()
                .exceptionOrNull()
                .shouldBeInstanceOf<CancellationException>()
                .message shouldBe
                "the stream was closed"
        }

        test("named tasks, stages and what is running already come with their names and positions") {
            val running = CompletableFuture<String>()
            val tasks =
                listOf(
                    Task.of<String> { "a" }.named("first"),
                    Task.async<String> { CompletableFuture.completedFuture("b") },
                    Task.started(running).named("third"),
                )
            val reader = StreamReader(Gather.of(tasks + tasks[0]).limit(1))
            val results = List(3) { reader.next()!! } // the fourth is the first again
            running.complete("c")
            val all = results + reader.rest()
            all.sortedBy { it.index }.map { Triple(it.index, it.name, it.getOrThrow()) } shouldBe
                listOf(
                    Triple(0L, "first", "a"),
                    Triple(1L, null, "b"),
                    Triple(2L, "third", "c"),
                    Triple(3L, "first", "a"),
                )
        }

        test("what is running already comes as it ends, and then the end") {
            for (limit in listOf(1, 4)) {
                val running = List(3) { CompletableFuture<Int>() }
                val reader = StreamReader(Gather.started(running).limit(limit))
                running[2].complete(2)
                reader.next()!!.index shouldBe 2L
                running[0].complete(0)
                reader.next()!!.index shouldBe 0L
                running[1].completeExceptionally(IOException())
                reader.next()!!.index shouldBe 1L
                reader.next() shouldBe null
            }
        }

        test("an interrupt of the loop cancels what is running, and the flag stays") {
            val piece = Piece<Int>()
            val stream = Gather.of(piece.task()).stream()
            val thrown = CompletableFuture<Pair<Throwable?, Boolean>>()
            val loop =
                Thread {
                    val end = runCatching { stream.forEach { } }.exceptionOrNull()
                    thrown.complete(end to Thread.currentThread().isInterrupted)
                }
            loop.start()
            piece.started.soon()
            loop.interrupt()
            val (end, isInterrupted) = thrown.soon()
            end.shouldBeInstanceOf<CancellationException>()
            isInterrupted shouldBe true
            piece.ended.soon()
            loop.join()
            stream.close()
        }

        test("close waits for what is running, but not longer than the grace, and a body may close its own stream") {
            val stubborn = Piece<Int>().ignoringCancel()
            val reader = StreamReader(gatherOf(listOf(value(1), stubborn), How(limit = 3)) { it }.grace(SHORT))
            reader.next()
            stubborn.started.soon()
            reader.close()
            stubborn.isRunning shouldBe true
            stubborn.returns(2)
            stubborn.ended.soon()

            val closed = CompletableFuture<Unit>()
            val own = CompletableFuture<AutoCloseable>()
            val closing =
                Task.of {
                    own.soon().close()
                    closed.complete(Unit)
                }
            val stream = Gather.of(closing).stream()
            own.complete(stream)
            val loop = Thread { runCatching { stream.forEach { } } }
            loop.start()
            closed.soon()
            loop.interrupt()
            loop.join()
        }

        test("at the deadline those that will not stop come as cancelled when the grace has passed") {
            val stubborn = Piece<Int>().ignoringCancel()
            val reader =
                StreamReader(gatherOf(List(1) { stubborn }, How(timeout = SHORT)) { it }.grace(Duration.ofMillis(10)))
            reader
                .rest()
                .single()
                .outcome
                .shouldBeInstanceOf<Outcome.Cancelled<*>>()
            stubborn.isRunning shouldBe true
            stubborn.returns(1)
            stubborn.ended.soon()
        }

        test("those that had not started come as cancelled, too, when the grace has passed") {
            val stubborn = Piece<Int>().ignoringCancel()
            val tasks = listOf(stubborn.task(), value(1).task())
            val gather = Gather
                .of(tasks)
                .limit(1)
                .timeout(SHORT)
                .grace(Duration.ofMillis(10))
            StreamReader(gather).rest().map { it.outcome } shouldBe
                listOf(true, false).map { Outcome.Cancelled<Int>(CancelReason.TIMEOUT, it) }
            stubborn.returns(1)
            stubborn.ended.soon()
        }

        test("closing its scope ends a stream and a publisher, and a closed scope refuses both") {
            val pieces = List(2) { Piece<Int>() }
            val scope = GatherScope()
            val subscribed = Subscribed(Gather.of(pieces[0].task()).scope(scope))
            val stream = StreamReader(Gather.of(pieces[1].task()).scope(scope))
            subscribed.subscription.request(1)
            val next = CompletableFuture.supplyAsync { runCatching { stream.next() } }
            pieces.forEach { it.started.soon() }
            scope.close()
            pieces.forEach { it.isRunning shouldBe false }
            shouldThrow<CancellationException> { subscribed.take() }.message shouldBe "the scope was closed"
            next.soon().exceptionOrNull().shouldBeInstanceOf<CancellationException>()
            shouldThrow<IllegalStateException> { Gather.of(value(1).task()).scope(scope).stream() }
            shouldThrow<IllegalStateException> { Subscribed(Gather.of(value(1).task()).scope(scope)).take() }
        }

        test("a subscriber that throws has cancelled") {
            val (first, piece) = List(2) { Piece<Int>() }
            val uncaught = CompletableFuture<Throwable>()
            val error = IllegalStateException("a subscriber must not do that")
            val signalled = AtomicBoolean()
            val subscriber =
                object : Subscriber<Completed<Int>> {
                    override fun onSubscribe(subscription: Subscription) = subscription.request(Long.MAX_VALUE)

                    override fun onNext(item: Completed<Int>): Unit = throw error

                    override fun onError(throwable: Throwable) = signalled.set(true)

                    override fun onComplete() = signalled.set(true)
                }

            fun start(body: Runnable) =
                Thread(body).apply { setUncaughtExceptionHandler { _, e -> uncaught.complete(e) } }.start()
            // Signals come on the thread that requests or on one that ends a task.
            start {
                Gather
                    .of(first.task(), piece.task())
                    .executor(::start)
                    .asCompleted()
                    .subscribe(subscriber)
            }
            piece.started.soon()
            first.returns(1)
            uncaught.soon() shouldBeSameInstanceAs error
            piece.noticed.soon()
            piece.ended.soon()
            JavaDoor.letThingsHappen()
            signalled.get() shouldBe false
        }

        test("a request for nothing is refused, and what is running is cancelled") {
            val piece = Piece<Int>()
            val subscribed = Subscribed(Gather.of(piece.task()))
            subscribed.subscription.request(1)
            piece.started.soon()
            subscribed.subscription.request(0)
            shouldThrow<IllegalArgumentException> { subscribed.take() }.message shouldBe
                "n must be at least 1 (rule 3.9 of Reactive Streams), but was 0"
            piece.ended.soon()
        }

        test("an error of the JVM itself is no result") {
            val error = OutOfMemoryError("test")
            val reader = StreamReader(gatherOf(List(1) { failure<Int>(error) }, How()) { it })
            shouldThrow<GatherException> { reader.next() }.cause shouldBeSameInstanceAs error
        }

        test("an executor that refuses fails tasks, and the others come through") {
            val refuses = java.util.concurrent.Executor {
                throw java.util.concurrent.RejectedExecutionException(
                    "full",
                )
            }
            val gather = Gather.each(listOf(1, 2, 3)) { number: Int -> number }.executor(refuses)
            StreamReader(gather.limit(2)).rest().map { it.index } shouldBe listOf(0L, 1L, 2L)
        }
    })

private val insideOnSubscribe: List<Pair<String, (Subscription, GatherScope) -> Unit>> =
    listOf(
        "IllegalArgumentException" to { subscription, _ -> subscription.request(0) },
        "CancellationException" to { _, scope -> scope.close() },
    )
