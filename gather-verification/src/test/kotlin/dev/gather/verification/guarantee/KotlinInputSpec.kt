package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import java.io.IOException
import java.util.EnumMap
import java.util.IdentityHashMap
import java.util.TreeMap
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration.Companion.milliseconds

/** Kotlin: sequences, arrays and the entries of maps are gathered as the items of an `Iterable` are. */
class KotlinInputSpec :
    FunSpec({
        // ---- sequences

        test("a sequence: results stand in the order of its items") {
            runTest {
                sequenceOf(3, 1, 2).gather { it.also { delay(it * 10L) } } shouldBe listOf(3, 1, 2)
                currentTime shouldBe 30
                val error = IOException("boom")
                sequenceOf(1, 2, null).gatherSettled { if (it == 1) throw error else it } shouldBe
                    listOf(Outcome.Failure<Int?>(error), Outcome.Success(2), Outcome.Success(null))
                emptySequence<Int>().gather { it } shouldBe emptyList()
                emptySequence<Int>().gatherSettled { it } shouldBe emptyList()
            }
        }

        test("a sequence: it is read as there is room, and once") {
            runTest {
                var read = 0
                var ended = 0
                val numbers = generateSequence { read++ }.take(1_000).constrainOnce()
                numbers.gather(limit = 3) {
                    delay(1)
                    read - ended shouldBeLessThanOrEqual 3
                    ended++
                    it
                } shouldBe List(1_000) { it }
                read shouldBe 1_000
            }
        }

        test("a sequence without end is read no more when the caller is cancelled") {
            runTest {
                var read = 0
                val running = launch { generateSequence { read++ }.gather(limit = 2) { awaitCancellation() } }
                runCurrent()
                read shouldBe 2
                running.cancelAndJoin()
                read shouldBe 2
            }
        }

        test("a sequence that throws fails the call, after what had started has ended") {
            runTest {
                val error = IllegalStateException("midway")
                val broken = sequence {
                    yield(1)
                    throw error
                }
                for (call in listOf<suspend (suspend (Int) -> Unit) -> Any?>(
                    { body -> broken.gather { body(it) } },
                    { body -> broken.gatherSettled { body(it) } },
                )) {
                    val end = CompletableDeferred<Long>()
                    val thrown =
                        shouldThrow<IllegalStateException> {
                            call {
                                try {
                                    awaitCancellation()
                                } finally {
                                    withContext(NonCancellable) { delay(10) }
                                    end.complete(currentTime)
                                }
                            }
                        }
                    thrown shouldBeSameInstanceAs error
                    end.getCompleted() shouldBe currentTime
                }
            }
        }

        // ---- arrays

        test("an array: results stand in the order of its items, and what changes it later changes nothing") {
            runTest {
                val numbers = arrayOf(3, 1, 2)
                numbers.gather(limit = 1) {
                    numbers[2] = 100
                    it.also { delay(it * 10L) }
                } shouldBe listOf(3, 1, 2)
                currentTime shouldBe 60
                val error = IOException("boom")
                arrayOf("a", null).gatherSettled { it ?: throw error } shouldBe
                    listOf(Outcome.Success("a"), Outcome.Failure<String>(error))
                emptyArray<Int>().gather { it } shouldBe emptyList()
                val some: Array<out Number> = arrayOf(1, 2)
                some.gather { it.toInt() + 1 } shouldBe listOf(2, 3)
            }
        }

        // ---- the entries of maps

        test("a map: values stand under the keys of their entries, in the order of the map") {
            runTest {
                val delays = linkedMapOf("c" to 30L, "a" to 10L, "b" to 20L)
                val map = delays.gather { (key, pause) -> "$key's".also { delay(pause) } }
                map.entries.map { it.key to it.value } shouldBe listOf("c" to "c's", "a" to "a's", "b" to "b's")
                currentTime shouldBe 30
                emptyMap<String, Int>().gather { it.value } shouldBe emptyMap()
                val sorted = TreeMap(mapOf("b" to 2, "a" to 1)).gather(limit = 1) { (_, value) -> value }
                sorted.keys.toList() shouldBe listOf("a", "b")
            }
        }

        test("a map: outcomes stand under the keys of their entries, in the order of the map") {
            runTest {
                val error = IOException("boom")
                val map =
                    mapOf("ok" to 1, "failed" to 2, "gone" to 3).gatherSettled { (key, value) ->
                        when (key) {
                            "failed" -> throw error
                            "gone" -> throw CancellationException("no")
                            else -> value
                        }
                    }
                map.keys.toList() shouldBe listOf("ok", "failed", "gone")
                map["ok"] shouldBe Outcome.Success(1)
                map["failed"] shouldBe Outcome.Failure<Int>(error)
                map["gone"] shouldBe Outcome.Cancelled<Int>(CancelReason.TASK, true)
            }
        }

        test("a map: null is a key and a value, and the map cannot be changed") {
            runTest {
                val map = mapOf("a" to null, null to 2).gather { (_, value) -> value }
                map shouldBe mapOf("a" to null, null to 2)
                @Suppress("UNCHECKED_CAST") // as Java sees it
                shouldThrow<UnsupportedOperationException> { (map as MutableMap<String?, Int?>)["b"] = 1 }
            }
        }

        test("a map: it is copied by the call, with entries that stay what they are") {
            runTest {
                val map = linkedMapOf("a" to 1, "b" to 2)
                map.gather(limit = 1) { entry ->
                    map["b"] = 100
                    map.remove("a")
                    entry.key to entry.value
                } shouldBe mapOf("a" to ("a" to 1), "b" to ("b" to 2))
                // These have one entry for all, or one that writes through.
                val kinds =
                    listOf<MutableMap<FailurePolicy, Int>>(
                        EnumMap(FailurePolicy::class.java),
                        IdentityHashMap(),
                        ConcurrentHashMap(),
                    )
                for (kind in kinds) {
                    FailurePolicy.entries.forEach { kind[it] = it.ordinal }
                    val seen = kind.gather { entry ->
                        @Suppress("UNCHECKED_CAST") // as Java sees it
                        val mutable = entry as MutableMap.MutableEntry<FailurePolicy, Int>
                        shouldThrow<UnsupportedOperationException> { mutable.setValue(7) }
                        delay(1)
                        entry.key.ordinal to entry.value
                    }
                    seen shouldBe FailurePolicy.entries.associateWith { it.ordinal to it.ordinal }
                }
            }
        }

        test("a map: tasks are called what their keys are") {
            runTest {
                val names = Names()
                val options = gatherOptions(name = "page", listener = names)
                val seen =
                    mapOf("users" to 1, null to 2).gather(options = options) {
                        currentCoroutineContext()[CoroutineName]?.name
                    }
                seen shouldBe mapOf("users" to "page[users]", null to "page[null]")
                names.all shouldContainExactly
                    listOf("0 users: Success", "0 users: start", "1 null: Success", "1 null: start")
                val thrown =
                    shouldThrow<GatherException> {
                        mapOf("users" to 1).gather(options = options) { throw CancellationException("no") }
                    }
                thrown.taskName() shouldBe "users"
                thrown.message shouldBe
                    "gather page failed: task[0] users of 1: java.util.concurrent.CancellationException: no"
            }
        }

        test("a map: keys that are equal, or cannot be written, are refused, and nothing starts") {
            runTest {
                val twice = IdentityHashMap<String, Int>()
                repeat(2) { twice[String(charArrayOf('a'))] = it }
                val message = "the keys of map must differ, but two are equal to a"
                shouldThrow<IllegalArgumentException> { twice.gather { error("started") } }.message shouldBe message
                shouldThrow<IllegalArgumentException> { twice.gatherSettled { error("started") } }.message shouldBe
                    message
                val unwritable =
                    object {
                        override fun toString(): String = throw UnsupportedOperationException("unwritable")
                    }
                shouldThrow<UnsupportedOperationException> {
                    mapOf(1 to 1, unwritable to 2).gather { error("started") }
                }.message shouldBe "unwritable"
            }
        }

        test("a map of tasks has a gather of its own, with a body and without") {
            runTest {
                val tasks = mapOf("a" to suspend { 1 }, "b" to suspend { 2 })
                tasks.gather() shouldBe mapOf("a" to 1, "b" to 2)
                tasks.gather(limit = 1) { (_, task) -> task() + 1 } shouldBe mapOf("a" to 2, "b" to 3)
                tasks.gatherSettled() shouldBe tasks.gatherSettled { (_, task) -> task() }
            }
        }

        // ---- what all of them do

        val forms: Map<String, suspend (FailurePolicy, CoroutineScope?, suspend (Int) -> Int) -> Any?> =
            mapOf(
                "sequence" to { policy, scope, body ->
                    sequenceOf(0, 1, 2).gather(onFailure = policy, scope = scope, body = body)
                },
                "array" to { policy, scope, body ->
                    arrayOf(0, 1, 2).gather(onFailure = policy, scope = scope, body = body)
                },
                "map" to { policy, scope, body ->
                    mapOf("a" to 0, "b" to 1, "c" to 2)
                        .gather(onFailure = policy, scope = scope) { (_, value) -> body(value) }
                },
            )
        for ((form, call) in forms) {
            for (policy in FailurePolicy.entries) {
                test("$form: the first failure is thrown as it is, under $policy") {
                    runTest {
                        val error = IOException("boom")
                        val owner = Job()
                        val scope = CoroutineScope(owner)
                        val ends = mutableListOf<Long>()
                        val thrown =
                            shouldThrow<IOException> {
                                call(policy, scope.takeIf { policy == FailurePolicy.LEAVE_OTHERS }) {
                                    try {
                                        delay(10L + 20 * it)
                                        if (it == 0) throw error
                                        it
                                    } finally {
                                        ends += currentTime
                                    }
                                }
                            }
                        thrown shouldBeSameInstanceAs error
                        currentTime shouldBe if (policy == FailurePolicy.AWAIT_OTHERS) 50 else 10
                        ends shouldBe
                            when (policy) {
                                FailurePolicy.CANCEL_OTHERS -> listOf(10L, 10L, 10L)
                                FailurePolicy.AWAIT_OTHERS -> listOf(10L, 30L, 50L)
                                FailurePolicy.LEAVE_OTHERS -> listOf(10L)
                            }
                        owner.cancelAndJoin()
                        ends.size shouldBe 3
                    }
                }
            }

            test("$form: a caller that is cancelled goes on when every body has ended") {
                runTest {
                    var ended = 0
                    val running =
                        launch {
                            call(FailurePolicy.CANCEL_OTHERS, null) {
                                try {
                                    awaitCancellation()
                                } finally {
                                    ended++
                                }
                            }
                        }
                    runCurrent()
                    running.cancelAndJoin()
                    ended shouldBe 3
                }
            }
        }

        test("a deadline keeps what is there, of a sequence, an array and a map") {
            runTest {
                suspend fun body(item: Int): Int = if (item == 0) 0 else awaitCancellation()
                val late = Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true)
                val expected = listOf(Outcome.Success(0), late)
                sequenceOf(0, 1).gatherSettled(timeout = 50.milliseconds) { body(it) } shouldBe expected
                arrayOf(0, 1).gatherSettled(timeout = 50.milliseconds) { body(it) } shouldBe expected
                mapOf("a" to 0, "b" to 1).gatherSettled(timeout = 50.milliseconds) { (_, item) -> body(item) } shouldBe
                    mapOf("a" to Outcome.Success(0), "b" to late)
                currentTime shouldBe 150
            }
        }
    })
