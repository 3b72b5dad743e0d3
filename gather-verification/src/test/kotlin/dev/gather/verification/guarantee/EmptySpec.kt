package dev.gather.verification.guarantee

import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Deferred
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture

private val nothing = Iterable { emptyList<Int>().iterator() }

class EmptySpec :
    BothDoors({
        both("no tasks give an empty list") { door ->
            door.all(emptyList<Piece<Int>>()).end() shouldBe End.Value(emptyList())
            door.settled(emptyList<Piece<Int>>()).end() shouldBe End.Value(emptyList<Outcome<Int>>())
        }

        both("an empty list of items gives an empty list") { door ->
            door.each(emptyList<Int>()) { value(it) }.end() shouldBe End.Value(emptyList())
            door.eachSettled(emptyList<Int>()) { value(it) }.end() shouldBe End.Value(emptyList<Outcome<Int>>())
        }

        both("an empty lazy input gives an empty list, with and without a limit") { door ->
            door.each(nothing) { value(it) }.end() shouldBe End.Value(emptyList())
            door.each(nothing, How(limit = 1)) { value(it) }.end() shouldBe End.Value(emptyList())
            door.eachSettled(nothing) { value(it) }.end() shouldBe End.Value(emptyList<Outcome<Int>>())
        }

        both("no option changes what an empty input gives") { door ->
            val how = How(limit = 1, timeout = Duration.ZERO, taskTimeout = Duration.ZERO, name = "none")
            door.all(emptyList<Piece<Int>>(), how).end() shouldBe End.Value(emptyList())
            door.each(emptyList<Int>(), how) { value(it) }.end() shouldBe End.Value(emptyList())
        }

        both("an empty input is done when the call returns") { door ->
            door.all(emptyList<Piece<Int>>()).isDone shouldBe true
            door.settled(emptyList<Piece<Int>>()).isDone shouldBe true
            door.each(emptyList<Int>()) { value(it) }.isDone shouldBe true
            door.each(mutableSetOf<Int>()) { value(it) }.isDone shouldBe true
            door.eachSettled(emptyList<Int>()) { value(it) }.isDone shouldBe true
        }

        test("an empty gather of any kind is completed, and cancel returns false (Java)") {
            val none =
                mapOf<String, () -> GatherFuture<*>>(
                    "callables" to { Gather.of(*emptyArray<Callable<Int>>()).all() },
                    "tasks" to { Gather.of(*emptyArray<Task<Int>>()).all() },
                    "collection" to { Gather.of(emptyList<Task<Int>>()).all() },
                    "settled" to { Gather.of(emptyList<Task<Int>>()).settled() },
                    "started" to { Gather.started(emptyList<CompletableFuture<Int>>()).all() },
                    "each" to { Gather.each(emptyList<Int>()) { it }.all() },
                    "eachAsync" to { Gather.eachAsync(emptySet<Int>()) { CompletableFuture<Int>() }.all() },
                )
            for ((kind, start) in none) {
                withClue(kind) {
                    val future = start()
                    future.isDone shouldBe true
                    future.join() shouldBe emptyList<Any>()
                    future.terminated().isDone shouldBe true
                    future.cancel(true) shouldBe false
                    future.isCancelled shouldBe false
                    future.join() shouldBe emptyList<Any>()
                }
            }
        }

        test("a combine of no tasks is called, and done when the call returns (Java)") {
            val future = Gather.of(emptyList<Task<Int>>()).combine { "called" }
            future.isDone shouldBe true
            future.join() shouldBe "called"
        }

        test("an empty input needs no executor (Java)") {
            val future = Gather.of(emptyList<Task<Int>>()).executor { error("called") }.all()
            future.isDone shouldBe true
            future.join() shouldBe emptyList<Int>()
        }

        test("an empty call of any kind returns an empty list (Kotlin)") {
            gather(*emptyArray<suspend () -> Int>()) shouldBe emptyList()
            gatherSettled(*emptyArray<suspend () -> Int>()) shouldBe emptyList()
            emptyList<Deferred<Int>>().gather() shouldBe emptyList()
            emptyList<Deferred<Int>>().gatherSettled() shouldBe emptyList()
            emptySet<Int>().gather { it } shouldBe emptyList()
        }
    })
