package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.Outcomes
import dev.gather.coroutines.failures
import dev.gather.coroutines.gatherSettled
import dev.gather.coroutines.getOrElse
import dev.gather.coroutines.partition
import dev.gather.coroutines.successes
import dev.gather.coroutines.throwIfAnyFailed
import dev.gather.coroutines.toResult
import dev.gather.coroutines.valueOrThrow
import dev.gather.future.Gather
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletionException

/** The static methods of Java, or the extensions of Kotlin. */
private interface Sorting {
    fun <T> successes(outcomes: List<Outcome<T>>): List<T>

    fun failures(outcomes: List<Outcome<*>>): List<Throwable>

    fun throwIfAnyFailed(outcomes: List<Outcome<*>>)

    fun <T> partition(outcomes: List<Outcome<T>>): Outcomes.Partition<T>
}

private object JavaSorting : Sorting {
    override fun <T> successes(outcomes: List<Outcome<T>>): List<T> = Outcomes.successes(outcomes)

    override fun failures(outcomes: List<Outcome<*>>): List<Throwable> = Outcomes.failures(outcomes)

    override fun throwIfAnyFailed(outcomes: List<Outcome<*>>) = Outcomes.throwIfAnyFailed(outcomes)

    override fun <T> partition(outcomes: List<Outcome<T>>): Outcomes.Partition<T> = Outcomes.partition(outcomes)

    override fun toString() = "Java"
}

private object KotlinSorting : Sorting {
    override fun <T> successes(outcomes: List<Outcome<T>>): List<T> = outcomes.successes()

    override fun failures(outcomes: List<Outcome<*>>): List<Throwable> = outcomes.failures()

    override fun throwIfAnyFailed(outcomes: List<Outcome<*>>) = outcomes.throwIfAnyFailed()

    override fun <T> partition(outcomes: List<Outcome<T>>): Outcomes.Partition<T> = outcomes.partition()

    override fun toString() = "Kotlin"
}

