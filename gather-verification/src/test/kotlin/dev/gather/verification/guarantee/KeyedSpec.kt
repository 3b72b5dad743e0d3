package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherOptions
import dev.gather.GatherTimeoutException
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.io.IOException
import java.time.Duration
import java.util.IdentityHashMap
import java.util.TreeMap
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeoutException

class KeyedSpec :
    BothDoors({
        // ---- the map

        every("values stand under the keys of their tasks, in the order of the map") { door ->
            val tasks = listOf("c", "a", "b").associateWith { Piece<String>(it) }
            val running = door.keyed(tasks)
            for (key in listOf("b", "c", "a")) {
                tasks.getValue(key).returns("$key's")
                tasks.getValue(key).ended.soon()
            }
            val map = running.end().shouldBeInstanceOf<End.Value<Map<String, String>>>().value
            map.entries.map { it.key to it.value } shouldBe listOf("c" to "c's", "a" to "a's", "b" to "b's")
        }

        every("outcomes stand under the keys of their tasks, in the order of the map") { door ->
            val error = IOException("boom")
            val tasks =
                mapOf("ok" to value(1), "failed" to failure<Int>(error), "gone" to failure(CancellationException()))
            val map = door
                .keyedSettled(tasks)
                .end()
                .shouldBeInstanceOf<End.Value<Map<String, Outcome<Int>>>>()
                .value
            map.entries.map { it.key to it.value } shouldBe
                listOf(
                    "ok" to Outcome.Success(1),
                    "failed" to Outcome.Failure<Int>(error),
                    "gone" to Outcome.Cancelled<Int>(CancelReason.TASK, true),
                )
        }

        both("null is a value, and a key") { door ->
            val tasks = mapOf<String?, Piece<out Int?>>("a" to value(null), null to value(2))
            door.keyed(tasks).end() shouldBe End.Value(mapOf("a" to null, null to 2))
            door.keyedSettled(tasks).end() shouldBe
                End.Value(mapOf("a" to Outcome.Success(null), null to Outcome.Success(2)))
        }

        both("the map cannot be changed") { door ->
            val ends = listOf(door.keyed(mapOf("a" to value(1))), door.keyedSettled(mapOf("a" to value(1))))
            for (end in ends.map { it.end().shouldBeInstanceOf<End.Value<Map<String, Any?>>>() }) {
                @Suppress("UNCHECKED_CAST") // as Java sees it
                val map = end.value as MutableMap<String, Any?>
                shouldThrow<UnsupportedOperationException> { map["b"] = 1 }
                shouldThrow<UnsupportedOperationException> { map.entries.first().setValue(1) }
                shouldThrow<UnsupportedOperationException> { map.keys.remove("a") }
            }
        }

        both("an empty map gives an empty map, and is done when the call returns") { door ->
            val all = door.keyed(emptyMap<String, Piece<Int>>())
            all.isDone shouldBe true
            all.end() shouldBe End.Value(emptyMap())
            val settled = door.keyedSettled(emptyMap<String, Piece<Int>>())
            settled.isDone shouldBe true
            settled.end() shouldBe End.Value(emptyMap())
        }

        both("keys of a map with an order of its own keep that order, and are found by equals") { door ->
            val tasks = TreeMap<String, Piece<out Int>>(String.CASE_INSENSITIVE_ORDER)
            tasks += mapOf("b" to value(2), "A" to value(1), "c" to value(3))
            val map = door
                .keyed(tasks)
                .end()
                .shouldBeInstanceOf<End.Value<Map<String, Int>>>()
                .value
            map.keys.toList() shouldBe listOf("A", "b", "c")
            map["A"] shouldBe 1
            map["a"] shouldBe null
        }

        test("the map is copied by the call (Java)") {
            val tasks = linkedMapOf("a" to Task.of { 1 })
            val described = Gather.keyed(tasks)
            tasks.clear()
            described.all().soon() shouldBe mapOf("a" to 1)
        }

        test("the map is copied by the call (Kotlin)") {
            val piece = Piece<Int>()
            val tasks = linkedMapOf("a" to suspend { piece.suspending() })
            val running = KotlinDoor.start { tasks.gather() }
            piece.started.soon()
            tasks["b"] = suspend { 2 }
            tasks.remove("a")
            piece.returns(1)
            running.end() shouldBe End.Value(mapOf("a" to 1))
        }

        // ---- what the tasks are called

        every("the listener hears each task under its key") { door ->
            val names = Names()
            val tasks = mapOf("users" to value(1), null to failure<Int>(IOException()))
            door.keyedSettled(tasks, How(listener = names)).end()
            names.all shouldContainExactly
                listOf("0 users: Success", "0 users: start", "1 null: Failure", "1 null: start")
        }

        both("the listener hears under their keys of what was dropped, and of what never started") { door ->
            val names = Names()
            val piece = Piece<Int>().failingCleanup(IOException("cleanup"))
            val tasks = mapOf(1 to piece, 2 to Piece())
            val running = door.keyedSettled(tasks, How(limit = 1, listener = names))
            piece.started.soon()
            running.cancel()
            running.awaitTerminated()
            running.end() shouldBe End.Cancelled
            names.all shouldContainExactly
                listOf("0 1: Cancelled", "0 1: dropped cleanup", "0 1: start", "1 2: Cancelled")
        }

        both("the listener hears under its key of a failure that nobody waits for") { door ->
            val names = Names()
            val (left, failing) = List(2) { Piece<Int>() }
            val how = How(onFailure = FailurePolicy.LEAVE_OTHERS, listener = names)
            val running = door.keyed(mapOf("left" to left, "failing" to failing), how)
            left.started.soon()
            failing.throws(IOException("first"))
            running
                .end()
                .shouldBeInstanceOf<End.Failed>()
                .cause.message shouldBe "first"
            left.throws(IOException("later"))
            names.firstDropped.soon() shouldBe "0 left: dropped later"
        }

        both("a task that cancels itself is named by its key in the exception") { door ->
            val tasks = mapOf("users" to value(1), "orders" to failure<Int>(CancellationException("no")))
            val end = door.keyed(tasks, How(onFailure = FailurePolicy.AWAIT_OTHERS)).end()
            val thrown = end.shouldBeInstanceOf<End.Failed>().thrown.shouldBeInstanceOf<GatherException>()
            thrown.taskName() shouldBe "orders"
            thrown.index() shouldBe 1
            thrown.outcomes() shouldBe
                listOf(Outcome.Success(1), Outcome.Cancelled<Int>(CancelReason.TASK, true))
            thrown.message shouldBe
                "gather failed: task[1] orders of 2: java.util.concurrent.CancellationException: no"
        }

        every("a task that runs out of its time is named by its key in its failure") { door ->
            val tasks = mapOf("users" to value(1), "orders" to Piece())
            val how = How(taskTimeout = SHORT)
            val map = door
                .keyedSettled(
                    tasks,
                    how,
                ).end()
                .shouldBeInstanceOf<End.Value<Map<String, Outcome<Int>>>>()
                .value
            val failure = map.getValue("orders").shouldBeInstanceOf<Outcome.Failure<Int>>()
            failure.cause.shouldBeInstanceOf<TimeoutException>().message shouldBe
                "task[1] orders did not end within 250ms"
            door
                .keyed(tasks, how)
                .end()
                .shouldBeInstanceOf<End.Failed>()
                .cause.message shouldBe "task[1] orders did not end within 250ms"
        }

        both("a failure is the task's own exception") { door ->
            val error = IOException("boom")
            val end = door.keyed(mapOf("users" to value(1), "orders" to failure<Int>(error))).end()
            end.shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
        }

        test("a failure names the key (Java)") {
            val tasks = mapOf("users" to value(1).task(), "orders" to failure<Int>(IOException("boom")).task())
            val all = Gather
                .keyed(tasks)
                .name("page")
                .onFailure(FailurePolicy.AWAIT_OTHERS)
                .all()
            val thrown = shouldThrow<GatherException> { all.orStuck().join() }
            thrown.taskName() shouldBe "orders"
            thrown.message shouldBe "gather page failed: task[1] orders of 2: java.io.IOException: boom"
        }

        test("tasks that would not stop are named by their keys (Java)") {
            val stubborn = Piece<Int>().ignoringCancel()
            val failing = Piece<Int>()
            val tasks = mapOf("users" to stubborn.task(), "orders" to failing.task())
            val all = Gather.keyed(tasks).grace(Duration.ZERO).all()
            stubborn.started.soon()
            failing.throws(IOException("boom"))
            shouldThrow<GatherException> { all.orStuck().join() }.message shouldBe
                "gather failed: task[1] orders of 2: java.io.IOException: boom; still running: task[0] users"
            stubborn.returns(1)
            all.terminated().soon()
        }

        test("a task keeps a name of its own (Java)") {
            val names = Names()
            val task = failure<Int>(IOException("boom")).task().named("mine")
            val all = Gather.keyed(mapOf("key" to task)).listener(names).all()
            shouldThrow<GatherException> { all.orStuck().join() }.taskName() shouldBe "mine"
            names.all shouldContainExactly listOf("0 mine: Failure", "0 mine: start")
        }

        // ---- the same twice

        for (others in listOf(0, 20)) {
            test("a task that stands under three keys runs once, among ${others + 3} tasks (Java)") {
                val names = Names()
                val piece = value(7)
                val task = piece.task()
                val tasks =
                    mapOf("a" to task, "b" to task) + List(others) { it.toString() to Task.of { -1 } } + ("c" to task)
                val map = Gather
                    .keyed(tasks)
                    .listener(names)
                    .all()
                    .soon()
                listOf("a", "b", "c").map { map[it] } shouldBe listOf(7, 7, 7)
                map.size shouldBe others + 3
                piece.timesRun shouldBe 1
                names.all.filter { it.endsWith("Success") && it.contains(Regex("[abc]:")) } shouldContainExactly
                    listOf("0 a: Success", "1 b: Success", "${others + 2} c: Success").sorted()
            }
        }

        test("a stage that stands under two keys is awaited in both (Java)") {
            val stage = CompletableFuture<Int>()
            val task = Task.started(stage)
            val all = Gather.keyed(mapOf("a" to task, "b" to task)).all()
            stage.complete(7)
            all.soon() shouldBe mapOf("a" to 7, "b" to 7)
        }

        test("the same lambda under two keys runs twice (Kotlin)") {
            val piece = value(7)
            val body = suspend { piece.suspending() }
            mapOf("a" to body, "b" to body).gather() shouldBe mapOf("a" to 7, "b" to 7)
            piece.timesRun shouldBe 2
        }

        // ---- refused, and nothing starts

        test("a null task is named by its key (Java)") {
            val piece = value(1)
            val tasks = mapOf("a" to piece.task(), "b" to nothing<Task<Int>>())
            shouldThrow<NullPointerException> { Gather.keyed(tasks) }.message shouldBe "tasks[b] must not be null"
            val nullKey = mapOf(null to nothing<Task<Int>>())
            shouldThrow<NullPointerException> { Gather.keyed(nullKey) }.message shouldBe "tasks[null] must not be null"
            JavaDoor.letThingsHappen()
            piece.timesRun shouldBe 0
        }

        test("a null task is named by its key (Kotlin)") {
            val piece = value(1)
            val tasks = mapOf("a" to suspend { piece.suspending() }, "b" to nothing<suspend () -> Int>())
            shouldThrow<NullPointerException> { tasks.gather() }.message shouldBe "tasks[b] must not be null"
            shouldThrow<NullPointerException> { tasks.gatherSettled() }.message shouldBe "tasks[b] must not be null"
            piece.timesRun shouldBe 0
        }

        test("keys that are equal are refused, since one would take the place of the other") {
            val piece = value(1)
            val (one, other) = List(2) { String(charArrayOf('a')) }
            val message = "the keys of tasks must differ, but two are equal to a"
            val tasks = IdentityHashMap<String, Task<Int>>()
            tasks += mapOf(one to piece.task())
            tasks[other] = piece.task()
            shouldThrow<IllegalArgumentException> { Gather.keyed(tasks) }.message shouldBe message
            val bodies = IdentityHashMap<String, suspend () -> Int>()
            bodies[one] = { piece.suspending() }
            bodies[other] = { piece.suspending() }
            shouldThrow<IllegalArgumentException> { bodies.gather() }.message shouldBe message
            shouldThrow<IllegalArgumentException> { bodies.gatherSettled() }.message shouldBe message
            JavaDoor.letThingsHappen()
            piece.timesRun shouldBe 0
        }

        both("a key that cannot be written fails the call, and nothing starts") { door ->
            val piece = value(1)
            val unwritable =
                object {
                    override fun toString(): String = throw IllegalStateException("unwritable")
                }
            val tasks = mapOf("a" to piece, unwritable to value(2))
            val thrown =
                shouldThrow<IllegalStateException> {
                    throw door
                        .keyed(tasks)
                        .end()
                        .shouldBeInstanceOf<End.Failed>()
                        .thrown
                }
            thrown.message shouldBe "unwritable"
            door.letThingsHappen()
            piece.timesRun shouldBe 0
        }

        // ---- options and cancellation

        both("a limit, a deadline and a cancel are those of any gather") { door ->
            val gauge = Gauge()
            val pieces = List(5) { Piece<Int>().measuredBy(gauge) }
            val limited = door.keyed(pieces.withIndex().associate { (i, piece) -> i to piece }, How(limit = 2))
            pieces.forEachIndexed { i, piece ->
                piece.started.soon()
                piece.returns(i)
            }
            limited.end() shouldBe End.Value((0..4).associateWith { it })
            (gauge.max <= 2) shouldBe true

            val late = mapOf("done" to value(1), "late" to Piece())
            val timedOut = door
                .keyed(late, How(timeout = SHORT))
                .end()
                .shouldBeInstanceOf<End.Failed>()
                .cause
            timedOut.shouldBeInstanceOf<GatherTimeoutException>().outcomes() shouldBe
                listOf(Outcome.Success(1), Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true))
            door.keyedSettled(late, How(timeout = SHORT)).end() shouldBe
                End.Value(
                    mapOf(
                        "done" to Outcome.Success(1),
                        "late" to Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true),
                    ),
                )

            val piece = Piece<Int>()
            val cancelled = door.keyed(mapOf("a" to piece))
            piece.started.soon()
            cancelled.cancel()
            cancelled.end() shouldBe End.Cancelled
            cancelled.awaitTerminated()
            piece.noticed.isDone shouldBe true
        }

        test("each option gives a new description, which says so (Java)") {
            val plain = Gather.keyed(mapOf("a" to value(1).task(), "b" to value(2).task()))
            plain
                .name("prices")
                .limit(2)
                .timeout(Duration.ofSeconds(30))
                .taskTimeout(Duration.ofMillis(1500))
                .onFailure(FailurePolicy.AWAIT_OTHERS)
                .grace(Duration.ZERO)
                .stagger(Duration.ofSeconds(1))
                .limiter(Limiter.concurrent(4))
                .toString() shouldBe
                "KeyedGather[2 tasks, GatherOptions[name=prices, limit=2, timeout=PT30S, taskTimeout=PT1.5S, " +
                "onFailure=AWAIT_OTHERS, grace=PT0S, stagger=PT1S, limiter=Limiter[concurrent=4, active=0, waiting=0]]]"
            plain.with(GatherOptions.builder().limit(3).build()).toString() shouldBe
                "KeyedGather[2 tasks, GatherOptions[limit=3]]"
            plain.toString() shouldBe "KeyedGather[2 tasks, GatherOptions[]]"
        }

        test("bodies run where the executor says, and the scope owns them (Java)") {
            val threads = ArrayList<String>()
            val task = Task.of { threads.add(Thread.currentThread().name) }
            val named = { work: Runnable -> Thread(work, "mine").start() }
            Gather
                .keyed(mapOf("a" to task))
                .executor(named)
                .all()
                .soon() shouldBe mapOf("a" to true)
            threads shouldBe listOf("mine")
            val scope = GatherScope().apply { close() }
            shouldThrow<IllegalStateException> { Gather.keyed(mapOf("a" to task)).scope(scope).all() }
        }

        test("every way to get results is there under keys, too (Java)") {
            val slow = Piece<String>()
            val quick = Task.of {
                slow.started.soon()
                "quick"
            }
            val gather = Gather.keyed(linkedMapOf("slow" to slow.task(), "quick" to quick))
            gather.any().soon() shouldBe "quick"
            slow.noticed.soon()
            gather
                .atLeast(1)
                .soon()
                .single()
                .index shouldBe 1L // that of the key
            val failing = Gather.keyed(mapOf("a" to failure<String>(IOException("boom")).task()))
            shouldThrow<GatherException> { failing.any().orStuck().join() }.taskName() shouldBe "a"

            val all = Gather.keyed(linkedMapOf("a" to value("1").task(), "b" to value("2").task()))
            all.stream().use { results -> results.map { it.index }.toList().sorted() } shouldBe listOf(0L, 1L)
            val subscribed = Subscribed(all.limit(1).asCompleted())
            subscribed.subscription.request(2)
            List(2) { subscribed.take()!!.getOrThrow() } shouldBe listOf("1", "2")

            val (head, tail) = listOf(Piece<String>(), value("tail"))
            val ordered = Gather.keyed(linkedMapOf("head" to head.task(), "tail" to tail.task())).ordered()
            val inOrder = Subscribed(ordered.asCompleted())
            inOrder.subscription.request(2)
            tail.ended.soon()
            head.returns("head")
            List(2) { inOrder.take()!!.getOrThrow() } shouldBe listOf("head", "tail")

            val count = value(1).task()
            val name = value("one").task()
            val mixed: Map<String, Task<out Any>> = mapOf("count" to count, "name" to name)
            Gather.keyed(mixed).combine { it.get(name) + it.get(count) }.soon() shouldBe "one1"
        }

        test("describing starts nothing, and each terminal call is a new run (Java)") {
            val piece = value(1)
            val described = Gather.keyed(mapOf("a" to piece.task()))
            JavaDoor.letThingsHappen()
            piece.timesRun shouldBe 0
            val first: GatherFuture<Map<String, Int>> = described.all()
            first.soon() shouldBe mapOf("a" to 1)
            described.all().soon() shouldBe mapOf("a" to 1)
            described.settled().soon() shouldBe mapOf("a" to Outcome.Success(1))
            piece.timesRun shouldBe 3
        }
    })

/** What Java callers can do and Kotlin's types do not allow. */
@Suppress("UNCHECKED_CAST")
private fun <T> nothing(): T = null as T
