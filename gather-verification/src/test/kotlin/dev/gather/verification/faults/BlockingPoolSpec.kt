package dev.gather.verification.faults

import dev.gather.Limiter
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds

/** An executor that lets its caller wait while it is full: nobody waits for a thread that waits for him. */
class BlockingPoolSpec :
    FunSpec({
        timeout = (10 * PATIENCE).seconds.inWholeMilliseconds

        for (terminal in Terminal.entries) {
            for ((what, sizes) in listOf("fits" to FITTING, "is larger" to LARGER)) {
                test("$terminal on a pool that callers wait for, with a limit that $what") {
                    for ((threads, limit) in sizes) {
                        for (source in Source.entries) {
                            BlockingPool(threads).use { pool ->
                                val gather = source.gather().limit(limit).executor(pool)
                                withClue("$source on $pool, limit $limit") {
                                    inTime { terminal.outcomes(gather) } shouldBe EVERYTHING
                                }
                            }
                        }
                    }
                }
            }

            test("$terminal without a limit") {
                BlockingPool(2).use { pool ->
                    for (source in listOf(Source.LIST, Source.TASKS)) {
                        inTime { terminal.outcomes(source.gather().executor(pool)) } shouldBe EVERYTHING
                    }
                }
            }

            test("$terminal under a limiter that another gather shares") {
                for (source in listOf(Source.LAZY, Source.STAGES_OF_LIST)) {
                    BlockingPool(2).use { pool ->
                        val gather = source.gather().limiter(Limiter.concurrent(2)).executor(pool)
                        inTime {
                            val other = gather.settled()
                            terminal.outcomes(gather) shouldBe EVERYTHING
                            other.inTime() shouldBe EVERYTHING
                        }
                    }
                }
            }
        }
    })

private val FITTING = listOf(1 to 1, 2 to 1, 2 to 2)
private val LARGER = listOf(1 to 2, 1 to 4, 2 to 5)
