package dev.gather.bridge

import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage

private val WAYS: Map<String, suspend (CompletionStage<String?>) -> String?> =
    mapOf("owned" to { it.awaitOwned() }, "shared" to { it.awaitShared() })

class AwaitingSpec :
    FunSpec({
        for ((way, await) in WAYS) {
            test("$way: a value, which may be null, is there or comes") {
                await(CompletableFuture.completedFuture("a")) shouldBe "a"
                await(CompletableFuture.completedFuture(null)) shouldBe null
                val later = CompletableFuture<String?>()
                val waiting = async(start = CoroutineStart.UNDISPATCHED) { await(later) }
                later.complete("b")
                waiting.await() shouldBe "b"
                await(later.minimalCompletionStage()) shouldBe "b"
            }

            test("$way: a failure is the same instance, also behind other stages") {
                val failure = IOException("no route")
                shouldThrow<IOException> { await(CompletableFuture.failedFuture(failure)) } shouldBeSameInstanceAs
                    failure
                val derived = CompletableFuture.failedFuture<String?>(failure).thenApply { it }.thenApply { it }
                shouldThrow<IOException> { await(derived) } shouldBeSameInstanceAs failure
            }

            test("$way: a stage that somebody has cancelled does not end the caller in silence") {
                val cancelled = CompletableFuture<String?>().apply { cancel(true) }
                for (stage in listOf(cancelled, cancelled.thenApply { it })) {
                    shouldThrow<CompletionException> { await(stage) }.cause.shouldBeInstanceOf<CancellationException>()
                }
                currentCoroutineContext().isActive shouldBe true
            }

            test(
                "$way: a stage that was cancelled together with its caller, and before that came to wait, is no failure",
            ) {
                val cancelled = CompletableFuture<String?>().apply { cancel(true) }
                var thrown: Throwable? = null
                val caller =
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        currentCoroutineContext().cancel()
                        thrown = runCatching { await(cancelled) }.exceptionOrNull()
                    }
                caller.join()
                thrown.shouldBeInstanceOf<CancellationException>()
            }
        }

        test("owned: a cancel of the caller goes through, and it returns when the stage is done") {
            val asked = Signal()
            val stage =
                object : CompletableFuture<Int>() {
                    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
                        if (mayInterruptIfRunning) asked.come()
                        return true
                    }
                }
            val caller = launch(start = CoroutineStart.UNDISPATCHED) { stage.awaitOwned() }
            caller.cancel()
            withContext(Dispatchers.IO) { asked.soon() }
            caller.isCompleted shouldBe false
            stage.complete(1)
            caller.join()
            caller.isCancelled shouldBe true
        }

        test("owned: what the stage fails with meanwhile is suppressed in the cancellation") {
            val failure = IOException("while it was cancelled")
            val stage =
                object : CompletableFuture<Int>() {
                    override fun cancel(mayInterruptIfRunning: Boolean) = completeExceptionally(failure)
                }
            var thrown: Throwable? = null
            val caller =
                launch(start = CoroutineStart.UNDISPATCHED) {
                    thrown = runCatching { stage.awaitOwned() }.exceptionOrNull()
                }
            caller.cancelAndJoin()
            thrown.shouldBeInstanceOf<CancellationException>().suppressed.toList() shouldContain failure
        }

        test("owned: a stage that cannot be cancelled is not waited for any longer") {
            val stage = CompletableFuture<Int>().minimalCompletionStage()
            val caller =
                launch(start = CoroutineStart.UNDISPATCHED) {
                    object : CompletionStage<Int> by stage {}.awaitOwned()
                }
            caller.cancelAndJoin()
        }

        test("shared: a cancel of the caller touches nobody") {
            val stage = CompletableFuture<Int>()
            val callers = List(3) { launch(start = CoroutineStart.UNDISPATCHED) { stage.awaitShared() } }
            callers.forEach { it.cancel() }
            callers.joinAll()
            stage.isDone shouldBe false
            stage.complete(1)
            stage.awaitShared() shouldBe 1
        }

        // ---- gathers of the Java door

        test("a gather has its values, and the failure of its first task, the same instance") {
            Gather.of({ 1 }, { 2 }).all().await() shouldBe listOf(1, 2)
            val failure = IOException("no route")
            shouldThrow<IOException> { Gather.of<Int>({ throw failure }).all().await() } shouldBeSameInstanceAs failure
            val whole = shouldThrow<GatherException> { Gather.of<Int>({ throw failure }).all().awaitOwned() }
            whole.index() shouldBe 0
            whole.cause shouldBeSameInstanceAs failure
        }

        test("no failure is lost: the others are suppressed in the one that is thrown, each once") {
            val one = IOException("one")
            val two = IOException("two")
            val tasks = arrayOf(Task.of<Int> { throw one }, Task.of<Int> { throw two }, Task.of<Int> { throw one })
            val gathers =
                listOf<suspend () -> Any?>(
                    {
                        Gather
                            .of(*tasks)
                            .onFailure(FailurePolicy.AWAIT_OTHERS)
                            .all()
                            .await()
                    },
                    { Gather.of(*tasks).onFailure(FailurePolicy.AWAIT_OTHERS).awaitAll() },
                    { awaitGather { Gather.of(*tasks).any() } },
                    { awaitGather { Gather.of(*tasks).atLeast(1) } },
                )
            for (gather in gathers) {
                val thrown = shouldThrow<IOException> { gather() }
                setOf(thrown, *thrown.suppressed) shouldBe setOf(one, two)
                thrown.suppressed.size shouldBe 1
            }
        }

        test("whatever starts a gather does so as a part of the caller, however it is declared") {
            awaitGather { Gather.of({ 1 }, { 1 }).any() } shouldBe 1
            awaitGather { CompletableFuture.completedFuture(null) } shouldBe null
            val failure = IOException("no route")
            val declared: () -> CompletionStage<Int> = { Gather.of<Int>({ throw failure }).any() }
            shouldThrow<IOException> { awaitGather(declared) } shouldBeSameInstanceAs failure
            val refusal = IllegalStateException("not today")
            shouldThrow<IllegalStateException> { awaitGather<Int> { throw refusal } } shouldBeSameInstanceAs refusal
        }

        test("a task that cancels itself is no cancellation of the caller") {
            val thrown =
                shouldThrow<GatherException> {
                    Gather.of<Int>({ throw CancellationException("enough") }).all().await()
                }
            thrown.cause.shouldBeInstanceOf<CancellationException>()
        }

        test("so is a gather that somebody has cancelled") {
            val future = Gather.of(Task.started(CompletableFuture<Int>())).all()
            future.cancel(true)
            shouldThrow<CompletionException> { future.await() }.cause.shouldBeInstanceOf<CancellationException>()
        }

        test("at the deadline it throws that") {
            val gather = Gather.of(Task.started(CompletableFuture<Int>())).timeout(Duration.ofMillis(1))
            shouldThrow<GatherTimeoutException> { gather.all().await() }
        }

        test("a cancel of the caller cancels the gather, and it returns after the end of the tasks") {
            val started = Signal()
            val interrupted = Signal()
            val go = Signal()
            val future =
                Gather
                    .of<Int>({
                        started.come()
                        try {
                            Signal().soon()
                        } catch (_: InterruptedException) {
                            interrupted.come()
                            go.soon()
                        }
                        1
                    })
                    .all()
            supervisorScope {
                val caller: Deferred<List<Int>> = async(Dispatchers.Default) { future.await() }
                withContext(Dispatchers.IO) { started.soon() }
                caller.cancel()
                withContext(Dispatchers.IO) { interrupted.soon() }
                caller.isCompleted shouldBe false
                go.come()
                caller.join()
                future.terminated().isDone shouldBe true
            }
        }

        test("what is described for Java runs as a part of the caller") {
            Task.of { 1 }.await() shouldBe 1
            Gather.each(listOf(1, 2, 3)) { n: Int -> n * n }.limit(2).awaitAll() shouldBe listOf(1, 4, 9)
            val failure = IOException("no route")
            shouldThrow<IOException> { Task.of<Int> { throw failure }.await() } shouldBeSameInstanceAs failure
            Gather.keyed(mapOf("b" to Task.of { 2 }, "a" to Task.of { 1 })).awaitAll().toList() shouldBe
                listOf("b" to 2, "a" to 1)
            val (good, bad) = Gather.of({ 1 }, { throw failure }).awaitSettled()
            good shouldBe Outcome.Success(1)
            bad.shouldBeInstanceOf<Outcome.Failure<*>>().cause shouldBeSameInstanceAs failure
        }

        test("a call of a door is awaited like any other") {
            JavaDoor("users").use { door ->
                door.future { 1 }.await() shouldBe 1
                val failure = IOException("no route")
                shouldThrow<IOException> { door.future<Int> { throw failure }.await() } shouldBeSameInstanceAs failure
                val ofGather =
                    door.future<Int> {
                        withContext(Dispatchers.IO) { Gather.of<Int>({ throw failure }).all().join() }
                        1
                    }
                shouldThrow<GatherException> { ofGather.await() } shouldBeSameInstanceAs
                    runCatching { ofGather.join() }.exceptionOrNull()
                shouldThrow<GatherException> { ofGather.thenApply { it }.await() }.cause shouldBeSameInstanceAs failure
                val ended = Signal()
                val started = Signal()
                val caller =
                    launch(Dispatchers.Default) {
                        door
                            .future {
                                try {
                                    started.come()
                                    awaitCancellation()
                                } finally {
                                    ended.come()
                                }
                            }.await()
                    }
                withContext(Dispatchers.IO) { started.soon() }
                caller.cancelAndJoin()
                ended.hasCome shouldBe true
            }
        }
    })
