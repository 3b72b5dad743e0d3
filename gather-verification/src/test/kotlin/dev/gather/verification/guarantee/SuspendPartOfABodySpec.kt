package dev.gather.verification.guarantee

import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Guarantee 52 where the body suspends: a gather of the Java door that it starts is a part of it. */
class SuspendPartOfABodySpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        for ((where, place) in PLACES) {
            for ((how, waitFor) in WAYS_TO_WAIT) {
                for ((end, stop) in SUSPEND_STOPS) {
                    test("$end reaches what a body $where waits for by $how, and it ends first") {
                        val pieces = List(2) { Piece<Int>() }
                        apart {
                            stop({ pieces.forEach { it.started.soon() } }) {
                                place { waitFor(Gather.of(pieces.map { it.task() })) }
                            }
                            pieces.shouldHaveBeenCancelled()
                        }
                    }
                }
            }

            test("the task of a body that starts something $where and does not wait ends after that") {
                val piece = Piece<Int>()
                val returned = CompletableFuture<Unit>()
                apart {
                    val gather = async {
                        gather({
                            place { Gather.of(piece.task()).all() }
                            returned.complete(Unit)
                            7
                        })
                    }
                    if (where != IN_A_GATHER) returned.soon() // which waits
                    piece.started.soon()
                    yield()
                    gather.isCompleted shouldBe false
                    piece.returns(1)
                    gather.await() shouldBe listOf(7)
                }
            }

            test("a stream that is opened $where and not read to its end has ended with the body") {
                val pieces = List(2) { Piece<Int>() }
                val gather = CompletableFuture.supplyAsync {
                    apart {
                        gather({
                            place {
                                val stream = Gather.of(pieces.map { it.task() }).stream()
                                stream.iterator().next()
                            }
                            7
                        })
                    }
                }
                pieces.forEach { it.started.soon() }
                pieces[0].returns(1)
                gather.soon() shouldBe listOf(7)
                pieces[1].isRunning shouldBe false
            }
        }

        test("what a body that fails has started is cancelled, and the failure is its own, as it is") {
            val piece = Piece<Int>()
            val own = IOException("own")
            val body: suspend () -> Int = {
                yield()
                Gather.of(piece.task()).all()
                piece.started.soon()
                throw own
            }
            val outcome = apart { gatherSettled(body).single() }
            (outcome as Outcome.Failure).cause shouldBeSameInstanceAs own
            piece.isRunning shouldBe false
        }

        test("a failure that nobody waits for is not that of the task") {
            val body: suspend () -> Int = {
                Gather.of(Task.of<Int> { throw IOException("nobody's") }).all()
                7
            }
            apart { gather(body) } shouldBe listOf(7)
        }

        test("a gather that is started after the cancel is cancelled as well") {
            val begun = CompletableFuture<Unit>()
            val inner = CompletableFuture<GatherFuture<*>>()
            apart {
                val gather = launch {
                    gather({
                        begun.complete(Unit)
                        runCatching { delay(1.hours) }
                        inner.complete(Gather.of(Task.async { CompletableFuture<Int>() }).all())
                    })
                }
                begun.soon()
                gather.cancelAndJoin()
            }
            inner.soon().isCancelled shouldBe true
        }

        test("a gather with a scope of its own is left alone") {
            GatherScope().use { scope ->
                val piece = Piece<Int>()
                val inner = CompletableFuture<GatherFuture<List<Int>>>()
                apart { gather({ inner.complete(Gather.of(piece.task()).scope(scope).all()) }) }
                piece.started.soon()
                inner.soon().isDone shouldBe false
                piece.returns(1)
                inner.soon().soon() shouldBe listOf(1)
            }
        }

        test("so is what a coroutine starts that is launched elsewhere, with the context of the body") {
            val piece = Piece<Int>()
            val inner = CompletableFuture<GatherFuture<List<Int>>>()
            apart {
                gather({
                    @OptIn(DelicateCoroutinesApi::class)
                    GlobalScope.launch(currentCoroutineContext().minusKey(Job)) {
                        yield()
                        inner.complete(Gather.of(piece.task()).all())
                    }
                    inner.soon()
                    piece.started.soon()
                })
            }
            inner.soon().isDone shouldBe false
            piece.returns(1)
            inner.soon().soon() shouldBe listOf(1)
        }

        for ((what, wait) in mapOf<String, suspend () -> Unit>("at once" to {}, "after a delay" to { delay(1) })) {
            test("what runs on the thread after a body that ends $what is nobody's part") {
                val piece = Piece<Int>()
                val pool = Executors.newSingleThreadExecutor()
                try {
                    runBlocking(pool.asCoroutineDispatcher()) { gather({ wait() }, { wait() }) }
                    val later = CompletableFuture.supplyAsync({ Gather.of(piece.task()).all() }, pool)
                    runBlocking(pool.asCoroutineDispatcher()) { gather({ wait() }, { 2 }) }
                    piece.started.soon()
                    later.soon().isDone shouldBe false
                    piece.returns(3)
                    later.soon().soon() shouldBe listOf(3)
                } finally {
                    pool.shutdown()
                }
            }
        }

        test("the input of a gather is no body: what reading it starts after one has ended is nobody's part") {
            val piece = Piece<Int>()
            val inner = CompletableFuture<GatherFuture<List<Int>>>()
            val input = Iterable {
                iterator {
                    yield(1)
                    inner.complete(Gather.of(piece.task()).all())
                    yield(2)
                }
            }
            apart {
                input.gather(limit = 1) {
                    delay(1)
                    it
                } shouldBe listOf(1, 2)
            }
            piece.started.soon()
            piece.returns(1)
            inner.soon().soon() shouldBe listOf(1)
        }

        test("through both doors and back, each inside the other: a cancel reaches the innermost, which ends first") {
            val piece = Piece<Int>()
            val innermost = { runBlocking { gather({ delay(1).let { Gather.of(piece.task()).all().join() } }) } }
            val future = Gather
                .of(
                    Task.of {
                        runBlocking {
                            gather({
                                delay(1)
                                Gather.of(Task.of(innermost)).all().join()
                            })
                        }
                    },
                ).all()
            piece.started.soon()
            future.cancel(true)
            future.terminated().soon()
            piece.noticed.isDone shouldBe true
            piece.isRunning shouldBe false
        }

        test("a body that closes the scope of a gather further out does not wait for itself") {
            val scope = GatherScope()
            val body = Task.of {
                runBlocking {
                    gather({
                        yield()
                        Gather.of(Task.of { scope.close() }).all().join()
                    })
                }
            }
            val future = Gather.of(body).scope(scope).settled()
            future.handle { _, _ -> }.soon()
            future.terminated().soon()
        }

        test("a race of the end of the body, the end of its part, and a cancel: all end, once") {
            repeat(2_000) { round ->
                val open = CompletableFuture<Int>()
                apart {
                    val gather = launch {
                        gather({
                            if (round % 4 < 2) yield()
                            Gather.of(Task.async { open }).all()
                            round
                        })
                    }
                    launch(Dispatchers.IO) { open.complete(1) }
                    if (round % 2 == 0) gather.cancel()
                    gather.join()
                }
            }
        }
    })

