package dev.gather.bridge

import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import io.micrometer.context.ContextRegistry
import io.micrometer.context.ThreadLocalAccessor
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicInteger
import java.util.stream.Stream
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

private fun single(): ExecutorCoroutineDispatcher = Executors
    .newSingleThreadExecutor {
        Thread(it, "single")
    }.asCoroutineDispatcher()

open class Subscribing : Subscriber<Int> {
    override fun onSubscribe(subscription: Subscription) = subscription.request(Long.MAX_VALUE)

    override fun onNext(item: Int) {}

    override fun onError(throwable: Throwable) {}

    override fun onComplete() {}
}

/** Situations that are not on the ordinary road; each has been a hang or a loss. */
class BesideTheRoadSpec :
    FunSpec({
        // ---- who waits for whom

        test("a dependent of a call that has suspended may close the door") {
            inTime {
                val door = JavaDoor("users")
                val go = CompletableFuture<Unit>()
                val closed = door.future { go.awaitShared() }.whenComplete { _, _ -> door.close() }
                go.complete(Unit)
                closed.join()
            }
        }

        test("a call inside of another may close the door of that one") {
            inTime {
                val door = JavaDoor("outer")
                runCatching { door.future { door.blocking { door.close() } }.join() }
                single().use { thread ->
                    JavaDoor("inner", thread).use { inner ->
                        val outer = JavaDoor("outer")
                        runCatching { outer.future { inner.blocking { outer.close() } }.join() }
                    }
                }
            }
        }

        test("a call inside of another may cancel that one, whose dependents wait for its end") {
            JavaDoor("users").use { door ->
                val own = CompletableFuture<GatherFuture<*>>()
                val heard = Signal()
                val future = door.future { door.blocking { own.join().cancel(true) } }
                future.whenComplete { _, _ ->
                    future.terminated().join()
                    heard.come()
                }
                own.complete(future)
                heard.soon()
            }
        }

        test("a close waits for calls, and not for what hangs on their ends") {
            val closed = Signal()
            val reached = Signal()
            val go = CompletableFuture<Unit>()
            val door = JavaDoor("users")
            door.future { launch { go.awaitShared() } }.thenRun {
                reached.come()
                closed.soon()
            }
            go.complete(Unit)
            reached.soon()
            inTime { door.close() }
            closed.come()
        }

        test("what begins while the door is closed does not run after that") {
            val door = JavaDoor("users", Dispatchers.IO)
            val running = AtomicInteger()
            val isClosed = Signal()
            val beginner =
                thread {
                    while (!isClosed.hasCome) {
                        runCatching {
                            door.future {
                                running.incrementAndGet()
                                try {
                                    withContext(NonCancellable) { yield() }
                                } finally {
                                    running.decrementAndGet()
                                }
                            }
                        }
                    }
                }
            List(1_000) { door.future { awaitCancellation() } }
            inTime { door.close() }
            running.get() shouldBe 0
            isClosed.come()
            beginner.join()
            running.get() shouldBe 0
        }

        test("a future is done, and terminated, when the door has been closed") {
            repeat(2_000) {
                val door = JavaDoor("users", if (it % 2 == 0) Dispatchers.Unconfined else Dispatchers.Default)
                val future = door.future { launch(Dispatchers.Unconfined) { delay(1) } }
                if (it % 3 == 0) yield()
                door.close()
                future.isDone shouldBe true
                future.terminated().isDone shouldBe true
            }
        }

        test("without a dispatcher a door that is closed waits, but not for what this thread would have to resume") {
            val door = JavaDoor("users", Dispatchers.Unconfined)
            val body = CleaningUp()
            val future = door.future { body.run() }
            body.goOn()
            // What is cancelled from inside of an unconfined coroutine goes on when that has come back.
            inTime { CoroutineScope(Dispatchers.Unconfined).launch { door.close() } }
            future.terminated().soon()

            val slow = JavaDoor("users", Dispatchers.Unconfined)
            val cleaning = CleaningUp()
            val other = slow.future { cleaning.run() }
            val closing = CompletableFuture.runAsync { slow.close() }
            cleaning.cleaning.soon()
            closing.isDone shouldBe false
            cleaning.goOn()
            closing.soon()
            other.terminated().isDone shouldBe true
        }

        test("a publisher that is asked for all ends after a cancel, also over a flow that hears of none") {
            val enough = Signal()
            JavaDoor("users").use { door ->
                door.publisher { generateSequence(1) { it + 1 }.asFlow() }.subscribe(
                    object : Subscribing() {
                        lateinit var subscription: Subscription

                        override fun onSubscribe(subscription: Subscription) {
                            this.subscription = subscription
                            super.onSubscribe(subscription)
                        }

                        override fun onNext(item: Int) {
                            if (item == 10) {
                                subscription.cancel()
                                enough.come()
                            }
                        }
                    },
                )
                enough.soon()
                inTime { door.close() }
            }
        }

        // ---- streams and waiting threads

        test("a stream that was not closed does not keep the door open, wherever it was read") {
            inTime {
                val door = JavaDoor("users")
                door.future { door.stream { flowOf(1, 2, 3) }.iterator().next() }.join() shouldBe 1
                door.close()
            }
        }

        test("who reads on the only thread of the dispatcher may close the door there") {
            single().use { thread ->
                val door = JavaDoor("users", thread)
                door.future { 1 }.soon()
                thread.executor.execute {
                    runCatching { door.stream { flowOf(1, 2) }.use { stream -> stream.forEach { door.close() } } }
                }
                inTime { door.close() }
            }
        }

        test("a stream made elsewhere can be read on the only thread of the dispatcher, and the other way round") {
            single().use { thread ->
                JavaDoor("users", thread).use { door ->
                    val stream = door.stream { flow { emit(Thread.currentThread().name.substringBefore(' ')) } }
                    door.future { stream.toList() }.soon() shouldBe listOf("single")
                    val made = CompletableFuture<Stream<String>>()
                    val read = Signal()
                    val maker =
                        door.future {
                            made.complete(
                                door.stream { flow { emit(Thread.currentThread().name.substringBefore(' ')) } },
                            )
                            withContext(Dispatchers.IO) { read.soon() }
                        }
                    inTime { made.soon().use { it.toList() } shouldBe listOf("single") }
                    read.come()
                    maker.soon()
                }
            }
        }

        test("a coroutine of its own that takes the dispatcher of a blocking call goes on after it") {
            val went = Signal()
            JavaDoor("users").use { door ->
                withContext(Dispatchers.Default) {
                    door.blocking {
                        CoroutineScope(coroutineContext + Job()).launch {
                            delay(20)
                            went.come()
                        }
                    }
                }
                went.soon()
            }
        }

        test("what hangs on a call, and a subscriber, may block on another of the same thread") {
            JavaDoor("users", Dispatchers.IO.limitedParallelism(1)).use { door ->
                val go = CompletableFuture<Int>()
                val next = door.future { go.awaitShared() }.thenApply { door.blocking { it + 1 } }
                go.complete(1)
                next.soon() shouldBe 2
                val heard = CompletableFuture<Int>()
                door.publisher { flowOf(1) }.subscribe(
                    object : Subscribing() {
                        override fun onNext(item: Int) {
                            heard.complete(door.blocking { item + 1 })
                        }
                    },
                )
                heard.soon() shouldBe 2
            }
        }

        test("two doors over one executor, and two that call each other, do not wait for themselves") {
            single().use { thread ->
                val again = thread.executor.asCoroutineDispatcher()
                JavaDoor("a", thread).use { a ->
                    JavaDoor("b", again).use { b ->
                        a.future { b.blocking { yield().let { 1 } } }.soon() shouldBe 1
                    }
                    single().use { other ->
                        JavaDoor("c", other).use { c ->
                            a.future { c.blocking { a.blocking { yield().let { 2 } } } }.soon() shouldBe 2
                        }
                    }
                }
            }
        }

        // ---- nothing is lost

        test("what a body throws after an interrupt is suppressed in what the caller gets") {
            val failure = IOException("while cleaning up")
            val started = Signal()
            val seen = CompletableFuture<Throwable?>()
            JavaDoor("users").use { door ->
                val caller =
                    thread {
                        val call =
                            runCatching {
                                door.blocking<Int> {
                                    try {
                                        started.come()
                                        awaitCancellation()
                                    } finally {
                                        throw failure
                                    }
                                }
                            }
                        seen.complete(call.exceptionOrNull())
                    }
                started.soon()
                caller.interrupt()
                seen
                    .soon()
                    .shouldBeInstanceOf<CancellationException>()
                    .suppressed
                    .toList() shouldContain failure
            }
        }

        test("a call that ends without being waited for has its result although the thread was interrupted") {
            JavaDoor("users", Dispatchers.Unconfined).use { door ->
                inTime {
                    val failure = IOException("no route")
                    Thread.currentThread().interrupt()
                    door.blocking { 42 } shouldBe 42
                    shouldThrow<IOException> { door.blocking { throw failure } } shouldBeSameInstanceAs failure
                    Thread.interrupted() shouldBe true
                }
            }
        }

        test("what a flow throws while its stream is closed is thrown there") {
            val failure = IOException("while cleaning up")
            JavaDoor("users").use { door ->
                inTime {
                    val stream =
                        door.stream {
                            flow {
                                try {
                                    emit(1)
                                    awaitCancellation()
                                } finally {
                                    throw failure
                                }
                            }
                        }
                    stream.iterator().next() shouldBe 1
                    shouldThrow<IOException> { stream.close() } shouldBeSameInstanceAs failure
                }
            }
        }

        test("a stream that was closed throws an exception of its own to each who reads on") {
            JavaDoor("users").use { door ->
                val thrown =
                    List(2) {
                        val stream = door.stream { flowOf(1) }
                        val iterator = stream.iterator()
                        stream.close()
                        runCatching { iterator.next() }.exceptionOrNull()!!
                    }
                (thrown[0] === thrown[1]) shouldBe false
            }
        }

        test("a refusal of the dispatcher is a failure, and what it was refused with") {
            val refusing = Executors.newSingleThreadExecutor().apply { shutdown() }
            JavaDoor("users", refusing.asCoroutineDispatcher()).use { door ->
                val future = door.future { 1 }
                runCatching { future.soon() }.exceptionOrNull()!!.cause.shouldBeInstanceOf<RejectedExecutionException>()
                future.isCancelled shouldBe false
                val outcome =
                    Gather
                        .of(door.task { 1 })
                        .settled()
                        .soon()
                        .single()
                outcome.shouldBeInstanceOf<Outcome.Failure<*>>().cause.shouldBeInstanceOf<RejectedExecutionException>()
                inTime { shouldThrow<RejectedExecutionException> { door.blocking { 1 } } }
            }
        }

        test("a minimal stage of the JDK, which refuses to be cancelled, is not waited for any longer") {
            val stage = CompletableFuture<Int>().minimalCompletionStage()
            var thrown: Throwable? = null
            launch(start = CoroutineStart.UNDISPATCHED) {
                thrown = runCatching { stage.awaitOwned() }.exceptionOrNull()
            }.cancelAndJoin()
            thrown.shouldBeInstanceOf<CancellationException>().suppressed.size shouldBe 0
        }

        test("a thread local that cannot be set fails the call, and hangs nobody") {
            val failure = IllegalStateException("no such context")
            val broken =
                object : ThreadLocalAccessor<String> {
                    override fun key() = "dev.gather.bridge.broken"

                    override fun getValue() = "there"

                    override fun setValue(value: String): Unit = throw failure

                    override fun setValue() {}
                }
            ContextRegistry.getInstance().registerThreadLocalAccessor(broken)
            try {
                JavaDoor("users").use { door ->
                    val future = door.future { yield() }
                    val terminated = future.terminated()
                    runCatching { future.soon() }.exceptionOrNull()!!.cause shouldBeSameInstanceAs failure
                    terminated.soon()
                    inTime {
                        shouldThrow<IllegalStateException> { door.blocking { yield() } } shouldBeSameInstanceAs
                            failure
                    }
                }
            } finally {
                ContextRegistry.getInstance().removeThreadLocalAccessor("dev.gather.bridge.broken")
            }
        }

        // ---- owners and threads

        test("a door that is refused leaves nothing with its parent") {
            val parent = Job()
            shouldThrow<IllegalArgumentException> { JavaDoor("users", parent, (-1).seconds) }
            parent.complete()
            parent.isCompleted shouldBe true
        }

        test("no code of a user runs on the thread that keeps the time") {
            val threads = ConcurrentLinkedQueue<String>()
            val ended = Signal()
            JavaDoor("users", Dispatchers.Unconfined).use { door ->
                door
                    .publisher {
                        flow<Int> {
                            delay(1)
                            emit(1)
                            delay(1)
                        }
                    }.subscribe(
                        object : Subscribing() {
                            override fun onNext(item: Int) {
                                threads += Thread.currentThread().name
                            }

                            override fun onComplete() {
                                threads += Thread.currentThread().name
                                ended.come()
                            }
                        },
                    )
                ended.soon()
                val stage = CompletableFuture<Int>()
                val heard = Signal()
                stage.whenComplete { _, _ ->
                    threads += Thread.currentThread().name
                    heard.come()
                }
                withContext(Dispatchers.Unconfined) { withTimeoutOrNull(5) { stage.awaitOwned() } }
                heard.soon()
                threads.size shouldBe 3
                threads.filter { it.startsWith("kotlinx.coroutines.DefaultExecutor") } shouldBe emptyList()
            }
        }

        test("what stands beside such a task goes on") {
            JavaDoor("users").use { door ->
                val closed = JavaDoor("closed").apply { close() }
                Gather
                    .of(closed.task { 1 }.orElse(0), door.task { 2 }, Task.of { 3 })
                    .all()
                    .soon() shouldBe listOf(0, 2, 3)
            }
        }
    })