class OutcomesSpec :
    FunSpec({
        val (first, second) = List(2) { IOException("boom $it") }
        val late = Outcome.Cancelled<String?>(CancelReason.TIMEOUT, false)
        val stopped = Outcome.Cancelled<String?>(CancelReason.OTHER_FAILED, true)
        val mixed: List<Outcome<String?>> =
            listOf(
                late,
                Outcome.Success("a"),
                Outcome.Failure(first),
                Outcome.Success(null),
                Outcome.Failure(second),
                stopped,
                Outcome.Success("b"),
            )
        val fine: List<Outcome<String?>> = mixed.filter { it.isSuccess }

        fun both(
            name: String,
            body: (Sorting) -> Unit,
        ) = listOf(JavaSorting, KotlinSorting).forEach { sorting -> test("$name ($sorting)") { body(sorting) } }

        both("successes are the values, in order") { sorting ->
            sorting.successes(mixed) shouldBe listOf("a", null, "b")
            sorting.successes(emptyList<Outcome<String>>()) shouldBe emptyList()
        }

        both("failures are what was thrown, in order, the same instances") { sorting ->
            val failures = sorting.failures(mixed)
            failures.size shouldBe 2
            failures[0] shouldBeSameInstanceAs first
            failures[1] shouldBeSameInstanceAs second
            sorting.failures(fine) shouldBe emptyList()
        }

        both("partition is all three, in order") { sorting ->
            val parts = sorting.partition(mixed)
            parts shouldBe
                Outcomes.Partition(listOf("a", null, "b"), listOf<Throwable>(first, second), listOf(late, stopped))
            parts.cancelled()[1] shouldBeSameInstanceAs stopped
            sorting.partition(emptyList<Outcome<String>>()) shouldBe
                Outcomes.Partition<String>(emptyList(), emptyList(), emptyList())
        }

        both("the lists cannot be changed") { sorting ->
            val parts = sorting.partition(mixed)
            val lists =
                listOf(
                    sorting.successes(mixed),
                    sorting.failures(mixed),
                    parts.successes(),
                    parts.failures(),
                    parts.cancelled(),
                )
            for (list in lists) {
                @Suppress("UNCHECKED_CAST") // as Java sees it
                shouldThrow<UnsupportedOperationException> { (list as MutableList<Any?>).removeAt(0) }
            }
        }

        both("throwIfAnyFailed lets values pass") { sorting ->
            sorting.throwIfAnyFailed(fine)
            sorting.throwIfAnyFailed(emptyList())
        }

        both("throwIfAnyFailed throws the first failure in order, with the others suppressed") { sorting ->
            val thrown = shouldThrow<GatherException> { sorting.throwIfAnyFailed(mixed) }
            thrown.cause shouldBeSameInstanceAs first
            thrown.suppressed.toList() shouldContainExactly listOf(second)
            thrown.index() shouldBe 2
            thrown.taskName().shouldBeNull()
            thrown.outcomes() shouldBe mixed
            thrown.message shouldBe "task[2] of 7 failed: java.io.IOException: boom 0"
            first.suppressed.size shouldBe 0
        }

        both("throwIfAnyFailed: one instance that two tasks have thrown is told once") { sorting ->
            val twice = listOf(first, second, first, second).map { Outcome.Failure<Int>(it) }
            val thrown = shouldThrow<GatherException> { sorting.throwIfAnyFailed(twice) }
            thrown.cause shouldBeSameInstanceAs first
            thrown.suppressed.toList() shouldContainExactly listOf(second)
        }

        both("throwIfAnyFailed: without a failure what was cancelled counts as one") { sorting ->
            val outcomes = listOf(Outcome.Success("a"), late, stopped)
            val thrown = shouldThrow<GatherException> { sorting.throwIfAnyFailed(outcomes) }
            thrown.cause.shouldBeInstanceOf<CancellationException>().message shouldBe
                "the task was cancelled (TIMEOUT, it had not started)"
            thrown.index() shouldBe 1
            thrown.suppressed.size shouldBe 0
            thrown.outcomes() shouldBe outcomes
        }

        both("a null outcome is named by its position") { sorting ->
            @Suppress("UNCHECKED_CAST") // as Java can
            val outcomes = listOf(late, null) as List<Outcome<String?>>
            val calls =
                listOf<() -> Any?>(
                    { sorting.successes(outcomes) },
                    { sorting.failures(outcomes) },
                    { sorting.throwIfAnyFailed(outcomes) },
                    { sorting.partition(outcomes) },
                )
            for (call in calls) {
                shouldThrow<NullPointerException> { call() }.message shouldBe "outcomes[1] must not be null"
            }
        }

        test("outcomes that are no list: those of a map, and those that are just read (Java, Kotlin)") {
            val map = Gather.keyed(mapOf("a" to value(1).task(), "b" to failure<Int>(first).task())).settled().soon()
            Outcomes.successes(map.values) shouldBe listOf(1)
            map.values.failures() shouldBe listOf(first)
            Iterable { mixed.iterator() }.successes() shouldBe listOf("a", null, "b")
            Iterable { mixed.iterator() }.partition().failures() shouldBe listOf(first, second)
        }

        test("outcomes of an exception, whose type nobody knows (Java, Kotlin)") {
            val thrown = shouldThrow<GatherException> { mixed.throwIfAnyFailed() }
            thrown.outcomes().failures() shouldBe listOf(first, second)
            thrown.outcomes().successes() shouldBe listOf("a", null, "b")
            thrown.outcomes().partition().successes() shouldBe listOf("a", null, "b")
        }

        // ---- a single one

        val success: Outcome<String> = Outcome.Success("a")
        val failed: Outcome<String> = Outcome.Failure(first)
        val cancelled: Outcome<String> = Outcome.Cancelled(CancelReason.TIMEOUT, false)

        test("the value, or the task's own exception (Kotlin)") {
            success.valueOrThrow() shouldBe "a"
            shouldThrow<IOException> { failed.valueOrThrow() } shouldBeSameInstanceAs first
            success.toResult() shouldBe Result.success("a")
            failed.toResult().exceptionOrNull() shouldBeSameInstanceAs first
            success.getOrElse { error("not needed") } shouldBe "a"
            failed.getOrElse { "not ${it.message}" } shouldBe "not ${first.message}"
            Outcome.Success<String?>(null).getOrElse { "not needed" } shouldBe null
            listOf(success, failed, cancelled).map { it.getOrNull() } shouldBe listOf("a", null, null)
        }

        test("what was cancelled never throws a bare CancellationException, which would end the caller (Kotlin)") {
            val own: Outcome<String> = Outcome.Failure(CancellationException("own"))
            val asked = listOf<
                (
                    Outcome<String>,
                ) -> Any?,
            >({ it.getOrThrow() }, { it.valueOrThrow() }, { it.toResult().getOrThrow() })
            for (ask in asked) {
                for (outcome in listOf(cancelled, own)) {
                    val caller = CoroutineScope(Dispatchers.Default).async { runCatching { ask(outcome) } }
                    val thrown = caller.asCompletableFuture().soon().exceptionOrNull()
                    thrown.shouldBeInstanceOf<CompletionException>().cause.shouldBeInstanceOf<CancellationException>()
                }
            }
            cancelled.getOrElse { it.cause!!.message!! } shouldBe "the task was cancelled (TIMEOUT, it had not started)"
        }

        test("map and fold (Java, Kotlin)") {
            success.map { it.length } shouldBe Outcome.Success(1)
            failed.map { it.length } shouldBeSameInstanceAs failed
            val words = listOf(
                success,
                failed,
                cancelled,
            ).map { it.fold({ v -> v }, { e -> e.message }, { c -> c.reason().name }) }
            words shouldBe listOf("a", first.message, "TIMEOUT")
        }

        test("the standard library's partition is still there (Kotlin)") {
            val (values, others) = mixed.partition { it.isSuccess }
            values.size shouldBe 3
            others.size shouldBe 4
        }

        test("after a gather that was settled (Kotlin)") {
            val outcomes = gatherSettled({ 1 }, { throw first }, { 3 })
            outcomes.successes() shouldBe listOf(1, 3)
            outcomes.failures() shouldBe listOf(first)
        }
    })
