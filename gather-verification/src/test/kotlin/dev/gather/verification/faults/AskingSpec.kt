package dev.gather.verification.faults

import dev.gather.Limiter
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.guarantee.LONG
import dev.gather.verification.guarantee.SHORT
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/** Who hears of an end, or of a start, may ask the gather's own limiter, and wait for it. */
class AskingSpec :
    FunSpec({
        timeout = (3 * PATIENCE).seconds.inWholeMilliseconds

        for ((what, on) in listOf("onStart" to ::onStart, "onEnd" to ::onEnd)) {
            for (terminal in Terminal.entries) {
                everyAsk("$what asks, and $terminal completes") { ask ->
                    for (source in Source.entries) {
                        asking(ask) { question ->
                            val gather = source.gather().limiter(question.limiter).listener(on { question.ask() })
                            withClue(source) { terminal.outcomes(gather) shouldBe EVERYTHING }
                            question.asked shouldBe MANY
                        }
                    }
                }
            }
        }

        for (batch in listOf(1L, 2L, Long.MAX_VALUE)) {
            everyAsk("onNext asks, requested by $batch") { ask ->
                for (source in Source.entries) {
                    asking(ask) { question ->
                        val gather = source.gather().limiter(question.limiter)
                        Collected(gather, batch) { question.ask() }.all().size shouldBe MANY
                        question.asked shouldBe MANY
                    }
                }
            }
        }

        for (limit in listOf(1, 3, Int.MAX_VALUE)) {
            everyAsk("onEnd asks, on one thread, limit $limit") { ask ->
                SmallPool(1, room = 10).use { pool -> askingAtEnds(ask, limit, pool) }
            }

            everyAsk("onEnd asks, on the caller's own thread, limit $limit") { ask ->
                askingAtEnds(ask, limit, Runnable::run)
            }
        }

        everyAsk("a dependent of the future, of a derived stage and of the end asks") { ask ->
            for (source in Source.entries) {
                asking(ask) { question ->
                    val future = source.gather().limiter(question.limiter).all()
                    val heard = listOf(
                        future.thenRun { question.ask() },
                        future.thenApply { it.size }.thenRun { question.ask() },
                        future.shielded().thenRun { question.ask() },
                        future.terminated().thenRun { question.ask() },
                    )
                    heard.forEach { it.soon() }
                    question.asked shouldBe heard.size
                }
            }
        }

        everyAsk("a dependent of a stage of the gather, older than the gather's own asks") { ask ->
            Elsewhere(threads = 8).use { elsewhere ->
                for (limit in listOf(1, Int.MAX_VALUE)) {
                    asking(ask) { question ->
                        val asked = ConcurrentLinkedQueue<CompletableFuture<*>>()
                        val items = List(4) { it }
                        val gather = Gather.eachAsync(items) { item ->
                            elsewhere.stage(item).also { stage -> asked.add(stage.thenRun { question.ask() }) }
                        }
                        gather
                            .limit(limit)
                            .limiter(question.limiter)
                            .all()
                            .inTime() shouldBe items
                        asked.forEach { it.soon() }
                        question.asked shouldBe items.size
                    }
                }
            }
        }

        for (cancel in Cancel.entries) {
            everyAsk("an onCancel hook, $cancel asks") { ask ->
                asking(ask) { question ->
                    cancel.reaches(question) { started -> blocking(started) }
                    cancel.reaches(question) { started ->
                        Task.async {
                            started.countDown()
                            CompletableFuture<Int>()
                        }
                    }
                }
            }
        }

        everyAsk("onDroppedError, of a hook that throws asks") { ask ->
            asking(ask) { question ->
                val dropped = CompletableFuture<Unit>()
                val task = blocking().onCancel { error("the hook") }
                val listener =
                    onDropped {
                        question.ask()
                        dropped.complete(Unit)
                    }
                val future = Gather
                    .of(task)
                    .limiter(question.limiter)
                    .listener(listener)
                    .timeout(SHORT)
                    .settled()
                future.inTime().size shouldBe 1
                dropped.soon()
            }
        }

        test("the listener of the one gather asks while another stands in the queue") {
            asking(Ask.CALL) { question ->
                val gather = Source.LIST.gather().limiter(question.limiter)
                val asks = gather.listener(onEnd { question.ask() })
                val futures = listOf(asks, gather, asks, gather).map { it.settled() }
                futures.forEach { it.inTime() shouldBe EVERYTHING }
                question.asked shouldBe 2 * MANY
            }
        }

        test("a permit comes to a gather although one of its threads is in user code for long") {
            val limiter = Limiter.concurrent(1)
            val goOn = CountDownLatch(1)
            val ended = CountDownLatch(3)
            val listener =
                onEnd {
                    ended.countDown()
                    if (it == 0) goOn.await()
                }
            val future = Gather
                .each(listOf(0, 1, 2)) { it }
                .limiter(limiter)
                .listener(listener)
                .all()
            try {
                inTime { ended.await() } // the others go on beside the one that is being told of the first
            } finally {
                goOn.countDown()
            }
            future.inTime() shouldBe listOf(0, 1, 2)
        }
    })

