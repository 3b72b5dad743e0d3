package dev.gather.bridge

import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Flow.Subscription

/** Calls of a door that a body makes, and gathers of Java that a call starts: each belongs to the body. */
class CallOfABodySpec :
    FunSpec({
        val door = JavaDoor("users")
        afterSpec { door.close() }

        /** A body of each kind, and how it is cancelled; what it waits for is the end of all. */
        class Outer(
            val end: GatherFuture<*>,
        )

        val bodies =
            mapOf<String, (() -> Any?) -> Outer>(
                "a blocking body" to { body -> Outer(Gather.of(Task.of { body() }).all()) },
                "a call of a door" to { body -> Outer(door.future { body() }) },
                "what a call has launched" to { body ->
                    Outer(door.future { launch(Dispatchers.IO) { body() }.join() })
                },
                "a task of a door" to { body -> Outer(Gather.of(door.task { body() }).all()) },
                "a body of a Kotlin gather" to { body ->
                    Outer(door.future { listOf(1).gatherSettled { body() } })
                },
            )

        for ((where, start) in bodies) {
            test("a cancel reaches the call that $where waits for, and it ends first") {
                val call = CleaningUp()
                val outer = start { door.future { call.run() }.join() }.end
                call.started.soon()
                outer.cancel(true)
                call.cleaning.soon()
                outer.terminated().isDone shouldBe false
                call.goOn()
                outer.terminated().soon()
                call.ended.hasCome shouldBe true
            }

            test("$where ends after the call that it has not waited for") {
                val go = CompletableFuture<Unit>()
                val started = Signal()
                val returned = Signal()
                val outer =
                    start {
                        door.future {
                            started.come()
                            go.awaitShared()
                        }
                        returned.come()
                        null
                    }.end
                returned.soon()
                started.soon()
                outer.isDone shouldBe false
                go.complete(Unit)
                outer.soon()
            }

            test("a blocking call is cancelled with $where") {
                val call = CleaningUp()
                val outer = start { door.blocking { call.run() } }.end
                call.started.soon()
                outer.cancel(true)
                call.cleaning.soon()
                outer.terminated().isDone shouldBe false
                call.goOn()
                outer.terminated().soon()
            }

            test("streams and subscriptions end with $where, whichever door they are of") {
                val opened = CompletableFuture<Iterator<*>>()
                val ends = List(2) { Signal() }
                val outer =
                    start {
                        val slow =
                            flow<Int> {
                                try {
                                    emit(1)
                                    awaitCancellation()
                                } finally {
                                    ends[0].come()
                                }
                            }
                        val stream = door.stream { slow }
                        stream.iterator().next()
                        door.publisher { flow<Int> { awaitCancellation() } }.subscribe(
                            object : Subscribing() {
                                override fun onSubscribe(subscription: Subscription) = subscription.request(1)

                                override fun onError(throwable: Throwable) = ends[1].come()
                            },
                        )
                        val java = Gather
                            .each(
                                generateSequence(1) { it + 1 }.asIterable(),
                            ) { n: Int -> n }
                            .limit(2)
                            .stream()
                        opened.complete(java.iterator().also { it.next() })
                        null
                    }.end
                opened.soon()
                outer.soon()
                ends.forEach { it.hasCome shouldBe true }
                shouldThrow<CancellationException> { opened.soon().forEachRemaining {} }
            }
        }

        test("a call that fails fails whoever waits for it, and nobody else") {
            val failure = IllegalStateException("no route")
            val task = Task.of { runCatching { door.future { throw failure }.join() }.exceptionOrNull()?.cause }
            val value = Gather
                .of(task)
                .all()
                .soon()
                .single()
            value shouldBeSameInstanceAs failure
            val outcome =
                Gather
                    .of(Task.of { door.future { throw failure }.join() })
                    .settled()
                    .soon()
                    .single()
            outcome.shouldBeInstanceOf<Outcome.Failure<*>>()
        }

        test("a body that fails cancels the calls that it has not waited for") {
            val call = CleaningUp()
            val failure = IllegalStateException()
            val gather =
                Gather.of(
                    Task.of<Int> {
                        door.future { call.run() }
                        call.started.soon()
                        throw failure
                    },
                )
            val future = gather.all()
            call.cleaning.soon()
            future.isDone shouldBe false
            call.goOn()
            shouldThrow<GatherException> { future.join() }.cause shouldBeSameInstanceAs failure
            call.ended.hasCome shouldBe true
        }

        test("what hangs on a call may close what its body's task belongs to") {
            val scope = GatherScope()
            val closed = Signal()
            val go = CompletableFuture<Unit>()
            val future =
                Gather
                    .of(
                        Task.async {
                            door.future { go.awaitShared() }.thenRun {
                                scope.close()
                                closed.come()
                            }
                        },
                    ).scope(scope)
                    .all()
            go.complete(Unit)
            closed.soon()
            future.terminated().soon()
        }

        test("a body in Java that was cancelled may call again to clean up") {
            val started = Signal()
            val cleaned = Signal()
            val future =
                Gather
                    .of(
                        Task.of {
                            try {
                                started.come()
                                Signal().soon()
                            } finally {
                                door.blocking { cleaned.come() }
                            }
                        },
                    ).all()
            started.soon()
            future.cancel(true)
            cleaned.soon()
            future.terminated().soon()
        }

        test("a stream that a launched coroutine reads is not cut when the body has returned") {
            val go = Signal()
            val opened = Signal()
            val seen = CompletableFuture<List<Int>>()
            val slow =
                flow {
                    emit(1)
                    withContext(Dispatchers.IO) { go.soon() }
                    emit(2)
                }
            val call =
                door.future {
                    launch(Dispatchers.IO) {
                        door.stream { slow }.use { stream ->
                            opened.come()
                            seen.complete(stream.toList())
                        }
                    }
                    withContext(Dispatchers.IO) { opened.soon() }
                }
            opened.soon()
            go.come()
            call.soon()
            seen.soon() shouldBe listOf(1, 2)
        }

        test("in NonCancellable a call is not cancelled") {
            val go = CompletableFuture<Int>()
            val started = Signal()
            val got = CompletableFuture<Int>()
            val outer =
                door.future {
                    withContext(NonCancellable) {
                        val inner =
                            door.future {
                                started.come()
                                go.awaitShared()
                            }
                        got.complete(inner.await())
                    }
                }
            started.soon()
            outer.cancel(true)
            go.complete(7)
            got.soon() shouldBe 7
            outer.terminated().soon()
        }

        test("one that is made elsewhere is left alone") {
            val go = CompletableFuture<Int>()
            val call = door.future { go.awaitShared() }
            val started = Signal()
            val outer =
                Gather.of(
                    Task.of {
                        started.come()
                        call.join()
                    },
                )
            val future = outer.all()
            started.soon()
            future.cancel(true)
            call.isDone shouldBe false
            go.complete(1)
            call.soon() shouldBe 1
            future.terminated().soon()
        }

        test("who makes a call in a coroutine without any door is its only owner") {
            val call = CleaningUp()
            val made = CompletableFuture<GatherFuture<*>>()
            runBlocking {
                val job: Job =
                    launch(Dispatchers.Default) {
                        made.complete(door.future { call.run() })
                        awaitCancellation()
                    }
                made.soon()
                call.started.soon()
                job.cancelAndJoin()
            }
            made.soon().isDone shouldBe false
            call.goOn()
            made.soon().cancel(true)
            made.soon().terminated().soon()
        }

        test("two doors that close each other from inside do not wait for themselves") {
            repeat(200) {
                withClue("round $it") {
                    val one = JavaDoor("one")
                    val two = JavaDoor("two")
                    val both = List(2) { Signal() }

                    fun closing(
                        mine: JavaDoor,
                        other: JavaDoor,
                        here: Signal,
                        there: Signal,
                    ) = mine.future {
                        here.come()
                        there.soon()
                        other.close()
                    }
                    val calls = listOf(closing(one, two, both[0], both[1]), closing(two, one, both[1], both[0]))
                    calls.forEach { call -> call.terminated().soon() }
                    one.close()
                    two.close()
                }
            }
        }
    })
