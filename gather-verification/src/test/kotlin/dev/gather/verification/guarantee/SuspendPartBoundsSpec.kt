package dev.gather.verification.guarantee

import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import dev.gather.threads.Station
import dev.gather.verification.memory.Tracked
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.stream.Stream
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.startCoroutine
import kotlin.coroutines.suspendCoroutine
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** Guarantee 52 where coroutines and threads cross: whose part a gather of the Java door is, and how far that goes. */
@OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
class SuspendPartBoundsSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        // ---- the coroutine that has started it

        for ((what, cancelled) in CANCELLED_INSIDE) {
            test("$what reaches what is joined there, though the body goes on") {
                val piece = Piece<Int>()
                apart {
                    gather({
                        cancelled({ piece.started.soon() }) {
                            runCatching { Gather.of(piece.task()).all().join() }
                        }
                        piece.noticed.soon()
                    })
                }
                piece.isRunning shouldBe false
            }
        }

        for ((where, cleanup) in CLEANUPS) {
            test("cleanup that cannot be cancelled may gather, and the body waits for what that leaves: $where") {
                val piece = Piece<Int>()
                val begun = CompletableFuture<Unit>()
                apart {
                    val gather = launch {
                        gather({
                            try {
                                begun.complete(Unit)
                                delay(1.hours)
                            } finally {
                                cleanup {
                                    Gather.of({ 1 }).all().join() shouldBe listOf(1)
                                    Gather.of(piece.task()).all()
                                }
                            }
                        })
                    }
                    begun.soon()
                    gather.cancel()
                    piece.started.soon()
                    gather.isCompleted shouldBe false
                    piece.returns(1)
                    gather.join()
                }
                piece.noticed.isDone shouldBe false
            }
        }

        test("a stream that is opened in cleanup and not read to its end holds nobody up") {
            apart { gather({ withContext(NonCancellable) { Gather.of({ 1 }, { 2 }).stream() }.let { 7 } }) } shouldBe
                listOf(7)
        }

        for ((where, place) in SHORT_PLACES) {
            test("a stream that is opened $where may be read by the body") {
                apart {
                    gather({
                        val stream = place { Gather.of({ 1 }, { 2 }).stream() }
                        yield()
                        stream.map { it.getOrThrow() }.toList().sorted()
                    })
                } shouldBe listOf(listOf(1, 2))
            }
        }

        test("a coroutine that runs on after the body of its task may start something, and the task ends after that") {
            val piece = Piece<Int>()
            val returned = CompletableFuture<Unit>()
            apart {
                val gather = launch {
                    gather({
                        CoroutineScope(currentCoroutineContext()).launch {
                            returned.await()
                            Gather.of(piece.task()).all()
                        }
                    })
                }
                returned.complete(Unit)
                piece.started.soon()
                gather.isCompleted shouldBe false
                piece.returns(1)
                gather.join()
            }
        }

        // ---- who is on the same thread, and is no part

        for ((how, on) in RESUMED_IN_PLACE) {
            test("a body that another body resumes on its own stack is no part of that: $how") {
                val go = CompletableDeferred<Unit>()
                val piece = Piece<Int>()
                val inner = CompletableFuture<GatherFuture<List<Int>>>()
                val bodies: suspend () -> Any? = {
                    gatherSettled(
                        {
                            go.await()
                            inner.complete(Gather.of(piece.task()).all())
                        },
                        {
                            go.complete(Unit)
                            throw IOException("the other fails")
                        },
                    )
                }
                val all = on(bodies)
                piece.started.soon()
                piece.returns(1)
                inner.soon().soon() shouldBe listOf(1)
                all.soon()
            }
        }

        test("nor is the body of a stranger's gather that a body of the Java door resumes") {
            val go = CompletableDeferred<Unit>()
            val piece = Piece<Int>()
            val inner = CompletableFuture<GatherFuture<List<Int>>>()
            val stranger: suspend () -> Any? = {
                go.await()
                inner.complete(Gather.of(piece.task()).all())
            }
            GlobalScope.launch(Dispatchers.Unconfined) { gather(stranger) }
            val body = Task.of<Int> {
                go.complete(Unit)
                throw IOException("the body fails")
            }
            Gather.of(body).settled().soon()
            piece.started.soon()
            piece.returns(1)
            inner.soon().soon() shouldBe listOf(1)
        }

        test("what runs on by LEAVE_OTHERS is no part of the body that has left it") {
            val piece = Piece<Int>()
            val inner = CompletableFuture<GatherFuture<List<Int>>>()
            val owner = CoroutineScope(SupervisorJob() + Dispatchers.Unconfined)
            val outer = Gather.of(
                Task.of {
                    runBlocking {
                        gather({
                            gather(
                                { inner.complete(Gather.of(piece.task()).all()).let { inner.soon().await() } },
                                { piece.started.await().let { throw IOException("leaves the other") } },
                                onFailure = FailurePolicy.LEAVE_OTHERS,
                                scope = owner,
                            )
                        })
                    }
                },
            )
            outer.settled().soon()
            inner.soon().isDone shouldBe false
            piece.returns(1)
            inner.soon().soon() shouldBe listOf(1)
        }

        test("what a body of the Java door has left to run is no part of what its thread does next") {
            val pool = Executors.newSingleThreadExecutor()
            val go = CompletableDeferred<Unit>()
            val piece = Piece<Int>()
            val started = CompletableFuture<GatherFuture<List<Int>>>()
            val leaves = Task.of {
                GlobalScope.launch(Dispatchers.Unconfined) {
                    gather({
                        go.await()
                        started.complete(Gather.of(piece.task()).all())
                    })
                }
                1
            }
            val next = Task.of {
                GlobalScope.launch(Dispatchers.IO) { go.complete(Unit) }
                piece.started.soon()
                2
            }
            try {
                Gather
                    .of(leaves, next)
                    .executor(pool)
                    .limit(1)
                    .all()
                    .soon() shouldBe listOf(1, 2)
                started.soon().isDone shouldBe false
                piece.returns(3)
                started.soon().soon() shouldBe listOf(3)
            } finally {
                pool.shutdown()
            }
        }

        for ((how, wait) in ENDS) {
            test("nor is it of a suspending body that has ended $how: it is nobody's, and not cancelled") {
                val go = CompletableDeferred<Unit>()
                val piece = Piece<Int>()
                val started = CompletableFuture<GatherFuture<List<Int>>>()
                apart {
                    gather({
                        wait()
                        GlobalScope.launch(Dispatchers.Unconfined) {
                            gather({
                                go.await()
                                started.complete(Gather.of(piece.task()).all())
                            })
                        }
                    })
                }
                go.complete(Unit)
                piece.started.soon()
                piece.returns(3)
                started.soon().soon() shouldBe listOf(3)
            }
        }

        for ((how, wait) in ENDS) {
            test(
                "a listener that hears of the end of a task that has failed $how may start something, which is nobody's",
            ) {
                val piece = Piece<Int>()
                val started = CompletableFuture<GatherFuture<List<Int>>>()
                val listener = whenEnded { started.complete(Gather.of(piece.task()).all()) }
                val body: suspend () -> Int = {
                    wait()
                    throw IOException("failed")
                }
                apart { gatherSettled(body, options = gatherOptions(listener = listener)) }
                piece.started.soon()
                piece.returns(3)
                started.soon().soon() shouldBe listOf(3)
            }
        }

        test("without a dispatcher nothing is left on the threads that have resumed a body") {
            val waiting = List(2) { CompletableFuture<Continuation<Unit>>() }
            val body: suspend () -> Int = {
                withContext(CoroutineName("other")) { suspendCoroutine { waiting[0].complete(it) } }
                suspendCoroutine { waiting[1].complete(it) }
                7
            }
            val all = nowhere { gather(body) }
            waiting.forEach {
                it.soon().resume(Unit)
                Station.current() shouldBe null
            }
            all.soon() shouldBe listOf(7)
        }

        // ---- through a thread that is blocked

        for ((where, context) in mapOf(
            "where it is" to EmptyCoroutineContext,
            "on another dispatcher" to Dispatchers.IO,
        )) {
            test("a body that blocks in a gather of the suspend door, $where: a cancel reaches what that has started") {
                val piece = Piece<Int>()
                val blocking: suspend () -> Any? = {
                    withContext(context) {
                        runBlocking { gather({ runCatching { Gather.of(piece.task()).all().join() } }) }
                    }
                }
                apart {
                    val gather = launch { gather(blocking) }
                    piece.started.soon()
                    gather.cancelAndJoin()
                }
                piece.noticed.isDone shouldBe true
                piece.isRunning shouldBe false
            }
        }

        test("a context that is kept keeps nothing of the body on whose thread the gather was called") {
            val tracked = Tracked()
            val contexts = ArrayList<CoroutineContext>()
            val runs = ArrayList<Int>()
            val body = { value: Any ->
                runBlocking(Dispatchers.Unconfined) { gather({ contexts.add(currentCoroutineContext()) }) }
                value
            }
            Gather
                .each(
                    listOf(tracked.track("item", Any())),
                    body,
                ).executor(tracked.track("executor", Executor { runs.add(it.also(Runnable::run).hashCode()) }))
                .all()
            tracked.shouldBeGarbage()
            contexts.size shouldBe 1
        }

        // ---- when the end is told

        test("where the body has waited the task ends with it, without a thread in between") {
            repeat(300) {
                Gather
                    .of(Task.of { Gather.of({ 1 }).all().join() })
                    .executor(Runnable::run)
                    .all()
                    .isDone shouldBe true
                val here = Thread.currentThread()
                runBlocking(Dispatchers.Unconfined) {
                    gather({ Gather.of({ 1 }).all().join() }) shouldBe listOf(listOf(1))
                    Thread.currentThread() shouldBe here
                }
            }
        }

        test("so no time passes in a test with a virtual clock") {
            repeat(100) {
                runTest {
                    gather({ Gather.of({ 1 }).all().join() }, timeout = 1.hours) shouldBe listOf(listOf(1))
                    gather({ Gather.of({ 1 }).all().join() }, taskTimeout = 1.hours) shouldBe listOf(listOf(1))
                    currentTime shouldBe 0
                }
            }
        }
    })

