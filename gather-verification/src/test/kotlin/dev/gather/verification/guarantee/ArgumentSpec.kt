package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds
import java.time.Duration as JavaDuration

private val minusOneSecond = JavaDuration.ofSeconds(-1)

/** What Java callers can do and Kotlin's types do not allow. */
@Suppress("UNCHECKED_CAST")
private fun <T> nothing(): T = null as T

class ArgumentSpec :
    BothDoors({
        for (limit in listOf(0, -1, Int.MIN_VALUE)) {
            both("a limit of $limit is refused by the call, and nothing starts") { door ->
                val message = "limit must be at least 1, but was $limit"
                val piece = value(1)
                door.refuses(message) { all(listOf(piece), How(limit = limit)) }
                door.refuses(message) { settled(listOf(piece), How(limit = limit)) }
                door.refuses(message) { each(listOf(1), How(limit = limit)) { piece } }
                door.refuses(message) { eachSettled(listOf(1), How(limit = limit)) { piece } }
                door.refuses(message) { all(emptyList<Piece<Int>>(), How(limit = limit)) }
                door.refuses(message) { keyed(mapOf("key" to piece), How(limit = limit)) }
                door.refuses(message) { keyedSettled(mapOf("key" to piece), How(limit = limit)) }
                door.letThingsHappen()
                piece.timesRun shouldBe 0
            }
        }

        both("a negative timeout is refused by the call, and nothing starts") { door ->
            val piece = value(1)
            val handle = Handle<Int>()
            val how = How(timeout = minusOneSecond)
            val message = "timeout must not be negative, but was ${door.minusOneSecond}"
            door.refuses(message) { all(listOf(piece), how) }
            door.refuses(message) { settled(listOf(piece), how) }
            door.refuses(message) { each(listOf(1), how) { piece } }
            door.refuses(message) { eachSettled(listOf(1), how) { piece } }
            door.refuses(message) { keyed(mapOf("key" to piece), how) }
            door.refuses(message) { keyedSettled(mapOf("key" to piece), how) }
            door.refuses(message) { started(listOf(handle), how) }
            door.refuses(message) { startedSettled(listOf(handle), how) }
            door.letThingsHappen()
            piece.timesRun shouldBe 0
            handle.isCancelled shouldBe false
        }

        both("a negative task timeout is refused by the call, and nothing starts") { door ->
            val piece = value(1)
            val how = How(taskTimeout = minusOneSecond)
            val message = "taskTimeout must not be negative, but was ${door.minusOneSecond}"
            door.refuses(message) { keyed(mapOf("key" to piece), how) }
            door.refuses(message) { keyedSettled(mapOf("key" to piece), how) }
            door.refuses(message) { all(listOf(piece), how) }
            door.refuses(message) { settled(listOf(piece), how) }
            door.refuses(message) { each(listOf(1), how) { piece } }
            door.refuses(message) { eachSettled(listOf(1), how) { piece } }
            door.letThingsHappen()
            piece.timesRun shouldBe 0
        }

        both("the least and the largest values of every option are taken") { door ->
            val hours = JavaDuration.ofSeconds(Long.MAX_VALUE)
            for (limit in listOf(1, Int.MAX_VALUE)) {
                val how = How(limit = limit, timeout = hours, taskTimeout = hours, name = "")
                door.all(listOf(value(1), value(2)), how).end() shouldBe End.Value(listOf(1, 2))
            }
        }

        // ---- Java

        val gather = Gather.of(Task.of { error("started") })
        val task = Task.of { error("started") }
        val options = GatherOptions.builder()
        val stage = CompletableFuture<Int>()
        val body = Callable { 1 }
        val negative = JavaDuration.ofNanos(-1)

        val badValues =
            mapOf<String, Pair<String, () -> Any?>>(
                "limit" to ("limit must be at least 1, but was 0" to { gather.limit(0) }),
                "timeout" to ("timeout must not be negative, but was PT-0.000000001S" to { gather.timeout(negative) }),
                "taskTimeout" to
                    ("taskTimeout must not be negative, but was PT-0.000000001S" to { gather.taskTimeout(negative) }),
                "grace" to ("grace must not be negative, but was PT-0.000000001S" to { gather.grace(negative) }),
                "timeout of a task" to
                    ("timeout must not be negative, but was PT-0.000000001S" to { task.timeout(negative) }),
                "limit of options" to ("limit must be at least 1, but was -7" to { options.limit(-7) }),
                "timeout of options" to
                    ("timeout must not be negative, but was PT-1S" to { options.timeout(minusOneSecond) }),
                "taskTimeout of options" to
                    ("taskTimeout must not be negative, but was PT-1S" to { options.taskTimeout(minusOneSecond) }),
                "grace of options" to
                    ("grace must not be negative, but was PT-1S" to { options.grace(minusOneSecond) }),
            )
        for ((where, bad) in badValues) {
            test("a bad value is named, with its parameter: $where (Java)") {
                shouldThrow<IllegalArgumentException> { bad.second() }.message shouldBe bad.first
            }
        }

        val nulls =
            mapOf<String, () -> Any?>(
                "tasks" to { Gather.of(nothing<List<Task<Int>>>()) },
                "tasks[1]" to { Gather.of(body, nothing(), body) },
                "tasks[2]" to { Gather.of(task, task, nothing()) },
                "tasks[0]" to { Gather.of(listOf(nothing<Task<Int>>())) },
                "running" to { Gather.started(nothing<List<CompletionStage<Int>>>()) },
                "running[1]" to { Gather.started(listOf(stage, nothing())) },
                "items" to { Gather.each(nothing<List<Int>>()) { it } },
                "body" to { Gather.each<Int, Int>(listOf(1), nothing()) },
                "items of eachAsync" to { Gather.eachAsync(nothing<List<Int>>()) { stage } },
                "body of eachAsync" to { Gather.eachAsync<Int, Int>(listOf(1), nothing()) },
                "a" to { Gather.zip<Int, Int, Int>(nothing(), body) { a, b -> a + b } },
                "b" to { Gather.zip<Int, Int, Int>(body, nothing()) { a, b -> a + b } },
                "combine" to { Gather.zip<Int, Int, Int>(body, body, nothing()) },
                "blockingBody" to { Task.of<Int>(nothing()) },
                "start" to { Task.async<Int>(nothing()) },
                "running of a task" to { Task.started<Int>(nothing()) },
                "name of a task" to { task.named(nothing()) },
                "timeout of a task" to { task.timeout(nothing()) },
                "hook" to { task.onCancel(nothing()) },
                "timeout" to { gather.timeout(nothing()) },
                "taskTimeout" to { gather.taskTimeout(nothing()) },
                "policy" to { gather.onFailure(nothing()) },
                "policy of options" to { options.onFailure(nothing()) },
                "grace" to { gather.grace(nothing()) },
                "executor" to { gather.executor(nothing()) },
                "name" to { gather.name(nothing()) },
                "listener" to { gather.listener(nothing()) },
                "options" to { gather.with(nothing()) },
                "scope" to { gather.scope(nothing()) },
                "function" to { gather.combine<Int>(nothing()) },
                "name of a scope" to { GatherScope(nothing()) },
            )
        for ((where, call) in nulls) {
            test("a null is named: $where (Java)") {
                shouldThrow<NullPointerException> { call() }.message shouldBe
                    "${where.substringBefore(" of")} must not be null"
            }
        }

        test("a null in a list of 100 names its place, and nothing before it starts (Java)") {
            val piece = value(1)
            val tasks = List(99) { Task.of { piece.block() } } + listOf(nothing<Task<Int>>())
            shouldThrow<NullPointerException> { Gather.of(tasks).all() }.message shouldBe "tasks[99] must not be null"
            JavaDoor.letThingsHappen()
            piece.timesRun shouldBe 0
        }

        test("a bad argument of zip starts nothing (Java)") {
            val piece = value(1)
            shouldThrow<NullPointerException> {
                Gather.zip<Int, Int, Int>({ piece.block() }, nothing()) { a, b -> a + b }
            }
            shouldThrow<NullPointerException> { Gather.zip<Int, Int, Int>({ piece.block() }, { 2 }, nothing()) }
            JavaDoor.letThingsHappen()
            piece.timesRun shouldBe 0
        }

        test("items may be null (Java)") {
            Gather.each(listOf("a", null)) { it: String? -> it }.all().soon() shouldBe listOf("a", null)
        }

        test("a task of another gather is refused by name (Java)") {
            val mine = Task.of { 1 }
            val other = Task.of { 2 }.named("other")
            val end = JavaRunning(Gather.of(mine).combine { it.get(other) }).end() as End.Failed
            end.cause.message shouldBe
                "Task[other] is not a task of this gather; look results up with the same Task objects that were " +
                "given to Gather.of"
        }

        test("a supplier that returns no stage is a failure that names the task (Java)") {
            val empty = Task.async<Int> { nothing() }.named("empty")
            val end = JavaRunning(Gather.of(empty).all()).end() as End.Failed
            end.cause.message shouldBe "task[0] empty returned null instead of a stage"
        }

        // ---- Kotlin

        test("LEAVE_OTHERS without a scope is refused, and nothing starts (Kotlin)") {
            val piece = value(1)
            val deferred = CompletableDeferred<Int>()
            val calls =
                listOf<suspend () -> Any?>(
                    { gather({ piece.suspending() }, onFailure = FailurePolicy.LEAVE_OTHERS) },
                    { listOf(1).gather(onFailure = FailurePolicy.LEAVE_OTHERS) { piece.suspending() } },
                    { emptyList<Int>().gather(onFailure = FailurePolicy.LEAVE_OTHERS) { piece.suspending() } },
                    { listOf(deferred).gather(onFailure = FailurePolicy.LEAVE_OTHERS) },
                )
            for (call in calls) {
                shouldThrow<IllegalArgumentException> { call() }.message shouldBe
                    "onFailure = LEAVE_OTHERS needs a scope, the owner of what goes on running, but scope was null"
            }
            piece.timesRun shouldBe 0
            deferred.isActive shouldBe true
        }

        val one: suspend (Int) -> Int = { error("started") }
        val oneTask: suspend () -> Int = { error("started") }
        val calls =
            mapOf<String, Pair<String, suspend () -> Any?>>(
                "limit of gather" to ("limit must be at least 1, but was 0" to { gather(oneTask, limit = 0) }),
                "limit of gatherSettled" to
                    ("limit must be at least 1, but was 0" to { gatherSettled(oneTask, limit = 0) }),
                "timeout of gather" to
                    ("timeout must not be negative, but was -1ns" to { gather(oneTask, timeout = (-1).nanoseconds) }),
                "timeout of deferreds" to
                    (
                        "timeout must not be negative, but was -1s" to {
                            listOf(CompletableDeferred(1)).gather(timeout = (-1).seconds)
                        }
                    ),
                "timeout of infinite length" to
                    (
                        "timeout must not be negative, but was -Infinity" to {
                            listOf(1).gather(timeout = -Duration.INFINITE, body = one)
                        }
                    ),
                "taskTimeout of gatherSettled" to
                    (
                        "taskTimeout must not be negative, but was -1s" to {
                            listOf(1).gatherSettled(taskTimeout = (-1).seconds, body = one)
                        }
                    ),
            )
        for ((where, bad) in calls) {
            test("a bad value is named, with its parameter: $where (Kotlin)") {
                withClue(where) {
                    shouldThrow<IllegalArgumentException> { bad.second() }.message shouldBe bad.first
                }
            }
        }

        test("an infinite timeout is no timeout (Kotlin)") {
            listOf(1).gather(timeout = Duration.INFINITE, taskTimeout = Duration.INFINITE) { it } shouldBe listOf(1)
        }
    })

/** As the door's own type of durations writes it. */
private val Door.minusOneSecond: String get() = if (this is KotlinDoor) "-1s" else "PT-1S"

/** The call itself throws, in Java before there is a future. */
private fun Door.refuses(
    message: String,
    call: Door.() -> Running<*>,
) {
    val thrown =
        if (this is KotlinDoor) {
            val running = call()
            running.isDone shouldBe true
            (running.end() as End.Failed).thrown
        } else {
            shouldThrow<IllegalArgumentException> { call() }
        }
    thrown::class shouldBe IllegalArgumentException::class
    thrown.message shouldBe message
}