/** How somebody asks a limiter, and waits. */
internal enum class Ask {
    CALL {
        override fun wait(limiter: Limiter) {
            limiter.call { }
        }
    },
    ACQUIRE {
        override fun wait(limiter: Limiter) = limiter.acquire().soon().close()
    },
    GATHER {
        override fun wait(limiter: Limiter) {
            Gather
                .of(Callable { 1 }, Callable { 2 })
                .limiter(limiter)
                .all()
                .inTime()
        }
    },
    GATHER_STAGES {
        override fun wait(limiter: Limiter) {
            Gather
                .eachAsync(listOf(1, 2)) { CompletableFuture.completedFuture(it) }
                .limiter(limiter)
                .settled()
                .inTime()
        }
    },
    STREAM {
        override fun wait(limiter: Limiter) {
            Gather
                .of(Callable { 1 }, Callable { 2 })
                .limiter(limiter)
                .stream()
                .use { it.toList() }
        }
    },
    ;

    abstract fun wait(limiter: Limiter)
}

internal class Question(
    private val ask: Ask,
) {
    val limiter: Limiter = Limiter.concurrent(1)
    val problems = ConcurrentLinkedQueue<Throwable>()
    private val answered = AtomicInteger()
    val asked: Int get() = answered.get()

    /** What a listener throws is nobody's failure, so it is kept. */
    fun ask() {
        try {
            ask.wait(limiter)
            answered.incrementAndGet()
        } catch (e: Throwable) {
            problems.add(e)
        }
    }
}

private fun askingAtEnds(
    ask: Ask,
    limit: Int,
    executor: Executor,
) {
    for (source in Source.entries.filter { it.isBlocking }) {
        asking(ask) { question ->
            val gather = source
                .gather()
                .limit(limit)
                .limiter(question.limiter)
                .executor(executor)
                .listener(onEnd { question.ask() })
            inTime { gather.settled().inTime() } shouldBe EVERYTHING
            question.asked shouldBe MANY
        }
    }
}

private fun FunSpec.everyAsk(
    name: String,
    test: (Ask) -> Unit,
) = test(name) { for (ask in Ask.entries) withClue(ask) { test(ask) } }

/** Lets everybody go who waits for a permit in vain. */
internal fun asking(
    ask: Ask,
    test: (Question) -> Unit,
) {
    val question = Question(ask)
    try {
        test(question)
        question.problems.shouldBeEmpty()
        question.limiter.active() shouldBe 0
    } finally {
        question.limiter.setConcurrent(10_000)
    }
}

/** A body that blocks until it is interrupted. */
internal fun blocking(started: CountDownLatch = CountDownLatch(1)): Task<Int> =
    Task.of {
        started.countDown()
        CompletableFuture<Int>().get()
    }

/** What cancels a task that runs. */
private enum class Cancel {
    FUTURE,
    DERIVED,
    FROM_OUTSIDE,
    SCOPE,
    DEADLINE,
    TASK_DEADLINE,
    FAILURE,
    ;

    /** The only permit is held by the task, and its hook asks for one. */
    fun reaches(
        question: Question,
        taskThatStarts: (CountDownLatch) -> Task<Int>,
    ) {
        val asked = CompletableFuture<Unit>()
        val started = CountDownLatch(1)
        val failing = CompletableFuture<Int>()
        val scope = GatherScope()
        val hook = Runnable {
            question.ask()
            asked.complete(Unit)
        }
        val future = Gather
            .of(taskThatStarts(started).onCancel(hook), Task.started(failing))
            .limiter(question.limiter)
            .scope(scope)
            .timeout(if (this == DEADLINE) SHORT else LONG)
            .taskTimeout(if (this == TASK_DEADLINE) SHORT else LONG)
            .all()
        inTime { started.await() }
        when (this) {
            FUTURE -> inTime { future.cancel(true) }
            DERIVED -> inTime { future.thenApply { it }.cancel(true) }
            FROM_OUTSIDE -> inTime { future.complete(listOf()) }
            SCOPE -> inTime { scope.close() }
            FAILURE -> inTime { failing.completeExceptionally(IllegalStateException("the other")) }
            DEADLINE, TASK_DEADLINE -> Unit
        }
        asked.soon()
        future.handle { _, _ -> }.soon()
        future.terminated().soon()
    }
}