/** In a coroutine without a dispatcher. */
private fun <T> nowhere(body: suspend () -> T): CompletableFuture<T> {
    val end = CompletableFuture<T>()
    body.startCoroutine(Continuation(EmptyCoroutineContext) { end.complete(it.getOrThrow()) })
    return end
}

private val CANCELLED_INSIDE: Map<String, suspend (started: () -> Unit, suspend () -> Unit) -> Unit> =
    mapOf(
        "the cancel of a coroutine that a body has launched" to { started, block ->
            coroutineScope {
                val launched = launch { block() }
                started()
                launched.cancelAndJoin()
            }
        },
        "withTimeout in a body" to { _, block -> withTimeoutOrNull(A_SECOND) { block() } },
        "withTimeout after a scope that has ended" to { _, block ->
            coroutineScope { delay(1) }
            withTimeoutOrNull(A_SECOND) { coroutineScope { block() } }
        },
        "the failure of another in coroutineScope" to { started, block ->
            runCatching {
                coroutineScope {
                    launch { block() }
                    started()
                    throw IOException("another")
                }
            }
        },
    )

private val ENDS: Map<String, suspend () -> Unit> =
    mapOf(
        "at once" to {},
        "after a delay" to { delay(1) },
        "after a scope" to { coroutineScope { delay(1) } },
        "after a wait that asks for no job" to {
            suspendCoroutine { Thread { it.resume(Unit) }.start() }
        },
        "before what it has launched" to {
            val launched = CompletableDeferred<Unit>()
            CoroutineScope(currentCoroutineContext()).launch {
                withContext(NonCancellable) {
                    launched.complete(Unit)
                    delay(10)
                }
            }
            launched.await()
        },
    )

private val CLEANUPS: Map<String, suspend (suspend () -> Unit) -> Unit> =
    mapOf(
        "in place" to { withContext(NonCancellable) { it() } },
        "on another dispatcher" to { cleanup -> withContext(Dispatchers.IO + NonCancellable) { cleanup() } },
        "after a delay" to { cleanup ->
            withContext(NonCancellable) {
                delay(1)
                cleanup()
            }
        },
    )

private val SHORT_PLACES: Map<String, suspend (() -> Stream<Completed<Int>>) -> Stream<Completed<Int>>> =
    mapOf(
        "on another dispatcher" to { open -> withContext(Dispatchers.IO) { open() } },
        "in coroutineScope" to { open ->
            coroutineScope {
                delay(1)
                open()
            }
        },
    )

private val RESUMED_IN_PLACE: Map<String, (suspend () -> Any?) -> CompletableFuture<*>> =
    mapOf(
        "without a dispatcher" to { nowhere(it) },
        "unconfined" to { bodies ->
            CompletableFuture.supplyAsync { runBlocking(Dispatchers.Unconfined) { bodies() } }
        },
    )

private val A_SECOND = 1.seconds
