package dev.gather.bridge

import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherListener
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger

class JavaDoorTaskSpec :
    FunSpec({
        val door = JavaDoor("users")
        afterSpec { door.close() }

        test("suspending tasks stand among others, in order") {
            val tasks =
                listOf(
                    door.task {
                        delay(5)
                        "suspending"
                    },
                    Task.of { "blocking" },
                    door.task {
                        yield()
                        null
                    },
                )
            Gather.of(tasks).all().soon() shouldBe listOf("suspending", "blocking", null)
        }

        test("a task runs once in each run") {
            val runs = AtomicInteger()
            val gather = Gather.of(door.task { runs.incrementAndGet() })
            gather.all().soon() shouldBe listOf(1)
            gather.all().soon() shouldBe listOf(2)
        }

        test("a failure is the same instance, with the name of its task") {
            val failure = IOException("no route")
            val gather = Gather.of(door.task<Int>("user 7") { throw failure })
            val thrown = shouldThrow<GatherException> { gather.all().join() }
            thrown.cause shouldBeSameInstanceAs failure
            thrown.taskName() shouldBe "user 7"
        }

        test("the limit of the gather holds, and one that has ended makes room when its coroutine has") {
            val running = AtomicInteger()
            val most = AtomicInteger()
            val tasks =
                List(20) {
                    door.task {
                        most.accumulateAndGet(running.incrementAndGet(), ::maxOf)
                        launch { delay(2) }.invokeOnCompletion { running.decrementAndGet() }
                    }
                }
            Gather
                .of(tasks)
                .limit(2)
                .all()
                .soon()
            most.get() shouldBe 2
        }

        test("a cancel of the gather cancels the coroutine, and the end waits for it") {
            val body = CleaningUp()
            val future =
                Gather
                    .of(
                        door.task {
                            body.run()
                        },
                    ).all()
            body.started.soon()
            future.cancel(true)
            body.cleaning.soon()
            future.terminated().isDone shouldBe false
            body.goOn()
            future.terminated().soon()
        }

        test("the first failure cancels the others, which have ended when it is told") {
            val started = Signal()
            val ended = Signal()
            val failure = IOException()
            val gather =
                Gather.of(
                    door.task {
                        try {
                            started.come()
                            awaitCancellation()
                        } finally {
                            withContext(NonCancellable) { delay(1) }
                            ended.come()
                        }
                    },
                    door.task {
                        withContext(NonCancellable) { started.soon() }
                        throw failure
                    },
                )
            shouldThrow<GatherException> { gather.all().join() }.cause shouldBeSameInstanceAs failure
            ended.hasCome shouldBe true
        }

        test("a failure awaits the others where the gather says so") {
            val go = CompletableDeferred<Int>()
            val failure = IOException()
            val future =
                Gather
                    .of(door.task { go.await() }, door.task { throw failure })
                    .onFailure(FailurePolicy.AWAIT_OTHERS)
                    .listener(
                        object : GatherListener {
                            override fun onEnd(
                                index: Int,
                                taskName: String?,
                                outcome: Outcome<*>,
                                elapsed: Duration,
                            ) {
                                if (index == 1) go.complete(7)
                            }
                        },
                    ).all()
            val thrown = shouldThrow<GatherException> { future.join() }
            thrown.cause shouldBeSameInstanceAs failure
            thrown.outcomes().first() shouldBe Outcome.Success(7)
        }

        test(
            "a failure leaves the others where the gather says so: the scope has their end, the listener their failure",
        ) {
            val go = CompletableDeferred<Unit>()
            val later = IllegalStateException("later")
            val late = CompletableFuture<Throwable>()
            val started = Signal()
            val failure = IOException()
            val scope = GatherScope()
            val future =
                Gather
                    .of(
                        door.task {
                            started.come()
                            go.await()
                            throw later // what a deferred has failed with comes as a copy of it in debug mode
                        },
                        door.task {
                            withContext(Dispatchers.IO) { started.soon() }
                            throw failure
                        },
                    ).onFailure(FailurePolicy.LEAVE_OTHERS)
                    .scope(scope)
                    .listener(
                        object : GatherListener {
                            override fun onDroppedError(
                                index: Int,
                                taskName: String?,
                                error: Throwable,
                            ) {
                                late.complete(error)
                            }
                        },
                    ).all()
            shouldThrow<GatherException> { future.join() }.cause shouldBeSameInstanceAs failure
            future.terminated().isDone shouldBe false
            go.complete(Unit)
            late.soon() shouldBeSameInstanceAs later
            future.terminated().soon()
            scope.close()
        }

        test("a listener hears of its start, by its name, and of its end") {
            val heard = ConcurrentLinkedQueue<String>()
            val listener =
                object : GatherListener {
                    override fun onStart(
                        index: Int,
                        taskName: String?,
                    ) {
                        heard += "start $index $taskName"
                    }

                    override fun onEnd(
                        index: Int,
                        taskName: String?,
                        outcome: Outcome<*>,
                        elapsed: Duration,
                    ) {
                        heard += "end $index $taskName $outcome"
                    }
                }
            val future =
                Gather
                    .of(
                        door.task("user 7") {
                            yield()
                            7
                        },
                    ).listener(listener)
                    .all()
            future.terminated().soon()
            heard.toList() shouldBe listOf("start 0 user 7", "end 0 user 7 Success[value=7]")
        }

        test("the timeout of the task and the deadline of the gather cancel the coroutine") {
            val slow = door.task<Int> { awaitCancellation() }.timeout(Duration.ofMillis(1))
            val outcome = Gather
                .of(slow)
                .settled()
                .soon()
                .single()
            outcome.shouldBeInstanceOf<Outcome.Failure<*>>().cause.shouldBeInstanceOf<TimeoutException>()
            val late = Gather.of(door.task<Int> { awaitCancellation() }).timeout(Duration.ofMillis(1))
            val left = late.settled().soon().single()
            left.shouldBeInstanceOf<Outcome.Cancelled<*>>()
        }

        test("what it throws while it is cancelled is not lost") {
            val failure = IOException("while cleaning up")
            val dropped = ConcurrentLinkedQueue<Throwable>()
            val started = Signal()
            val listener =
                object : GatherListener {
                    override fun onDroppedError(
                        index: Int,
                        taskName: String?,
                        error: Throwable,
                    ) {
                        dropped += error
                    }
                }
            val future =
                Gather
                    .of(
                        door.task {
                            try {
                                started.come()
                                awaitCancellation()
                            } finally {
                                throw failure
                            }
                        },
                    ).listener(listener)
                    .all()
            started.soon()
            future.cancel(true)
            future.terminated().soon()
            dropped.toList() shouldBe listOf(failure)
        }

        test("a closed door is the failure of the task") {
            val closed = JavaDoor("closed")
            val gather = Gather.of(closed.task { 1 })
            closed.close()
            shouldThrow<GatherException> { gather.all().join() }.cause.shouldBeInstanceOf<IllegalStateException>()
        }

        test("a door that is closed cancels its task, and nothing else of the gather") {
            val other = JavaDoor("other")
            val started = Signal()
            val future =
                Gather
                    .of(
                        other.task<Int> {
                            started.come()
                            awaitCancellation()
                        },
                        door.task { 2 },
                    ).settled()
            started.soon()
            other.close()
            val (first, second) = future.get(SECONDS, TimeUnit.SECONDS)
            first.shouldBeInstanceOf<Outcome.Cancelled<*>>()
            second.getOrThrow() shouldBe 2
        }

        test("a task may close the scope of its gather, and cancel the gather itself") {
            for (dispatcher in listOf(Dispatchers.Default, Dispatchers.Unconfined)) {
                JavaDoor("inside", dispatcher).use { inside ->
                    val scope = GatherScope()
                    val seen = ConcurrentLinkedQueue<String>()
                    val task =
                        inside.task {
                            yield()
                            scope.close()
                            seen += "closed"
                        }
                    val future = Gather.of(task).scope(scope).settled()
                    future.terminated().soon()
                    seen.toList() shouldBe listOf("closed")
                }
            }
        }

        test("so may a call of a door, or a gather, that a supplier returns") {
            val kinds =
                mapOf<String, (() -> Int) -> CompletionStage<Int>>(
                    "call" to { body -> door.future { body() } },
                    "gather" to { body -> Gather.of(body).all().thenApply { it.single() } },
                    "gather in a call" to { body -> door.future { Gather.of(body).awaitAll().single() } },
                )
            for ((kind, start) in kinds) {
                withClue(kind) {
                    val scope = GatherScope()
                    val closed = Signal()
                    val task =
                        Task.async {
                            start {
                                scope.close()
                                closed.come()
                                1
                            }
                        }
                    Gather
                        .of(task)
                        .scope(scope)
                        .settled()
                        .terminated()
                        .soon()
                    closed.soon()
                }
            }
        }

        test("the value of a task that comes after its cancel is released") {
            val released = ConcurrentLinkedQueue<Any>()
            JavaDoor("users").use { door ->
                val started = Signal()
                val slow =
                    door.task<Any> {
                        started.come()
                        runCatching { awaitCancellation() }
                        "late"
                    }
                val future = Gather.of(slow.release { released.add(it) }).all()
                started.soon()
                future.cancel(true)
                future.terminated().soon()
                released.toList() shouldBe listOf("late")
            }
        }

        for (
        (how, end) in mapOf<String, CoroutineScope.(JavaDoor) -> Unit>(
            "whose child has failed" to { launch { throw IOException("no route") } },
            "that has cancelled itself" to { cancel() },
            "whose door was closed" to { it.close() },
        )
        ) {
            test("the value of a task $how is released") {
                val released = ConcurrentLinkedQueue<Any>()
                JavaDoor("users").use { door ->
                    val task =
                        door.task<Any> {
                            end(door)
                            "lost"
                        }
                    val future = Gather.of(task.release { released.add(it) }).settled()
                    future.soon().single().isSuccess shouldBe false
                    future.terminated().soon()
                    released.toList() shouldBe listOf("lost")
                }
            }
        }
    })
