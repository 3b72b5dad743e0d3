package dev.gather.verification.faults

import dev.gather.FailurePolicy
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.soon
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.time.Duration
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport
import kotlin.time.Duration.Companion.seconds

/** A pool with as many threads as the limit refuses nothing, and whatever the pool, no task is lost. */
class SmallPoolSpec :
    FunSpec({
        timeout = (3 * PATIENCE).seconds.inWholeMilliseconds

        /** How many gathers each test runs: a lost task is a matter of who comes first. */
        val rounds = 20

        for (terminal in Terminal.entries) {
            for (source in Source.entries) {
                test("$terminal of $source on a pool of exactly the limit refuses and loses nothing") {
                    for ((threads, room) in listOf(1 to 0, 2 to 0, 4 to 0, 2 to 1)) {
                        repeat(rounds) { round ->
                            // Anew each time: a thread that has just ended a gather may refuse the next one.
                            SmallPool(threads, room).use { pool ->
                                val gather = source.gather().limit(threads + room).executor(pool)
                                terminal.outcomes(gather).expected("round $round on $pool")
                            }
                        }
                    }
                }
            }

            test("$terminal on a pool smaller than the limit refuses nothing to a worker that goes on") {
                for (source in Source.entries.filter { it.isBlocking }) {
                    for ((threads, room) in listOf(1 to 0, 2 to 0, 1 to 1)) {
                        repeat(rounds) { round ->
                            SmallPool(threads, room).use { pool ->
                                val gather = source.gather().limit(4).executor(pool)
                                val where = "round $round of $source on $pool"
                                val outcomes = terminal.outcomes(gather)
                                // A worker that waits for a reader has left its thread.
                                if (terminal.isRead) outcomes.expectedOrRefused(where) else outcomes.expected(where)
                            }
                        }
                    }
                }
            }

            test("$terminal with a slow listener loses nothing") {
                for (source in Source.entries) {
                    for (threads in listOf(1, 3)) {
                        SmallPool(threads).use { pool ->
                            val gather = source
                                .gather()
                                .limit(threads)
                                .executor(pool)
                                .listener(SlowListener)
                            terminal.outcomes(gather).expected("$source on $pool")
                        }
                    }
                }
            }

            test("$terminal with a stagger, or a rate, loses nothing") {
                for (source in Source.entries) {
                    for (threads in listOf(1, 2)) {
                        SmallPool(threads).use { pool ->
                            val gather = source.gather().limit(threads).executor(pool)
                            terminal
                                .outcomes(gather.stagger(Duration.ofNanos(20_000)))
                                .expected("$source, staggered, on $pool")
                        }
                        SmallPool(threads).use { pool ->
                            val gather = source.gather().limit(threads).executor(pool)
                            terminal
                                .outcomes(gather.limiter(Limiter.perSecond(20_000.0)))
                                .expected("$source, at a rate, on $pool")
                        }
                    }
                }
            }

            test("$terminal beside another gather under the same limiter refuses nothing") {
                for (source in Source.entries) {
                    repeat(rounds) { round ->
                        SmallPool(4).use { pool ->
                            val limiter = Limiter.concurrent(4)
                            val gather = source.gather().limiter(limiter).executor(pool)
                            val other = gather.settled()
                            terminal.outcomes(gather).expected("round $round of $source")
                            other.inTime().expected("the other, round $round of $source")
                            limiter.active() shouldBe 0
                        }
                    }
                }
            }
        }

        test("any() and atLeast() get their successes from a pool of exactly the limit") {
            for (source in Source.entries) {
                val failing = source.gather { if (it < MANY - 3) error("no $it") else it }.limit(2)
                repeat(rounds) {
                    SmallPool(2).use { pool -> (failing.executor(pool).any().inTime() >= MANY - 3) shouldBe true }
                    SmallPool(2).use { pool ->
                        val successes = failing.executor(pool).atLeast(3).inTime()
                        successes.map { it.orThrow }.sorted() shouldBe List(3) { MANY - 3 + it }
                    }
                }
            }
        }

        test("combine() and keyed() get every value from a pool of exactly the limit") {
            val tasks = List(MANY) { Task.of { it } }
            val keyed = tasks.withIndex().associate { it.index to it.value }
            for (threads in listOf(1, 2)) {
                repeat(rounds) {
                    SmallPool(threads).use { pool ->
                        val gather = Gather.of(tasks).limit(threads).executor(pool)
                        val sum = gather.combine { results -> tasks.sumOf { results.get(it) } }
                        sum.inTime() shouldBe MANY * (MANY - 1) / 2
                    }
                    SmallPool(threads).use { pool ->
                        val values = Gather
                            .keyed(keyed)
                            .limit(threads)
                            .executor(pool)
                            .all()
                        values.inTime() shouldBe (0 until MANY).associateWith { it }
                    }
                }
            }
        }

        for (source in Source.entries) {
            test("a failure that does not stop the others stops none of $source on a small pool") {
                repeat(rounds) {
                    SmallPool(1).use { pool ->
                        val called = AtomicInteger()
                        val gather = source
                            .gather {
                                called.incrementAndGet()
                                if (it == 0) error("the first") else it
                            }.limit(1)
                            .onFailure(FailurePolicy.AWAIT_OTHERS)
                            .listener(SlowListener)
                            .executor(pool)
                        gather.all().failure()
                        called.get() shouldBe MANY
                    }
                }
            }
        }

        for (terminal in Terminal.entries) {
            test("a pool that is shut down in the middle of $terminal: everything ends, nothing is lost") {
                for (source in Source.entries) {
                    for (threads in listOf(1, 2)) {
                        SmallPool(threads).use { pool ->
                            val gather = source
                                .gather { if (it == 20) pool.shutDown().let { _ -> 20 } else it }
                                .limit(threads)
                                .executor(pool)
                            val outcomes = runCatching { terminal.outcomes(gather) }
                            outcomes.onSuccess { it.expectedOrRefused("$source on $pool") }
                            outcomes.onFailure {
                                check(terminal == Terminal.ALL || terminal == Terminal.AWAIT_OTHERS) { it }
                                it.shouldBeRefusal()
                            }
                        }
                    }
                }
            }
        }

        for (terminal in listOf(Terminal.SETTLED, Terminal.STREAM, Terminal.AS_COMPLETED, Terminal.ONE_BY_ONE)) {
            test("an executor that refuses everything fails each task of $terminal with the refusal") {
                val refusal = RejectedExecutionException("full")
                for (source in Source.entries) {
                    val gather = source.gather().executor { throw refusal }
                    val refused = List(MANY) { Outcome.Failure<Int>(refusal) }
                    terminal.outcomes(gather) shouldBe refused
                    terminal.outcomes(gather.limit(1)) shouldBe refused
                    terminal.outcomes(gather.limit(4).limiter(Limiter.concurrent(2))) shouldBe refused
                }
            }
        }

        test("any() and atLeast() of an executor that refuses everything fail with the refusal") {
            val refusal = RejectedExecutionException("full")
            for (source in Source.entries) {
                val gather = source.gather().limit(2).executor { throw refusal }
                gather.any().failure() shouldBe refusal
                gather.atLeast(2).failure() shouldBe refusal
            }
        }

        test("an executor that refuses everybody but the first leaves everything to that one") {
            for (terminal in Terminal.entries.filterNot { it.isHandedOut }) {
                for (source in Source.entries.filter { it.isBlocking }) {
                    val gather = source.gather().limit(4).executor(Moody { it > 1 })
                    terminal.outcomes(gather).expected("$terminal of $source")
                }
            }
        }

        for (limit in listOf(1, 4)) {
            test("so it does where bodies take their time, and it would make way for others, limit $limit") {
                for (terminal in Terminal.entries.filterNot { it.isHandedOut }) {
                    val slow = Source.LIST.gather { it.also { LockSupport.parkNanos(LONGER_THAN_A_TURN) } }
                    val gather = slow.limit(limit).executor(Moody { it > 1 })
                    terminal.outcomes(gather).expected("$terminal")
                }
            }
        }

        test("a permit that was granted to a helper that is refused goes to the next gather") {
            for (every in listOf(2, 3, 5)) {
                val limiter = Limiter.concurrent(1)
                val gather = Source.LIST.gather().limiter(limiter)
                val moody = gather.executor(Moody { it % every == 0 }).settled()
                val other = gather.settled()
                other.inTime() shouldBe EVERYTHING
                moody.inTime().expectedOrRefused("every ${every}th is refused")
                limiter.active() shouldBe 0
                limiter.waiting() shouldBe 0
                limiter.acquire().soon().close()
            }
        }
    })

private const val LONGER_THAN_A_TURN = 2_000_000L

private fun List<Outcome<Int>>.expected(where: String) {
    if (this != EVERYTHING) {
        val wrong = filterIndexed { i, outcome -> i >= MANY || outcome != EVERYTHING[i] }
        throw AssertionError("$where: of $size tasks ${wrong.size} have no value, say ${wrong.take(3)}")
    }
}

/** A value or the refusal for every task. */
private fun List<Outcome<Int>>.expectedOrRefused(where: String) {
    this shouldHaveSize MANY
    filterIndexed { i, outcome ->
        outcome != EVERYTHING[i] && (outcome as? Outcome.Failure)?.cause() !is RejectedExecutionException
    }.map { "$where: $it" }.shouldBeEmpty()
}

private fun Throwable.shouldBeRefusal() {
    generateSequence(this) { it.cause }.last().shouldBeInstanceOf<RejectedExecutionException>()
}