/** On other threads than the test, which waits. */
internal fun <T> apart(block: suspend CoroutineScope.() -> T): T = runBlocking(Dispatchers.IO, block)

/** None is running, and those that a deadline has let start have noticed. */
private fun List<Piece<*>>.shouldHaveBeenCancelled() {
    filter { it.started.isDone }.forEach { it.noticed.isDone shouldBe true }
    none { it.isRunning } shouldBe true
}

/** Where in a body something is started. */
private val PLACES: Map<String, suspend (suspend () -> Unit) -> Unit> =
    mapOf(
        "at once" to { it() },
        "after a yield" to { start ->
            yield()
            start()
        },
        "after a delay" to { start ->
            delay(1)
            start()
        },
        "on another dispatcher" to { start -> withContext(Dispatchers.Default) { start() } },
        "in another context" to { start -> withContext(CoroutineName("other")) { start() } },
        "without a dispatcher" to { start ->
            withContext(Dispatchers.Unconfined) {
                yield()
                start()
            }
        },
        "in coroutines that it launches" to { start ->
            coroutineScope {
                launch {
                    yield()
                    start()
                }
            }
        },
        IN_A_GATHER to { start -> gather({ start() }) },
        // A scope begins and ends without a dispatch.
        "after coroutineScope" to { start ->
            coroutineScope { delay(1) }
            start()
        },
        "after supervisorScope in coroutineScope" to { start ->
            coroutineScope {
                supervisorScope { delay(1) }
                start()
            }
        },
        "after withTimeout in a coroutine that it launches" to { start ->
            coroutineScope {
                launch {
                    withTimeout(1.hours) { delay(1) }
                    start()
                }
            }
        },
        "after a timeout" to { start ->
            withTimeoutOrNull(1) { awaitCancellation() }
            start()
        },
        "in withTimeout" to { start -> withTimeout(1.hours) { start() } },
        "in the scope of another job, after one" to { start ->
            val job = Job(currentCoroutineContext()[Job])
            try {
                withContext(job) {
                    coroutineScope { delay(1) }
                    start()
                }
            } finally {
                job.complete()
            }
        },
        "after a gather" to { start ->
            gather({ delay(1) }, { yield() })
            start()
        },
        "after a gather that has a deadline" to { start ->
            gather({ delay(1) }, timeout = 1.hours)
            start()
        },
        "after a flow on another dispatcher" to { start ->
            flowOf(1, 2, 3).flowOn(Dispatchers.Default).collect { delay(1) }
            start()
        },
        "for an element of a flow that is buffered" to { start -> flowOf(1).buffer(1).collect { start() } },
    )

private const val IN_A_GATHER = "in a gather"

private typealias Body = suspend () -> Unit

private val SUSPEND_STOPS: Map<String, suspend CoroutineScope.(started: () -> Unit, Body) -> Unit> =
    mapOf(
        "the caller's cancel" to { started, body ->
            val gather = launch { gather(body) }
            started()
            gather.cancelAndJoin()
        },
        "a deadline" to { _, body -> gatherSettled(body, timeout = A_MOMENT) },
        "a deadline of each" to { _, body -> gatherSettled(body, taskTimeout = A_MOMENT) },
        "the failure of another" to { started, body ->
            val failing: Body = {
                started()
                throw IOException("another")
            }
            runCatching { gather(body, failing) }
        },
    )

private val A_MOMENT = 50.milliseconds
