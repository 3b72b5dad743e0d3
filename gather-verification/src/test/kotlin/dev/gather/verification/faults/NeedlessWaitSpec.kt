package dev.gather.verification.faults

import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.LONG
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/** What runs already, or is run once for several places, waits for no permit and no turn, and spends none. */
class NeedlessWaitSpec :
    FunSpec({
        timeout = (3 * PATIENCE).seconds.inWholeMilliseconds

        for (terminal in Terminal.entries) {
            val mixes = Mix.entries.filter { terminal.isRunWith(it) }

            test("$terminal: a body and what needs nothing get by on one permit, of a rate that grants no other") {
                for (mix in mixes) {
                    for (limit in listOf(1, 2, Int.MAX_VALUE)) {
                        val gather = Gather.of(mix.tasks()).limit(limit).limiter(Limiter.perSecond(NEVER))
                        withClue("$mix, limit $limit") { terminal.outcomes(gather) shouldBe mix.outcomes }
                    }
                }
            }

            test("$terminal: a body and what needs nothing spend one permit") {
                for (mix in mixes) {
                    val limiter = Limiter.perSecond(NEVER, 10)
                    withClue(mix) {
                        terminal.outcomes(Gather.of(mix.tasks()).limiter(limiter)) shouldBe mix.outcomes
                        limiter.left() shouldBe 9
                    }
                }
            }

            test("$terminal: a body and what needs nothing get by on the only permit") {
                for (mix in mixes) {
                    val limiter = Limiter.concurrent(1)
                    withClue(mix) { terminal.outcomes(Gather.of(mix.tasks()).limiter(limiter)) shouldBe mix.outcomes }
                    limiter.active() shouldBe 0
                }
            }

            test("$terminal: a body and what needs nothing get by on one turn, and there is no other for an hour") {
                for (mix in mixes) {
                    for (limit in listOf(1, 2, Int.MAX_VALUE)) {
                        val gather = Gather.of(mix.tasks()).limit(limit).stagger(LONG)
                        withClue("$mix, limit $limit") { terminal.outcomes(gather) shouldBe mix.outcomes }
                    }
                }
            }

            test("$terminal of stages that run already needs neither permit nor turn") {
                val limiter = Limiter.perSecond(NEVER, 5)
                val stages = List(20) { CompletableFuture.completedFuture(it) }
                val gather = Gather.started(stages).limiter(limiter).stagger(LONG)
                terminal.outcomes(gather) shouldBe stages.map { Outcome.Success(it.join()) }
                limiter.left() shouldBe 5
            }

            test("$terminal of stages that are pending needs neither permit nor turn") {
                val limiter = Limiter.perSecond(NEVER, 5)
                Elsewhere().use { elsewhere ->
                    val stages = List(20) { elsewhere.stage(it) }
                    val gather = Gather.started(stages + stages).limiter(limiter).stagger(LONG)
                    terminal.outcomes(gather) shouldBe List(40) { Outcome.Success(it % 20) }
                }
                limiter.left() shouldBe 5
            }

            test("$terminal: the permits that are left are for those that need them") {
                val limiter = Limiter.perSecond(NEVER, 3)
                val tasks = List(3) { i -> Task.of { i } }
                val mixed = tasks.flatMap { listOf(Task.started(CompletableFuture.completedFuture(9)), it, it) }
                val wanted = List(3) { i -> listOf(9, i, i) }.flatten().map { Outcome.Success(it) }
                terminal.outcomes(Gather.of(mixed).limiter(limiter)) shouldBe wanted
                limiter.left() shouldBe 0
            }
        }

        test("any(), atLeast(), combine() and keyed() wait for no permit that they do not need") {
            val done = Task.started(CompletableFuture.completedFuture(1))
            val limiter = Limiter.perSecond(NEVER, 4)
            val one = Task.of { 2 }
            Gather
                .of(done, done)
                .limiter(limiter)
                .stagger(LONG)
                .any()
                .inTime() shouldBe 1
            Gather
                .of(one, one, done)
                .limiter(limiter)
                .stagger(LONG)
                .atLeast(3)
                .inTime()
                .map { it.orThrow }
                .sorted() shouldBe listOf(1, 2, 2)
            val two = Gather.of(one, done).limiter(limiter).stagger(LONG)
            two.combine { it.get(one) + it.get(done) }.inTime() shouldBe 3
            val keyed = Gather.keyed(mapOf("a" to one, "b" to done, "c" to one)).limiter(limiter).stagger(LONG)
            keyed.all().inTime() shouldBe mapOf("a" to 2, "b" to 1, "c" to 2)
            limiter.left() shouldBe 1
        }

        test("no task, no permit") {
            val limiter = Limiter.perSecond(NEVER, 2)
            Gather
                .of(listOf<Task<Int>>())
                .limiter(limiter)
                .all()
                .inTime() shouldBe listOf()
            Gather
                .each(Iterable { listOf<Int>().iterator() }) { it }
                .limiter(limiter)
                .all()
                .inTime() shouldBe listOf()
            limiter.left() shouldBe 2
        }

        test("a task that ends before a turn comes leaves no one waiting for it") {
            val ran = AtomicInteger()
            val first = Task.of { ran.incrementAndGet() }
            val pending = CompletableFuture<Int>()
            val future = Gather
                .of(Task.started(pending), first, first, Task.started(pending))
                .stagger(LONG)
                .limiter(Limiter.perSecond(NEVER))
                .settled()
            pending.complete(7)
            future.inTime() shouldBe listOf(7, 1, 1, 7).map { Outcome.Success(it) }
        }
    })

