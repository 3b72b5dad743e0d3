package dev.gather.verification.faults

import dev.gather.Outcome
import dev.gather.future.Gather
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.locks.LockSupport
import kotlin.time.Duration.Companion.seconds

/** An input may ask the limiter of the gather that reads it, wherever it is in user code. */
class AskingInputSpec :
    FunSpec({
        timeout = (5 * PATIENCE).seconds.inWholeMilliseconds

        for (place in InputPlace.entries) {
            for (terminal in Terminal.entries) {
                test("$place asks, and $terminal completes") {
                    for (ask in Ask.entries) {
                        for (limit in listOf(1, 3, Int.MAX_VALUE)) {
                            for (stages in listOf(false, true)) {
                                withClue("$ask, limit $limit, ${if (stages) "stages" else "bodies"}") {
                                    asking(ask) { question ->
                                        val gather = place.gather(question, stages).limit(limit)
                                        terminal.outcomes(gather.limiter(question.limiter)) shouldBe
                                            List(ITEMS) { Outcome.Success(it) }
                                    }
                                }
                            }
                        }
                    }
                }
            }

            test("$place asks, while another gather and calls stand in the queue") {
                for (ask in Ask.entries) {
                    for (limit in listOf(1, 3, Int.MAX_VALUE)) {
                        for (stages in listOf(false, true)) {
                            withClue("$ask, limit $limit, ${if (stages) "stages" else "bodies"}") {
                                asking(ask) { question ->
                                    val gather = place.gather(question, stages).limit(limit).limiter(question.limiter)
                                    val futures = List(3) { gather.settled() }
                                    repeat(10) { inTime { question.limiter.call { } } }
                                    futures.forEach { it.inTime() shouldBe List(ITEMS) { i -> Outcome.Success(i) } }
                                }
                            }
                        }
                    }
                }
            }

            test("$place asks, read on the caller's own thread") {
                for (ask in Ask.entries) {
                    withClue(ask) {
                        asking(ask) { question ->
                            val gather = place.gather(question, stages = false).executor(Executor(Runnable::run))
                            val future = inTime { gather.limiter(question.limiter).all() }
                            future.inTime() shouldBe List(ITEMS) { it }
                        }
                    }
                }
            }
        }
    })

private const val ITEMS = 20
private const val A_MOMENT = 200_000L

private enum class InputPlace {
    ITERATOR,
    HAS_NEXT,
    NEXT,
    EVERYWHERE,
    ;

    fun gather(
        question: Question,
        stages: Boolean,
    ): Gather<Int> {
        val input = Iterable { items(question) }
        return if (stages) {
            Gather.eachAsync(input) { CompletableFuture.supplyAsync { it } }
        } else {
            Gather.each(input) {
                LockSupport.parkNanos(A_MOMENT) // so that others come to the input meanwhile
                it
            }
        }
    }

    private fun items(question: Question): Iterator<Int> {
        if (this == ITERATOR || this == EVERYWHERE) question.ask()
        val items = (0 until ITEMS).iterator()
        return object : Iterator<Int> {
            override fun hasNext(): Boolean {
                if (this@InputPlace == HAS_NEXT || this@InputPlace == EVERYWHERE) question.ask()
                return items.hasNext()
            }

            override fun next(): Int {
                if (this@InputPlace == NEXT || this@InputPlace == EVERYWHERE) question.ask()
                return items.next()
            }
        }
    }
}
