package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import java.util.concurrent.TimeoutException
import kotlin.time.Duration.Companion.seconds

/** Guarantee 52: a gather that a body starts belongs to that body, unless it was given a scope. */
class PartOfABodySpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        for ((how, waitFor) in WAYS_TO_WAIT) {
            for ((end, stop) in STOPS) {
                test("$end reaches the tasks of a gather that a body waits for by $how, and they end first") {
                    val pieces = List(2) { Piece<Int>() }
                    val body = Task.of { waitFor(Gather.of(pieces.map { it.task() })) }
                    val future = stop(Gather.of(body)) { pieces.forEach { it.started.soon() } }
                    future.handle { _, _ -> }.soon()
                    future.terminated().soon()
                    pieces.forEach { it.noticed.isDone shouldBe true }
                    pieces.none { it.isRunning } shouldBe true
                }
            }
        }

        test("three levels deep, with bodies that join") {
            val piece = Piece<Int>()
            val innermost = {
                Gather
                    .of(piece.task())
                    .all()
                    .join()
                    .single()
            }
            val middle = {
                Gather
                    .of(Task.of(innermost))
                    .all()
                    .join()
                    .single()
            }
            val future = Gather.of(Task.of(middle)).all()
            piece.started.soon()
            future.cancel(true)
            future.terminated().soon()
            piece.noticed.isDone shouldBe true
        }

        test("the task of a body that does not wait ends after what that has started, with the value of the body") {
            val piece = Piece<Int>()
            val inner = CompletableFuture<GatherFuture<*>>()
            val body = Task.of {
                inner.complete(Gather.of(piece.task()).all())
                7
            }
            val future = Gather.of(body).all()
            piece.started.soon()
            future.isDone shouldBe false
            piece.returns(1)
            future.soon() shouldBe listOf(7)
            inner.soon().isDone shouldBe true
        }

        test("also on a pool of one thread") {
            val pool = Executors.newSingleThreadExecutor()
            try {
                val body = Task.of {
                    Gather.of({ 1 }, { 2 }).executor(pool).all()
                    7
                }
                Gather
                    .of(body, Task.of { 8 })
                    .executor(pool)
                    .all()
                    .soon() shouldBe listOf(7, 8)
            } finally {
                pool.shutdown()
            }
        }

        test("what a body that fails has started is cancelled, and the failure is its own, as it is") {
            val piece = Piece<Int>()
            val own = IOException("own")
            val body = Task.of<Int> {
                Gather.of(piece.task()).all()
                piece.started.soon()
                throw own
            }
            val future = Gather.of(body).settled()
            (future.soon().single() as Outcome.Failure).cause shouldBeSameInstanceAs own
            piece.noticed.isDone shouldBe true
        }

        test("the failure of a gather that a body joins is the failure of the body, with its outcomes") {
            val other = Piece<Int>()
            val body = Task.of {
                Gather.of(other.task()).all() // so that the end of the body is not the end of the task
                Gather
                    .of(Task.of<Int> { throw IOException("inner") })
                    .all()
                    .join()
                    .single()
            }
            val outcome = Gather
                .of(body)
                .settled()
                .soon()
                .single()
            val cause = (outcome as Outcome.Failure).cause.shouldBeInstanceOf<GatherException>()
            cause.outcomes().size shouldBe 1
        }

        test("the deadline of a task reaches what its body has left running") {
            val piece = Piece<Int>()
            val body = Task.of {
                Gather.of(piece.task()).all()
                7
            }
            val outcome = Gather
                .of(body.timeout(A_MOMENT))
                .settled()
                .soon()
                .single()
            (outcome as Outcome.Failure).cause.shouldBeInstanceOf<TimeoutException>()
            piece.isRunning shouldBe false
        }

        test("a gather that is started after the cancel is cancelled as well") {
            val begun = CompletableFuture<Unit>()
            val inner = CompletableFuture<GatherFuture<*>>()
            val body = Task.of {
                begun.complete(Unit)
                runCatching { CompletableFuture<Int>().get() }
                inner.complete(Gather.of(Task.async { CompletableFuture<Int>() }).all())
            }
            val future = Gather.of(body).all()
            begun.soon()
            future.cancel(true)
            future.terminated().soon()
            inner.soon().isCancelled shouldBe true
        }

        test("a gather with a scope of its own is left alone") {
            GatherScope().use { scope ->
                val piece = Piece<Int>()
                val inner = CompletableFuture<GatherFuture<List<Int>>>()
                val body = Task.of {
                    inner.complete(Gather.of(piece.task()).scope(scope).all())
                    7
                }
                Gather.of(body).all().soon() shouldBe listOf(7)
                piece.started.soon()
                inner.soon().isDone shouldBe false
                piece.returns(1)
                inner.soon().soon() shouldBe listOf(1)
            }
        }

        test("a stream that is not read to its end has ended with the body") {
            val pieces = List(2) { Piece<Int>() }
            val body = Task.of {
                val stream = Gather.of(pieces.map { it.task() }).stream()
                stream.iterator().next().getOrThrow()
            }
            val future = Gather.of(body).all()
            pieces.forEach { it.started.soon() }
            pieces[0].returns(1)
            future.soon() shouldBe listOf(1)
            pieces[1].isRunning shouldBe false
        }

        test("nor does one that nobody has begun to read keep the task") {
            val body = Task.of { Gather.of({ 1 }).stream().let { 7 } }
            Gather.of(body).all().soon() shouldBe listOf(7)
        }

        test("the gather that a supplier returns is cancelled and ends with the task") {
            val piece = Piece<Int>()
            val future = Gather.of(Task.async { Gather.of(piece.task()).all() }).timeout(A_SECOND).settled()
            piece.started.soon()
            future.soon().single() shouldBe Outcome.Cancelled<List<Int>>(CancelReason.TIMEOUT, true)
            piece.isRunning shouldBe false
        }

        test("what a thread of an executor does after a body is nobody's part") {
            val piece = Piece<Int>()
            val later = CompletableFuture<GatherFuture<List<Int>>>()
            val pool = Executors.newSingleThreadExecutor()
            try {
                Gather
                    .of({ 1 })
                    .executor(pool)
                    .all()
                    .soon()
                pool.execute { later.complete(Gather.of(piece.task()).all()) }
                val future = later.soon()
                Gather
                    .of({ 2 })
                    .executor(pool)
                    .all()
                    .soon() shouldBe listOf(2)
                piece.started.soon()
                future.isDone shouldBe false
                piece.returns(3)
                future.soon() shouldBe listOf(3)
            } finally {
                pool.shutdown()
            }
        }

        test("a body on the thread of its caller: what that starts afterwards is not a part of the body") {
            val piece = Piece<Int>()
            val body = Task.of {
                Gather
                    .of({ 1 })
                    .executor(Runnable::run)
                    .all()
                    .join()
                    .single()
            }
            Gather
                .of(body)
                .executor(Runnable::run)
                .all()
                .soon() shouldBe listOf(1)
            val future = Gather.of(piece.task()).all()
            piece.started.soon()
            piece.returns(2)
            future.soon() shouldBe listOf(2)
        }

        test("a dependent of the result may join what the body has started: that is done") {
            val open = CompletableFuture<Int>()
            val inner = CompletableFuture<GatherFuture<List<Int>>>()
            val body = Task.of {
                inner.complete(Gather.of(Task.async { open }).all())
                7
            }
            val future = Gather.of(body).all()
            val joined = future.thenApply { inner.soon().join() }
            inner.soon()
            open.complete(1)
            joined.soon() shouldBe listOf(1)
        }

        test("a stream that is opened in a body that has been cancelled ends at once") {
            val begun = CompletableFuture<Unit>()
            val body = Task.of {
                begun.complete(Unit)
                runCatching { CompletableFuture<Int>().get() }
                runCatching { Gather.of(Task.async { CompletableFuture<Int>() }).stream().use { it.toList() } }
            }
            val future = Gather.of(body).all()
            begun.soon()
            future.cancel(true)
            future.terminated().soon()
        }

        for (where in listOf("parts of one body", "gathers of one scope")) {
            test("$where are cancelled although a dependent of one waits for the other") {
                val both = List(2) { CompletableFuture<GatherFuture<*>>() }
                val scope = GatherScope()
                val start: () -> Unit = {
                    val gathers = List(2) { Gather.of(Task.async { CompletableFuture<Int>() }) }
                    val futures = gathers.map { (if (where.startsWith("parts")) it else it.scope(scope)).all() }
                    futures[0].handle { _, _ -> runCatching { futures[1].join() } }
                    futures[1].handle { _, _ -> runCatching { futures[0].join() } }
                    futures.forEachIndexed { index, future -> both[index].complete(future) }
                }
                if (where.startsWith("parts")) {
                    val future = Gather.of(Task.of { start() }).all()
                    both.forEach { it.soon() }
                    future.cancel(true)
                    future.terminated().soon()
                } else {
                    start()
                    CompletableFuture.runAsync(scope::close) { Thread(it).start() }.soon()
                }
                both.forEach { it.soon().isCancelled shouldBe true }
            }
        }

        test("what a dependent starts on the thread of a stranger's body is not a part of that") {
            val promise = CompletableFuture<Int>()
            val piece = Piece<Int>()
            val follow = CompletableFuture<GatherFuture<List<Int>>>()
            Gather.started(listOf(promise)).all().thenAccept { follow.complete(Gather.of(piece.task()).all()) }
            val body = Task.of {
                promise.complete(1)
                throw IOException("the stranger fails")
            }
            Gather.of(body).settled().soon()
            piece.started.soon()
            piece.returns(2)
            follow.soon().soon() shouldBe listOf(2)
        }

        test("a race of the end of the body, the end of its part, and a cancel: all end, once") {
            repeat(2_000) { round ->
                val open = CompletableFuture<Int>()
                val body = Task.of {
                    Gather.of(Task.async { open }).all()
                    round
                }
                val future = Gather.of(body).settled()
                val completer = Thread { open.complete(1) }.apply { start() }
                if (round % 2 == 0) future.cancel(true)
                future.handle { _, _ -> }.soon()
                future.terminated().soon()
                completer.join()
            }
        }
    })

private val A_MOMENT = Duration.ofMillis(20)

private val A_SECOND = Duration.ofSeconds(1)

/** How a body waits for a gather. */
val WAYS_TO_WAIT: Map<String, (Gather<Int>) -> Any?> =
    mapOf(
        "join" to { it.all().join() },
        "get" to { it.all().get() },
        "join of a derived future" to { it.settled().thenApply { all -> all.size }.join() },
        "a stream" to { gather -> gather.stream().use { it.toList() } },
        "nothing at all" to { it.all().let { 1 } },
    )

private val STOPS: Map<String, (Gather<Any?>, started: () -> Unit) -> GatherFuture<*>> =
    mapOf(
        "a cancel" to { gather, started ->
            gather.all().also {
                started()
                it.cancel(true)
            }
        },
        "a deadline" to { gather, started -> gather.timeout(A_SECOND).settled().also { started() } },
        "a deadline of each" to { gather, started -> gather.taskTimeout(A_SECOND).settled().also { started() } },
        "the end of a scope" to { gather, started ->
            val scope = GatherScope()
            gather.scope(scope).all().also {
                started()
                scope.close()
            }
        },
    )
