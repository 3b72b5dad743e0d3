package dev.gather.bridge

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.withContext
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** Writes down what it hears. */
private class Recorder : Subscriber<Int> {
    private val heard = LinkedBlockingQueue<Any>()
    lateinit var subscription: Subscription

    override fun onSubscribe(subscription: Subscription) {
        this.subscription = subscription
        heard += "subscribed"
    }

    override fun onNext(item: Int) {
        heard += item
    }

    override fun onError(throwable: Throwable) {
        heard += throwable
    }

    override fun onComplete() {
        heard += "complete"
    }

    fun next(): Any? = heard.poll(SECONDS, TimeUnit.SECONDS)

    val isSilent: Boolean get() = heard.isEmpty()
}

class JavaDoorFlowSpec :
    FunSpec({
        val door = JavaDoor("users")
        afterSpec { door.close() }

        test("a stream has the values, in their order, also null") {
            inTime {
                door.stream { flowOf(1, null, 3) }.use { it.toList() } shouldBe listOf(1, null, 3)
                door.stream { flowOf(1, 2, 3) }.mapToInt { it }.sum() shouldBe 6
                door.stream { flowOf<Int>() }.findFirst().isPresent shouldBe false
            }
        }

        test("a stream collects nothing before it is read, and nothing ahead") {
            val collected = AtomicInteger()
            val read = AtomicInteger()
            inTime {
                val stream =
                    door.stream {
                        flow {
                            while (true) {
                                // one is asked for when the one before has been used
                                check(collected.incrementAndGet() <= read.get() + 2)
                                emit(1)
                            }
                        }
                    }
                collected.get() shouldBe 0
                stream.use { it.limit(1_000).forEach { read.incrementAndGet() } }
            }
            read.get() shouldBe 1_000
        }

        test("what the flow throws is thrown where it is read, after the values before it") {
            val failure = IOException("no route")
            val read = mutableListOf<Int>()
            inTime {
                val stream =
                    door.stream {
                        flow {
                            emit(1)
                            throw failure
                        }
                    }
                shouldThrow<IOException> { stream.forEach { read += it } } shouldBeSameInstanceAs failure
                stream.close()
            }
            read.shouldContainExactly(1)
        }

        test("closing a stream cancels the flow, and waits for its end") {
            val ended = Signal()
            inTime {
                val stream =
                    door.stream {
                        flow {
                            try {
                                emit(1)
                                awaitCancellation()
                            } finally {
                                withContext(NonCancellable) { delay(1) }
                                ended.come()
                            }
                        }
                    }
                stream.use { it.findFirst().get() shouldBe 1 }
                ended.hasCome shouldBe true
                stream.close()
            }
        }

        test("an interrupt of who reads closes the stream") {
            val started = Signal()
            val ended = Signal()
            val seen = CompletableFuture<Pair<Throwable?, Boolean>>()
            val reader =
                thread {
                    val stream =
                        door.stream {
                            flow<Int> {
                                try {
                                    started.come()
                                    awaitCancellation()
                                } finally {
                                    ended.come()
                                }
                            }
                        }
                    val thrown = runCatching { stream.forEach { } }.exceptionOrNull()
                    seen.complete(thrown to (Thread.currentThread().isInterrupted && ended.hasCome))
                }
            started.soon()
            reader.interrupt()
            val (thrown, isRight) = seen.soon()
            (thrown is CancellationException) shouldBe true
            isRight shouldBe true
        }

        test("a stream can be read on the only thread of the dispatcher") {
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { single ->
                JavaDoor("single", single).use { inner ->
                    val sum =
                        inner.future {
                            inner
                                .stream {
                                    flow {
                                        repeat(3) {
                                            delay(1)
                                            emit(it)
                                        }
                                    }
                                }.use { stream -> stream.mapToInt { it }.sum() }
                        }
                    sum.soon() shouldBe 3
                }
            }
        }

        test("a subscriber hears what it asks for") {
            val recorder = Recorder()
            door.publisher { flowOf(1, 2, 3) }.subscribe(recorder)
            recorder.next() shouldBe "subscribed"
            recorder.isSilent shouldBe true
            recorder.subscription.request(2)
            recorder.next() shouldBe 1
            recorder.next() shouldBe 2
            recorder.isSilent shouldBe true
            recorder.subscription.request(Long.MAX_VALUE)
            recorder.next() shouldBe 3
            recorder.next() shouldBe "complete"
        }

        test("each subscriber has a run of its own") {
            val runs = AtomicInteger()
            val publisher = door.publisher { flowOf(runs.incrementAndGet()) }
            for (run in 1..2) {
                val recorder = Recorder()
                publisher.subscribe(recorder)
                recorder.next()
                recorder.subscription.request(1)
                recorder.next() shouldBe run
                recorder.next() shouldBe "complete"
            }
        }

        test("a subscriber hears the failure, the same instance") {
            val failure = IOException("no route")
            val recorder = Recorder()
            door.publisher<Int> { flow { throw failure } }.subscribe(recorder)
            recorder.next() shouldBe "subscribed"
            recorder.next() shouldBeSameInstanceAs failure
        }

        test("a cancel of the subscription cancels the flow, and nothing is heard after it") {
            val ended = Signal()
            val recorder = Recorder()
            door
                .publisher {
                    flow<Int> {
                        try {
                            emit(1)
                            awaitCancellation()
                        } finally {
                            ended.come()
                        }
                    }
                }.subscribe(recorder)
            recorder.next()
            recorder.subscription.request(5)
            recorder.next() shouldBe 1
            recorder.subscription.cancel()
            ended.soon()
            recorder.isSilent shouldBe true
        }

        test("to ask for nothing is an error that names the number") {
            val recorder = Recorder()
            door.publisher { flowOf(1) }.subscribe(recorder)
            recorder.next()
            recorder.subscription.request(-1)
            recorder.next().shouldBeInstanceOf<IllegalArgumentException>().message shouldBe
                "rule 3.9 of Reactive Streams: n must be at least 1, but was -1"
        }

        test("a subscriber that throws is cancelled, and what it throws goes to the handler") {
            val handled = CompletableFuture<Throwable>()
            val ended = Signal()
            JavaDoor("handled", CoroutineExceptionHandler { _, error -> handled.complete(error) }).use { other ->
                val failure = IllegalStateException("of the subscriber")
                val subscriber =
                    object : Subscriber<Int> {
                        override fun onSubscribe(subscription: Subscription) = subscription.request(1)

                        override fun onNext(item: Int): Unit = throw failure

                        override fun onError(throwable: Throwable) = error("nobody wants to hear")

                        override fun onComplete() = error("nobody wants to hear")
                    }
                other
                    .publisher {
                        flow<Int> {
                            try {
                                emit(1)
                                awaitCancellation()
                            } finally {
                                ended.come()
                            }
                        }
                    }.subscribe(subscriber)
                handled.soon() shouldBeSameInstanceAs failure
                ended.soon()
            }
        }

        test("a door that is closed ends its subscriptions, and says so to those who come later") {
            val other = JavaDoor("other")
            val publisher = other.publisher { flow<Int> { awaitCancellation() } }
            val early = Recorder()
            publisher.subscribe(early)
            early.next()
            early.subscription.request(1)
            other.close()
            early.next().shouldBeInstanceOf<CancellationException>()
            val late = Recorder()
            publisher.subscribe(late)
            late.next() shouldBe "subscribed"
            late.next().shouldBeInstanceOf<IllegalStateException>().message shouldBe "JavaDoor[other] is closed"
        }
    })
