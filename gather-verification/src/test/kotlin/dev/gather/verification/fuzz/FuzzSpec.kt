package dev.gather.verification.fuzz

import dev.gather.verification.guarantee.SECONDS
import io.kotest.core.spec.style.FunSpec
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlin.time.Duration.Companion.minutes

/** How many seeds each test tries; the profile "stress" multiplies them, to a hundred thousand in all. */
private val SEEDS: Long = Integer.getInteger("gather.stress", 1).let { if (it == 1) 2_000L else 3_500L * it }

/** Only this one, many times over: with the system property that a failure names. */
private val ONLY: Long? = java.lang.Long.getLong("gather.fuzz.seed")
private const val REPEATS = 1_000

/** A round waits for several things, each for as long. */
private const val ROUNDS_SECONDS = SECONDS * 3

/**
 * Random gathers over executors that are full, refuse, block, or run everything at once. In each round nothing is
 * lost, nothing runs twice, nothing is refused that need not be, and when it has ended nothing goes on.
 */
class FuzzSpec :
    FunSpec({
        timeout = (10 * Integer.getInteger("gather.stress", 1)).minutes.inWholeMilliseconds

        val collected = listOf(Terminal.ALL, Terminal.SETTLED, Terminal.COMBINE)
        val first = listOf(Terminal.ANY, Terminal.AT_LEAST)
        val streamed = listOf(Terminal.STREAM, Terminal.AS_COMPLETED)
        val kinds = Odd.values().toList()

        for ((name, terminals) in mapOf("one result" to collected, "the first" to first, "as completed" to streamed)) {
            test("Java, $name") {
                fuzz { seed, later ->
                    val case = Case(seed, kinds, terminals, Input.values().toList())
                    round(case, later) { work, executor -> JavaRound(case, work, executor).run() }
                }
            }

            test("Kotlin, $name") {
                // A thread that resumes a body is one that a dispatcher must not block.
                val dispatchers = kinds - Odd.BLOCKS_WHEN_FULL
                fuzz { seed, later ->
                    val case = Case(seed, dispatchers, terminals, listOf(Input.LIST, Input.LAZY), suspending = true)
                    round(case, later) { work, executor -> KotlinRound(case, work, executor, later).run() }
                }
            }
        }
    })

private fun fuzz(round: (Long, ExecutorService) -> Unit) {
    val later = Executors.newFixedThreadPool(2)
    val caller = Executors.newSingleThreadExecutor()
    try {
        val seeds = if (ONLY == null) 0 until SEEDS else List(REPEATS) { ONLY }
        for (seed in seeds) {
            val result = caller.submit { round(seed, later) }
            try {
                result.get(ROUNDS_SECONDS, TimeUnit.SECONDS)
            } catch (e: TimeoutException) {
                throw AssertionError(
                    "seed $seed: the call itself never returned; -Dgather.fuzz.seed=$seed repeats it",
                    e,
                )
            }
        }
    } finally {
        caller.shutdownNow()
        later.shutdown()
    }
}

private fun round(
    case: Case,
    later: ExecutorService,
    run: (Work, OddExecutor) -> Boolean,
) {
    val work = Work(case, later)
    val executor = OddExecutor(case.executor, case.threads, case.seed)
    try {
        val mayHaveStopped = run(work, executor)
        val starts = work.starts
        executor.close()
        check(work.starts == starts) { "${work.starts - starts} bodies began after the end" }
        work.check(mayHaveStopped)
    } catch (e: Throwable) {
        executor.abandon()
        throw AssertionError("$e\n  $case\n  -Dgather.fuzz.seed=${case.seed} repeats it", e)
    }
}