/** A rate at which no second permit comes while a test waits. */
private const val NEVER = 0.000_1

/** Without a limit no more tasks start than results were requested, and a pending stage is one of them. */
private fun Terminal.isRunWith(mix: Mix) = this != Terminal.ONE_BY_ONE || mix != Mix.PENDING_THEN_A_BODY

/** How many can be had at once. */
private fun Limiter.left(): Int = generateSequence { tryAcquire() }.take(100).count()

/** One body, called once, and places that need nothing of their own. */
private enum class Mix(
    vararg values: Int,
) {
    A_BODY_THEN_DONE(0, 1) {
        override fun tasks() = listOf(body(), done())
    },
    DONE_THEN_A_BODY(1, 0) {
        override fun tasks() = listOf(done(), body())
    },
    DONE_AROUND_A_BODY(1, 0, 1) {
        override fun tasks() = listOf(done(), body(), done())
    },
    A_BODY_THEN_PENDING(0, 1) {
        override fun tasks(): List<Task<Int>> {
            val pending = CompletableFuture<Int>()
            return listOf(Task.of { pending.complete(1).let { 0 } }, Task.started(pending))
        }
    },
    PENDING_THEN_A_BODY(1, 0) {
        override fun tasks() = A_BODY_THEN_PENDING.tasks().reversed()
    },
    A_BODY_TWICE(0, 0) {
        override fun tasks() = body().let { listOf(it, it) }
    },
    A_STAGE_THREE_TIMES(0, 0, 0) {
        override fun tasks() = Task.async { CompletableFuture.completedFuture(0) }.let { listOf(it, it, it) }
    },
    A_BODY_TWICE_AND_DONE_TWICE(0, 1, 0, 1) {
        override fun tasks(): List<Task<Int>> {
            val body = body()
            val done = done()
            return listOf(body, done, body, done)
        }
    },
    ;

    abstract fun tasks(): List<Task<Int>>

    val outcomes: List<Outcome<Int>> = values.map { Outcome.Success(it) }

    fun body(): Task<Int> = Task.of { 0 }

    fun done(): Task<Int> = Task.started(CompletableFuture.completedFuture(1))
}
