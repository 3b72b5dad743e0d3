package dev.gather.bridge

import dev.gather.Limiter
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.launch
import kotlinx.coroutines.newSingleThreadContext
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.Callable
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlin.concurrent.thread
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/** What waits for a call may be the very thread that the call needs. */
@OptIn(DelicateCoroutinesApi::class) // a context with one thread, which the test closes
class OwnThreadSpec :
    FunSpec({
        /** The body suspends, and waits for others that are on the dispatcher as well. */
        fun suspending(inner: JavaDoor) =
            inner.blocking {
                val part = launch { yield() }
                delay(1)
                part.join()
                Thread.currentThread()
            }

        test("inside of a call on the only thread of the dispatcher it runs in place") {
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { single ->
                JavaDoor("single", single).use { inner ->
                    val (outside, inside) = inner.future { Thread.currentThread() to suspending(inner) }.soon()
                    inside shouldBeSameInstanceAs outside
                }
            }
        }

        test("also twice inside of each other") {
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { single ->
                JavaDoor("single", single).use { inner ->
                    inner.future { inner.blocking { suspending(inner) } }.soon()
                }
            }
        }

        test("also from somebody else's code on a thread that has run a call before") {
            Executors.newSingleThreadExecutor().useAndShutDown { executor ->
                JavaDoor("single", executor.asCoroutineDispatcher()).use { inner ->
                    inner.future { 1 }.soon()
                    executor.submit<Thread> { suspending(inner) }.soon()
                }
            }
        }

        /** What names the dispatcher again, and waits for it. */
        val naming =
            mapOf<String, suspend CoroutineScope.(JavaDoor, CoroutineDispatcher) -> Unit>(
                "withContext" to { _, single -> withContext(single) { yield() } },
                "withContext, among other elements" to
                    { _, single -> withContext(CoroutineName("named") + single) { yield() } },
                "withContext, having been elsewhere" to
                    { _, single -> withContext(Dispatchers.Default) { withContext(single) { yield() } } },
                "async" to { _, single -> async(single) { yield() }.await() },
                "flowOn" to { _, single -> flowOf(1, 2).flowOn(single).toList() },
                "a dispatcher of its own over the same executor" to
                    { _, single -> withContext(single.asExecutor().asCoroutineDispatcher()) { yield() } },
                "a future of the door" to { door, _ -> door.future { yield() }.await() },
                "a task of the door" to { door, _ -> Gather.of(door.task { yield() }).awaitAll() },
                "a call that waits" to { door, single -> door.blocking { withContext(single) { yield() } } },
                "the Kotlin door, with permits" to
                    {
                        _,
                        single,
                        ->
                        gather({ withContext(single) { yield() } }, { yield() }, limiter = Limiter.concurrent(1))
                    },
                "the Kotlin door" to { _, single -> gather({ withContext(single) { yield() } }, { yield() }) },
            )

        for ((what, body) in naming) {
            test("in place, a body may wait for the dispatcher it names: $what") {
                Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { single ->
                    JavaDoor("single", single).use { inner ->
                        inner.future { inner.blocking { body(inner, single) } }.soon()
                        // and where the thread that waits is another
                        inTime { inner.blocking { body(inner, single) } }
                    }
                }
            }
        }

        test("in place, a body that blocks waits for another thread of the dispatcher, if there is one") {
            Executors.newFixedThreadPool(2).asCoroutineDispatcher().use { two ->
                for (dispatcher in listOf(two, Dispatchers.Default, Dispatchers.IO.limitedParallelism(2))) {
                    JavaDoor("two", dispatcher).use { inner ->
                        inner.future { inner.blocking { async { 1 }.asCompletableFuture().get() } }.soon() shouldBe 1
                        inner.future { inner.blocking { inner.future { 1 }.get() } }.soon() shouldBe 1
                    }
                }
            }
        }

        test("what is confined to one thread stays there, wherever the coroutine has gone that calls") {
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { single ->
                JavaDoor("confined", single).use { inner ->
                    fun counted() =
                        inner.blocking {
                            var count = 0
                            coroutineScope {
                                repeat(ROUNDS) {
                                    launch {
                                        yield()
                                        count++ // by one thread, or some are lost
                                    }
                                }
                            }
                            count to Thread.currentThread()
                        }
                    val (elsewhere, call) =
                        inner
                            .future {
                                val own = Thread.currentThread()
                                withContext(Dispatchers.IO) { own to counted() }
                            }.soon()
                    call.first shouldBe ROUNDS
                    call.second shouldBeSameInstanceAs elsewhere
                    inner.future { counted() }.soon().first shouldBe ROUNDS
                }
            }
        }

        test("in place, the queue of the executor does not grow, and refuses nobody else") {
            val queue = ArrayBlockingQueue<Runnable>(8)
            for (policy in listOf(ThreadPoolExecutor.AbortPolicy(), ThreadPoolExecutor.CallerRunsPolicy())) {
                ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue, policy).useAndShutDown { executor ->
                    JavaDoor("rows", executor.asCoroutineDispatcher()).use { inner ->
                        inner
                            .future {
                                inner
                                    .stream {
                                        flow {
                                            repeat(ROUNDS) {
                                                yield()
                                                emit(it)
                                            }
                                        }
                                    }.use { it.count() }
                            }.soon() shouldBe ROUNDS.toLong()
                        inner
                            .future {
                                inner.blocking {
                                    repeat(ROUNDS) { yield() }
                                    queue.size
                                }
                            }.soon() shouldBeLessThan 3
                    }
                }
            }
        }

        test("what an executor has thrown away that was shut down is refused, and hangs no reader") {
            val executor = Executors.newSingleThreadExecutor()
            val inner = JavaDoor("rows", executor.asCoroutineDispatcher())
            val goOn = CompletableFuture<Unit>()
            val isLeft = Signal()
            val isRefused = Signal()
            val stream =
                inner
                    .future {
                        inner
                            .stream {
                                flow {
                                    emit(1)
                                    goOn.awaitShared()
                                    emit(2)
                                }
                            }.iterator()
                            .also { it.next() }
                            .also { executor.shutdownNow() } // with what has been sent there for it
                            .also { isLeft.come() }
                            .also { Thread.interrupted() }
                            .also { isRefused.soon() } // with the body it would end in any case
                    }
            isLeft.soon()
            goOn.complete(Unit)
            isRefused.come()
            inTime { shouldThrow<RejectedExecutionException> { stream.soon().next() } }
            inTime { inner.close() }
        }

        test("in place, an interrupt is seen also where there is always something to run") {
            JavaDoor("unconfined", Dispatchers.Unconfined).use { inner ->
                val started = Signal()
                val seen = CompletableFuture<Throwable?>()
                val caller =
                    thread(isDaemon = true) {
                        val spinning =
                            runCatching {
                                inner.blocking {
                                    started.come()
                                    while (true) yield()
                                }
                            }
                        val isInterrupted = Thread.currentThread().isInterrupted
                        val early =
                            runCatching {
                                inner.blocking {
                                    yield()
                                    yield()
                                }
                            }
                        seen.complete(if (isInterrupted && early.isFailure) spinning.exceptionOrNull() else null)
                    }
                started.soon()
                caller.interrupt()
                seen.soon().shouldBeInstanceOf<CancellationException>()
            }
        }

        test("unconfined, a flow that yields between the steps of its reader goes on, however often") {
            JavaDoor("unconfined", Dispatchers.Unconfined).use { inner ->
                val goOn = CompletableFuture<Unit>()
                inTime {
                    inner
                        .stream {
                            flow {
                                emit(1)
                                goOn.awaitShared()
                                repeat(ROUNDS) { yield() }
                                emit(2)
                            }
                        }.use { stream ->
                            val values = stream.iterator()
                            values.next() shouldBe 1
                            thread { goOn.complete(Unit) }.join() // it yields there
                            values.next() shouldBe 2
                        }
                }
            }
        }

        /** Threads that nobody can know to be those of the dispatcher. */
        val unknown =
            mapOf<String, (CoroutineDispatcher, () -> Unit) -> Unit>(
                "an executor" to { single, action -> single.asExecutor().execute(action) },
                "a coroutine" to { single, action -> CoroutineScope(single).launch { action() } },
                "withContext" to
                    { single, action -> CoroutineScope(Dispatchers.IO).launch { withContext(single) { action() } } },
            )
        val singles =
            mapOf(
                "newSingleThreadExecutor" to { Executors.newSingleThreadExecutor().asCoroutineDispatcher() },
                "newSingleThreadContext" to { newSingleThreadContext("single") },
                "limitedParallelism" to { Dispatchers.Default.limitedParallelism(1) },
                "an executor of somebody's own" to { Loop().asCoroutineDispatcher() },
                "an executor that runs one after the other what a pool runs" to { InTurn().asCoroutineDispatcher() },
                "a dispatcher of somebody's own" to { HandMadeDispatcher(Loop()) },
                "a dispatcher that runs one after the other what a pool runs" to { HandMadeDispatcher(InTurn()) },
                "an executor of somebody's own, as nobody may configure it" to
                    { Executors.unconfigurableExecutorService(LoopService()).asCoroutineDispatcher() },
            )
        test(
            "on the only thread of a dispatcher, where nobody knows that, a call fails with one sentence; it never hangs",
        ) {
            // All at once: each takes as long as a call is patient.
            val stuck =
                unknown.flatMap { (of, thread) ->
                    singles.map { (which, make) -> "on $which, as $of has it" to Stuck(make(), thread) }
                }
            for ((where, it) in stuck) {
                withClue(where) {
                    for (thrown in listOf(it.call.soon(), it.stream.soon())) {
                        thrown.shouldBeInstanceOf<IllegalStateException>().message shouldContain
                            "JavaDoor[single] has had no thread for 5s"
                    }
                    it.isOver.soon()
                    it.hasRun shouldBe false
                    it.close()
                }
            }
        }

        test("on the only thread of a ForkJoinPool, and on that of a main dispatcher, it runs in place") {
            val pool = ForkJoinPool(1)
            JavaDoor("single", pool.asCoroutineDispatcher()).use { inner ->
                pool.submit(Callable { suspending(inner) }).soon()
            }
            pool.shutdown()
            OnlyThread().use { main ->
                JavaDoor("main", main).use { inner ->
                    val ran = CompletableFuture<Thread>()
                    main.dispatch(EmptyCoroutineContext) { ran.complete(suspending(inner)) }
                    ran.soon() shouldBeSameInstanceAs main.thread
                }
            }
        }

        test("a dispatcher that is only busy is waited for, from anywhere but a thread that may be its own") {
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { single ->
                JavaDoor("single", single).use { inner ->
                    inner.future { 1 }.soon() // its thread is known
                    val goOn = CompletableFuture<Unit>()
                    single.executor.execute { goOn.get() }
                    val waiting = CoroutineScope(Dispatchers.IO).async { inner.blocking { 2 } }.asCompletableFuture()
                    // The same where no thread is known, and the caller is none of such a dispatcher's.
                    val view = Dispatchers.IO.limitedParallelism(1)
                    view.asExecutor().execute { goOn.get() }
                    val viewed = JavaDoor("view", view)
                    val onOwnThread = CompletableFuture<Int>()
                    thread(isDaemon = true) { onOwnThread.complete(runBlocking { viewed.blocking { 3 } }) }
                    val onDefault = CoroutineScope(Dispatchers.Default).async { viewed.blocking { 4 } }
                    // And where it is somebody's own, and a call has run on another thread.
                    val loops = listOf(Loop().asCoroutineDispatcher(), HandMadeDispatcher(Loop()))
                    val looped =
                        loops.map { loop ->
                            val owned = JavaDoor("loop", loop)
                            owned.blocking { } // so a thread is known
                            loop.asExecutor().execute { goOn.get() }
                            val call = CompletableFuture<Int>()
                            thread(isDaemon = true) { call.complete(owned.blocking { 5 }) }
                            call
                        }
                    shouldThrow<TimeoutException> { waiting.get(6, TimeUnit.SECONDS) }
                    goOn.complete(Unit)
                    waiting.soon() shouldBe 2
                    looped.forEach { it.soon() shouldBe 5 }
                    loops.forEach { it.closeWithExecutor() }
                    onOwnThread.soon() shouldBe 3
                    onDefault.asCompletableFuture().soon() shouldBe 4
                    viewed.close()
                }
            }
        }

        test("a call that has begun is waited for after an interrupt, however busy its dispatcher is") {
            val single = Dispatchers.IO.limitedParallelism(1)
            val body = CleaningUp()
            val goOn = CompletableFuture<Unit>()
            val isInterrupted = CompletableFuture<Boolean>()
            val inner = JavaDoor("view", single)
            val caller = CompletableFuture<Thread>()
            CoroutineScope(Dispatchers.IO).launch {
                caller.complete(Thread.currentThread())
                runCatching { inner.blocking { body.run() } }
                isInterrupted.complete(Thread.interrupted())
            }
            body.started.soon()
            single.asExecutor().execute { goOn.get() }
            caller.soon().interrupt()
            shouldThrow<TimeoutException> { isInterrupted.get(6, TimeUnit.SECONDS) }
            goOn.complete(Unit)
            body.goOn()
            isInterrupted.soon() shouldBe true
            body.ended.hasCome shouldBe true
            inner.close()
        }

        for ((name, shared) in mapOf("Default" to Dispatchers.Default, "IO" to Dispatchers.IO)) {
            test("on all threads of Dispatchers.$name at once it does not hang") {
                JavaDoor("shared", shared as CoroutineDispatcher).use { inner ->
                    val calls = List(200) { inner.future { withContext(shared) { suspending(inner) } } }
                    calls.forEach { it.soon() }
                }
            }
        }
    })

