package dev.gather.bridge

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.GatherTimeoutException
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gatherOptions
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletableFuture.completedFuture
import java.util.concurrent.CompletableFuture.failedFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds

class GatherStagesSpec :
    FunSpec({
        test("values come in the order of the stages, also of the same one twice") {
            val (first, second) = List(2) { CompletableFuture<Int>() }
            val waiting =
                async(start = CoroutineStart.UNDISPATCHED) { listOf(first, second, completedFuture(3), first).gather() }
            second.complete(2)
            first.complete(1)
            waiting.await() shouldBe listOf(1, 2, 3, 1)
            listOf<CompletableFuture<Int>>().gather() shouldBe emptyList()
        }

        test("the first failure is thrown, the same instance, and cancels the others unless they are shared") {
            val failure = IOException("no route")
            for (shared in listOf(false, true)) {
                val other = CompletableFuture<Int>()
                shouldThrow<IOException> {
                    listOf(other, failedFuture(failure)).gather(shared = shared)
                } shouldBeSameInstanceAs failure
                other.isCancelled shouldBe !shared
            }
        }

        test("a cancel of the caller cancels the stages unless they are shared") {
            for (shared in listOf(false, true)) {
                val stages = List(3) { CompletableFuture<Int>() }
                launch(start = CoroutineStart.UNDISPATCHED) { stages.gather(shared = shared) }.cancelAndJoin()
                stages.count { it.isCancelled } shouldBe if (shared) 0 else 3
            }
        }

        test("a caller who had been cancelled cancels them all the same, as their owner") {
            val forms =
                listOf<suspend (List<CompletableFuture<Int>>) -> Unit>(
                    { it.gather() },
                    { it.gatherSettled() },
                    { it.gatherAsCompleted().toList() },
                )
            for (form in forms) {
                val stages = List(3) { CompletableFuture<Int>() }
                launch(start = CoroutineStart.UNDISPATCHED) {
                    coroutineContext.cancel()
                    form(stages)
                }.join()
                stages.count { it.isCancelled } shouldBe 3
            }
        }

        test("settled tells how each has ended") {
            val failure = IOException("no route")
            val cancelled = CompletableFuture<Int>().apply { cancel(true) }
            val (value, failed, gone) = listOf(completedFuture(1), failedFuture(failure), cancelled).gatherSettled()
            value shouldBe Outcome.Success(1)
            failed.shouldBeInstanceOf<Outcome.Failure<*>>().cause shouldBeSameInstanceAs failure
            gone.shouldBeInstanceOf<Outcome.Failure<*>>().cause.shouldBeInstanceOf<CompletionException>()
        }

        test("as completed: each comes when it is done, and who has enough cancels the rest unless they are shared") {
            for (shared in listOf(false, true)) {
                val stages = List(3) { CompletableFuture<Int>() }
                stages[1].complete(1)
                stages.gatherAsCompleted(shared = shared).first().index() shouldBe 1
                stages.map { it.isCancelled } shouldBe listOf(!shared, false, !shared)
            }
            val all = List(3) { completedFuture(it) }.gatherAsCompleted().toList()
            all.map { it.outcome().getOrThrow() }.sorted() shouldBe listOf(0, 1, 2)
        }

        test("no limit and no limiter is about what runs already") {
            val limiter = Limiter.concurrent(1)
            val stages = List(3) { CompletableFuture<Int>() }
            val failure = IOException("the last of them is heard of although the first is pending")
            supervisorScope {
                val waiting =
                    async(start = CoroutineStart.UNDISPATCHED) {
                        stages.gather(options = gatherOptions(limit = 1, limiter = limiter))
                    }
                stages[2].completeExceptionally(failure)
                shouldThrow<IOException> { waiting.await() }.message shouldBe failure.message
            }
            stages[0].isCancelled shouldBe true
            limiter.active() shouldBe 0
        }

        test("settled, shared: a cancel of the caller touches none of them") {
            val stages = List(3) { CompletableFuture<Int>() }
            launch(start = CoroutineStart.UNDISPATCHED) { stages.gatherSettled(shared = true) }.cancelAndJoin()
            stages.count { it.isCancelled } shouldBe 0
        }

        test("a timeout is that of all, and what is pending then is cancelled") {
            val forms =
                mapOf<String, suspend (List<CompletableFuture<Int>>) -> Any>(
                    "gather" to { it.gather(timeout = 1.milliseconds) },
                    "settled" to { it.gatherSettled(timeout = 1.milliseconds) },
                    "as completed" to { it.gatherAsCompleted(timeout = 1.milliseconds).toList() },
                )
            for ((name, form) in forms) {
                withClue(name) {
                    val stages = listOf(completedFuture(1), CompletableFuture<Int>())
                    if (name == "gather") {
                        shouldThrow<GatherTimeoutException> { form(stages) }
                    } else {
                        (form(stages) as List<*>).size shouldBe 2
                    }
                    stages[1].isCancelled shouldBe true
                }
            }
        }

        test("an option that is refused cancels nothing, and nothing has been awaited") {
            val forms =
                mapOf<String, suspend (Iterable<CompletableFuture<Int>>) -> Any>(
                    "gather, timeout" to { it.gather(timeout = (-1).milliseconds) },
                    "gather, policy" to { it.gather(onFailure = FailurePolicy.LEAVE_OTHERS) },
                    "gather, options" to { it.gather(options = GatherOptions.builder().grace(Duration.ZERO).build()) },
                    "gather, policy among the options" to
                        {
                            val leave = FailurePolicy.LEAVE_OTHERS
                            it.gather(options = GatherOptions.builder().onFailure(leave).build())
                        },
                    "gather, the scope is over" to
                        {
                            val over = CoroutineScope(Job().apply { cancel() })
                            it.gather(onFailure = FailurePolicy.LEAVE_OTHERS, scope = over)
                        },
                    "gatherSettled" to { it.gatherSettled(timeout = (-1).milliseconds) },
                    "gatherSettled, options" to
                        { it.gatherSettled(options = GatherOptions.builder().grace(Duration.ZERO).build()) },
                )
            for ((what, form) in forms) {
                withClue(what) {
                    val stage = CompletableFuture<Int>()
                    val stages = Iterable<CompletableFuture<Int>> { error("read") }
                    for (given in listOf(stages, listOf(stage))) {
                        shouldThrow<RuntimeException> { form(given) }.message shouldNotBe "read"
                    }
                    stage.isDone shouldBe false
                    stage.numberOfDependents shouldBe 0
                }
            }
        }

        test("where there is no time at all they are cancelled all the same") {
            repeat(200) {
                val stage = CompletableFuture<Int>()
                shouldThrow<GatherTimeoutException> { listOf(stage).gather(timeout = 1.nanoseconds) }
                stage.isCancelled shouldBe true
                val second = CompletableFuture<Int>()
                listOf(second).gatherSettled(timeout = 1.nanoseconds).size shouldBe 1
                second.isCancelled shouldBe true
                val third = CompletableFuture<Int>()
                listOf(third).gatherAsCompleted(timeout = 1.nanoseconds).toList().size shouldBe 1
                third.isCancelled shouldBe true
            }
        }

        test("a policy may leave them to another scope, which they then belong to") {
            val failure = IOException("no route")
            val left = CompletableFuture<Int>()
            val owner = CoroutineScope(Dispatchers.Default + SupervisorJob())
            shouldThrow<IOException> {
                listOf(left, failedFuture(failure)).gather(onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner)
            } shouldBeSameInstanceAs failure
            left.isCancelled shouldBe false
            owner.cancel()
            owner.coroutineContext.job.join()
            left.isCancelled shouldBe true
        }

        test("what has a value when others fail is released") {
            val released = ConcurrentLinkedQueue<Int>()
            shouldThrow<IOException> {
                listOf(completedFuture(7), failedFuture(IOException("no route"))).gather(release = { released += it })
            }
            released.toList() shouldBe listOf(7)
        }
    })
