package dev.gather.verification.python

import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.JavaDoor
import dev.gather.verification.guarantee.Piece
import dev.gather.verification.guarantee.soon
import dev.gather.verification.guarantee.value
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.await
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger

/** A1 to A18: arguments, start, the same thing twice. */
class CallShapeSpec :
    PythonRules({
        everywhere("A1 arguments or a collection, and collecting failures is a call of its own") { door, setting ->
            door.all(listOf(value(1), value(2)), setting.how()).end() shouldBe End.Value(listOf(1, 2))
            door.each(listOf(1, 2), setting.how()) { value(it) }.end() shouldBe End.Value(listOf(1, 2))
            door.settled(listOf(value(1), value(2)), setting.how()).end() shouldBe
                End.Value(listOf(Outcome.Success(1), Outcome.Success(2)))
        }

        java("A1 arguments or a collection, and collecting failures is a call of its own") { setting ->
            Gather
                .of(Callable { 1 }, Callable { 2 })
                .onFailure(setting.policy)
                .all()
                .soon() shouldBe listOf(1, 2)
        }

        everywhere("A2 without arguments it is done at once with an empty list") { door, setting ->
            val running = door.all<Int>(emptyList(), setting.how())
            running.isDone shouldBe true
            running.cancel()
            running.end() shouldBe End.Value(emptyList<Int>())
        }

        java("A2 without arguments it is done at once with an empty list") { setting ->
            val future = Gather.of(emptyList<Task<Int>>()).onFailure(setting.policy).all()
            future.cancel(true) shouldBe false
            future.soon() shouldBe emptyList()
        }

        everywhere("A3 one argument gives a list of one") { door, setting ->
            door.all(listOf(value(42)), setting.how()).end() shouldBe End.Value(listOf(42))
        }

        everywhere("A4 null, zero, the empty text, false and the empty list are ordinary values") { door, setting ->
            val values = listOf(null, 0, "", false, emptyList<Int>())
            door.all(values.map { value<Any?>(it) }, setting.how()).end() shouldBe End.Value(values)
        }

        java("A5 the terminal call starts everything, joined or not, and the description nothing") { setting ->
            val sent = ConcurrentLinkedQueue<Runnable>()
            val piece = value(1)
            val description =
                Gather.of(Task.of { piece.block() }).onFailure(setting.policy).executor { sent += it }
            sent.size shouldBe 0
            description.all()
            sent.size shouldBe 1
            sent.poll().run()
            piece.timesRun shouldBe 1
        }

        java("A6 tasks start in the order of the arguments") { setting ->
            val sent = ConcurrentLinkedQueue<Runnable>()
            val order = ConcurrentLinkedQueue<Int>()
            val future =
                Gather
                    .each(listOf(0, 1, 2, 3)) { order += it }
                    .onFailure(setting.policy)
                    .executor { sent += it }
                    .all()
            order.toList() shouldBe emptyList()
            while (true) (sent.poll() ?: break).run()
            order.toList() shouldBe listOf(0, 1, 2, 3)
            future.isDone shouldBe true
        }

        java("A6 in Java no body runs on the thread of the caller") { setting ->
            val threads = Gather.each(List(8) { it }) { Thread.currentThread() }.onFailure(setting.policy)
            threads.all().soon().none { it === Thread.currentThread() } shouldBe true
        }

        kotlin("A6 tasks start in the order of the arguments") {
            val tasks =
                List(4) {
                    suspend {
                        log += "$it"
                        delay(1)
                    }
                }
            all(*tasks.toTypedArray())
            log shouldBe listOf("0", "1", "2", "3")
        }

        everywhere("A7 results stand in the order of the arguments") { door, setting ->
            val (a, b, c) = List(3) { Piece<Int>() }
            val running = door.all(listOf(a, b, c), setting.how())
            started(a, b, c)
            b.returns(1).ended.soon()
            a.returns(2).ended.soon()
            c.returns(3)
            running.end() shouldBe End.Value(listOf(2, 1, 3))
        }

        everywhere("A8 all of them run at the same time") { door, setting ->
            val pieces = List(5) { Piece<Int>() }
            val running = door.all(pieces, setting.how())
            started(*pieces.toTypedArray()) // none of them has ended yet
            pieces.forEachIndexed { i, piece -> piece.returns(i) }
            running.end() shouldBe End.Value(listOf(0, 1, 2, 3, 4))
        }

        kotlin("A8 all of them run at the same time") {
            all(ok("slow", 60), ok("fast", 30), ok("now", 0)) shouldBe listOf("slow", "fast", "now")
            now shouldBe 60
        }

        java("A9 kinds of work mix in one call") { setting ->
            val running = CompletableFuture<Any>()
            val inner = Gather.of(Callable { "inner" }).onFailure(setting.policy).all()
            val future =
                Gather
                    .of(
                        Task.of<Any> { "blocking" },
                        Task.async<Any> { CompletableFuture.completedFuture("async") },
                        Task.started(running),
                        Task.started(inner),
                    ).onFailure(setting.policy)
                    .all()
            running.complete("running")
            future.soon() shouldBe listOf("blocking", "async", "running", listOf("inner"))
        }

        kotlin("A9 kinds of work mix in one call") {
            val deferred = async { "deferred" }
            val future = CompletableFuture.completedFuture("future")
            all<Any>({ "suspend" }, { deferred.await() }, { future.await() }, { all({ "inner" }) }) shouldBe
                listOf("suspend", "deferred", "future", listOf("inner"))
        }

        java("A10 what cannot be awaited is refused by the call itself") { setting ->
            val nothing = shouldThrow<NullPointerException> { Gather.of(listOf(Task.of { 1 }, missing())) }
            nothing.message shouldBe "tasks[1] must not be null"
            val noStage = Gather.of(Task.async<Int> { missing() }).onFailure(setting.policy).all()
            val failed = shouldThrow<ExecutionException> { noStage.soon() }
            failed.cause!!.message shouldBe "task[0] returned null instead of a stage"
        }

        java("A11 a bad argument starts nothing, not even what stands before it") { setting ->
            val sent = ConcurrentLinkedQueue<Runnable>()
            shouldThrow<NullPointerException> {
                Gather
                    .of(listOf(Task.of { 1 }, missing(), Task.of { 3 }))
                    .onFailure(setting.policy)
                    .executor { sent += it }
                    .all()
            }
            sent.size shouldBe 0
        }

        kotlin("A11 a bad argument starts nothing, not even what stands before it") {
            shouldThrow<IllegalArgumentException> {
                gather(ok("first", 0), limit = 0, onFailure = setting.policy, scope = owner)
            }
            letRun()
            log shouldBe emptyList()
        }

        everywhere(
            "A12 an input that throws midway fails the gather, and what had started has ended",
        ) { door, setting ->
            val broken = IllegalStateException("the input is broken")
            val first = Piece<Int>("first")
            val input =
                Iterable {
                    iterator {
                        yield(first)
                        first.started.soon()
                        throw broken
                    }
                }
            val running = door.each(input, setting.how()) { it }
            val end = running.end().shouldBeInstanceOf<End.Failed>()
            end.cause shouldBeSameInstanceAs broken
            first.noticed.isDone shouldBe true
            first.isRunning shouldBe false
            (end.thrown as? GatherException)?.index() shouldBe (if (door is JavaDoor) -1 else null)
        }

        java("A12 an input that throws midway fails the gather, and what had started has ended") {
            val broken = IllegalStateException("the collection is broken")
            val collection =
                object : AbstractList<Task<Int>>() {
                    override val size = 3

                    override fun get(index: Int) = if (index == 1) throw broken else Task.of { index }
                }
            // A collection of tasks is copied before anything else: nothing of it has started.
            shouldThrow<IllegalStateException> { Gather.of(collection) } shouldBeSameInstanceAs broken
        }

        java("A13 the same handle in several places runs once and its value stands in each") { setting ->
            val piece = value("h")
            val handle = Task.of { piece.block() }
            val other = Task.of { "o" }
            val tasks = Gather.of(handle, other, handle, handle).onFailure(setting.policy)
            tasks.all().soon() shouldBe listOf("h", "o", "h", "h")
            piece.timesRun shouldBe 1

            val running = CompletableFuture<String>()
            val stages = Gather.started(listOf(running, running)).onFailure(setting.policy).all()
            running.complete("r")
            stages.soon() shouldBe listOf("r", "r")
        }

        kotlin("A13 the same handle in several places runs once and its value stands in each") {
            val handle = async { ok("h", 10)() }
            val other = async { "o" }
            all(listOf(handle, other, handle, handle)) shouldBe listOf("h", "o", "h", "h")
            log shouldBe listOf("h")
        }

        java("A14 equal is not the same: both run") { setting ->
            val runs = AtomicInteger()
            val (a, b) = List(2) { EqualCallable(runs) }
            (a == b) shouldBe true
            Gather
                .of(a, b)
                .onFailure(setting.policy)
                .all()
                .soon()
                .toSet() shouldBe setOf(1, 2)

            val (f, g) = List(2) { EqualFuture() }
            (f == g) shouldBe true
            val stages = Gather.started(listOf(f, g)).onFailure(setting.policy).all()
            f.complete(1)
            g.complete(2)
            stages.soon() shouldBe listOf(1, 2)
        }

        kotlin("A14 equal is not the same: both run") {
            var runs = 0
            val lambda = suspend { ++runs }
            all(lambda, lambda) shouldBe listOf(1, 2) // even the same lambda: it is a recipe, no handle
        }

        java("A15 a handle may be in any number of gathers") { setting ->
            val piece = value("t")
            val task = Task.of { piece.block() }
            val running = CompletableFuture<String>()
            val (first, second) =
                List(2) { Gather.of(task, Task.started(running)).onFailure(setting.policy).all() }
            running.complete("r")
            first.soon() shouldBe listOf("t", "r")
            second.soon() shouldBe listOf("t", "r")
            piece.timesRun shouldBe 2 // a description runs once in each
        }

        kotlin("A15 a handle may be in any number of gathers") {
            val handle = CompletableDeferred<String>()
            val (first, second) = List(2) { async { all(listOf(handle)) } }
            letTurn()
            handle.complete("h")
            first.await() shouldBe listOf("h")
            second.await() shouldBe listOf("h")
        }

        java("A16 an owner that is closed takes no new gather") { setting ->
            val piece = value(1)
            val scope = GatherScope("closed")
            scope.close()
            val description = Gather.of(Task.of { piece.block() }).onFailure(setting.policy).scope(scope)
            shouldThrow<IllegalStateException> { description.all() }.message shouldContain "closed"
            piece.timesRun shouldBe 0
        }

        kotlin("A16 an owner that is closed takes no new gather") {
            owner.cancel()
            val call = start { all(ok("ran", 0)) }
            letRun()
            when (setting) {
                Setting.CPYTHON -> call.thrown.shouldBeInstanceOf<IllegalStateException>()
                Setting.DEFAULT -> call.value shouldBe listOf("ran") // needs no owner but the caller
            }
            log.isEmpty() shouldBe (setting == Setting.CPYTHON)
        }

        java("A17 any thread may gather, with nothing set up") { setting ->
            val result = CompletableFuture<List<Thread>>()
            Thread {
                val future = Gather.of(Callable { Thread.currentThread() }).onFailure(setting.policy).all()
                future.whenComplete { threads, _ -> result.complete(threads) }
            }.start()
            val thread = result.soon().single()
            thread.name shouldStartWith "gather"
            thread.isDaemon shouldBe true
        }

        everywhere("A18 a handle from elsewhere is awaited like any other") { door, setting ->
            val elsewhere = Piece<String>()
            val running = door.all(listOf(elsewhere), setting.how())
            started(elsewhere)
            Thread { elsewhere.returns("from another thread") }.start()
            running.end() shouldBe End.Value(listOf("from another thread"))
        }

        java("A18 a handle from elsewhere is awaited like any other") { setting ->
            val foreign = CompletableFuture<String>()
            val future = Gather.started(listOf(foreign)).onFailure(setting.policy).all()
            Executor { Thread(it).start() }.execute { foreign.complete("from another thread") }
            future.soon() shouldBe listOf("from another thread")
            future shouldNotBe foreign
        }
    })

@Suppress("UNCHECKED_CAST") // what a Java caller can do
private fun <T> missing(): T = null as T

private data class EqualCallable(
    val runs: AtomicInteger,
) : Callable<Int> {
    override fun call(): Int = runs.incrementAndGet()
}

private class EqualFuture : CompletableFuture<Int>() {
    override fun equals(other: Any?) = other is EqualFuture

    override fun hashCode() = 1
}

@Suppress("unused") // the compiler is the test: any CompletionStage will do
private fun accepts(stage: CompletionStage<Int>) = Gather.started(listOf(stage))