private const val ROUNDS = 10_000

/** Calls on the only thread of a dispatcher, which nobody can know to be that. */
private class Stuck(
    private val single: CoroutineDispatcher,
    onItsThread: (CoroutineDispatcher, () -> Unit) -> Unit,
) : AutoCloseable {
    private val door = JavaDoor("single", single)

    @Volatile var hasRun = false

    val call = CompletableFuture<Throwable?>()
    val stream = CompletableFuture<Throwable?>()
    val isOver = Signal()

    init {
        onItsThread(single) {
            call.complete(runCatching { door.blocking { hasRun = true } }.exceptionOrNull())
            stream.complete(runCatching { door.stream { flowOf(1) }.use { it.toList() } }.exceptionOrNull())
            door.close()
            isOver.come()
        }
    }

    override fun close() = single.closeWithExecutor()
}

/** As that of a user interface: it has one thread, and knows it. */
private class OnlyThread :
    MainCoroutineDispatcher(),
    AutoCloseable {
    lateinit var thread: Thread
    private val executor = Executors.newSingleThreadExecutor { run -> Thread(run).also { thread = it } }

    override val immediate: MainCoroutineDispatcher =
        object : MainCoroutineDispatcher() {
            override val immediate get() = this

            override fun isDispatchNeeded(context: CoroutineContext) = Thread.currentThread() !== thread

            override fun dispatch(
                context: CoroutineContext,
                block: Runnable,
            ) = executor.execute(block)
        }

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) = executor.execute(block)

    override fun close() = executor.shutdown()
}

private inline fun ExecutorService.useAndShutDown(action: (ExecutorService) -> Unit) =
    try {
        action(this)
    } finally {
        shutdown()
    }
