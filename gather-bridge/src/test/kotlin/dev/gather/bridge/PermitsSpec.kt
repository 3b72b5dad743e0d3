package dev.gather.bridge

import dev.gather.Limiter
import dev.gather.coroutines.gather
import dev.gather.coroutines.withPermit
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.single
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.CompletableFuture

/** Work that holds the only permit asks for one on the other side of the border, where it would wait for itself. */
class PermitsSpec :
    FunSpec({
        val door = JavaDoor("users")
        afterSpec { door.close() }

        suspend fun Limiter.ask(): Int = withPermit { active() }

        // What work in Java does that holds the permit.
        val intoKotlin =
            mapOf<String, (Limiter) -> Int>(
                "blocking" to { limiter -> door.blocking { limiter.ask() } },
                "blocking, after a suspension" to { limiter ->
                    door.blocking {
                        yield()
                        limiter.ask()
                    }
                },
                "blocking, in what it launches" to { limiter ->
                    door.blocking {
                        coroutineScope { launch(Dispatchers.IO) { limiter.ask() } }
                        limiter.active()
                    }
                },
                "future" to { limiter -> door.future { limiter.ask() }.soon() },
                "task" to { limiter ->
                    Gather
                        .of(door.task { limiter.ask() })
                        .all()
                        .soon()
                        .single()
                },
                "task under the limiter" to { limiter ->
                    Gather
                        .of(door.task { limiter.ask() })
                        .limiter(limiter)
                        .all()
                        .soon()
                        .single()
                },
                "stream" to { limiter ->
                    door
                        .stream { flow { emit(limiter.ask()) } }
                        .use { it.findFirst().get() }
                },
                "publisher" to { limiter ->
                    val heard = CompletableFuture<Int>()
                    door.publisher<Int> { flow { emit(limiter.ask()) } }.subscribe(
                        object : Subscribing() {
                            override fun onNext(item: Int) {
                                heard.complete(item)
                            }
                        },
                    )
                    heard.soon()
                },
                "and back to Java" to
                    { limiter -> door.blocking { withContext(Dispatchers.IO) { limiter.call { 1 } } } },
            )

        for ((what, body) in intoKotlin) {
            test("a call of Java that holds the permit lends it to the coroutine: $what") {
                val limiter = Limiter.concurrent(1)
                val asked = CompletableFuture.supplyAsync { limiter.call { body(limiter) } }
                asked.soon() shouldBe 1
                limiter.active() shouldBe 0
            }

            test("so does a task of a gather: $what") {
                val limiter = Limiter.concurrent(1)
                val gather = Gather.of(Task.of { body(limiter) }, Task.async { door.future { limiter.ask() } })
                gather.limiter(limiter).all().soon() shouldBe listOf(1, 1)
                limiter.active() shouldBe 0
            }
        }

        // What a coroutine does that holds the permit.
        val intoJava =
            mapOf<String, suspend (Limiter) -> Int>(
                "Limiter.call" to { limiter -> limiter.call { limiter.active() } },
                "a gather under the limiter" to { limiter ->
                    Gather
                        .of(Task.of { limiter.active() })
                        .limiter(limiter)
                        .awaitAll()
                        .single()
                },
                "a task that asks" to { limiter -> Task.of { limiter.call { limiter.active() } }.await() },
                "a gather that is joined" to { limiter ->
                    Gather
                        .of(Task.of { limiter.active() })
                        .limiter(limiter)
                        .all()
                        .join()
                        .single()
                },
                "a task of a door" to { limiter -> door.task { limiter.ask() }.await() },
                "a call of a door" to { limiter -> door.blocking { limiter.ask() } },
            )
        val holding =
            mapOf<String, suspend (Limiter, suspend (Limiter) -> Int) -> Int>(
                "at once" to { limiter, body -> limiter.withPermit { body(limiter) } },
                "after a suspension" to { limiter, body ->
                    limiter.withPermit {
                        yield()
                        body(limiter)
                    }
                },
                "on another dispatcher" to { limiter, body ->
                    limiter.withPermit { withContext(Dispatchers.IO) { body(limiter) } }
                },
                "in a task of a gather" to { limiter, body ->
                    listOf(1).gather(limiter = limiter) { body(limiter) }.single()
                },
                "in a task of a gather, after a suspension" to { limiter, body ->
                    listOf(1)
                        .gather(limiter = limiter) {
                            yield()
                            body(limiter)
                        }.single()
                },
                "in a task of a gather that is itself inside" to { limiter, body ->
                    limiter.withPermit {
                        listOf(1)
                            .gather {
                                yield()
                                body(limiter)
                            }.single()
                    }
                },
                "in a call of a door" to { limiter, body ->
                    door
                        .future {
                            limiter.withPermit {
                                yield()
                                body(limiter)
                            }
                        }.await()
                },
            )

        for ((how, hold) in holding) {
            for ((what, body) in intoJava) {
                test("a coroutine that holds the permit $how lends it to Java: $what") {
                    val limiter = Limiter.concurrent(1)
                    val asked = CompletableFuture.supplyAsync {
                        runBlocking(
                            Dispatchers.Default,
                        ) { hold(limiter, body) }
                    }
                    asked.soon() shouldBe 1
                    limiter.active() shouldBe 0
                }
            }
        }

        test("the permits of two limiters cross together") {
            val outer = Limiter.concurrent(1)
            val inner = Limiter.concurrent(1)
            val asked =
                CompletableFuture.supplyAsync {
                    outer.call {
                        door.blocking {
                            inner.withPermit {
                                yield()
                                Gather.of({ outer.call { inner.call { 1 } } }).awaitAll().single()
                            }
                        }
                    }
                }
            asked.soon() shouldBe 1
        }

        test("a flow is collected as ever where two permits are held") {
            val outer = Limiter.concurrent(1)
            val inner = Limiter.concurrent(1)

            suspend fun collected() = flow { emit(1) }.single()
            outer.withPermit { listOf(1).gather(limiter = inner) { collected() } } shouldBe listOf(1)
            outer.withPermit { listOf(1).gather { inner.withPermit { collected() } } } shouldBe listOf(1)
            outer.withPermit { inner.withPermit { flow { outer.withPermit { emit(1) } }.single() } } shouldBe 1
            CompletableFuture
                .supplyAsync { outer.call { door.blocking { inner.withPermit { collected() } } } }
                .soon() shouldBe 1
        }

        test("who holds nothing waits like everybody else") {
            val limiter = Limiter.concurrent(1)
            val permit = limiter.tryAcquire()!!
            val asked = door.future { limiter.ask() }
            while (limiter.waiting() == 0) Thread.onSpinWait()
            asked.isDone shouldBe false
            permit.close()
            asked.soon() shouldBe 1
        }

        test("a permit that a coroutine has given back stays on no thread") {
            val limiter = Limiter.concurrent(1)
            door.blocking {
                limiter.withPermit { yield() }
                limiter.held()
            } // what is found by then cannot be borrowed:
            withContext(Dispatchers.Default) { limiter.held() } shouldBe null
            val (first, second) =
                door.blocking {
                    limiter.withPermit { yield() }
                    limiter.acquire() to limiter.acquire()
                }
            second.isDone shouldBe false
            first.soon().close()
            second.soon().close()
        }
    })
