package dev.gather.bridge

import dev.gather.future.Gather
import dev.gather.future.GatherScope
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.micrometer.context.ContextRegistry
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.net.URLClassLoader
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors

private const val KEY = "dev.gather.bridge.request"

class ContextSpec :
    FunSpec({
        val request = ThreadLocal<String>()
        beforeSpec { ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, request) }
        afterSpec { ContextRegistry.getInstance().removeThreadLocalAccessor(KEY) }

        fun <T> inRequest(
            name: String,
            action: () -> T,
        ): T {
            request.set(name)
            try {
                return action()
            } finally {
                request.remove()
            }
        }

        test("what the caller has on its thread is there in the body, after each suspension and in all it launches") {
            JavaDoor("users").use { door ->
                val seen =
                    inRequest("7") {
                        door.future {
                            val seen = ConcurrentLinkedQueue<String?>()
                            seen += request.get()
                            yield()
                            seen += request.get()
                            delay(1)
                            seen += request.get()
                            withContext(Dispatchers.IO) { seen += request.get() }
                            launch { seen += request.get() }.join()
                            launch(start = CoroutineStart.UNDISPATCHED) {
                                seen += request.get()
                                yield()
                                seen += request.get()
                            }
                            yield()
                            seen += request.get()
                            seen
                        }
                    }
                seen.soon().toList() shouldBe List(8) { "7" }
            }
        }

        test("what it has not is not there, whatever the thread has been used for, and nothing stays") {
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { single ->
                JavaDoor("users", single).use { door ->
                    val go = CompletableFuture<Unit>()
                    val seen = ConcurrentLinkedQueue<String?>()
                    val first =
                        inRequest("first") {
                            door.future {
                                request.set("set by a body")
                                go.awaitShared()
                                seen += request.get()
                            }
                        }
                    door.future { seen += request.get() ?: "none" }.soon()
                    val second = inRequest("second") { door.future { seen += request.get() } }
                    second.soon()
                    go.complete(Unit)
                    first.soon()
                    seen += withContext(single) { request.get() ?: "none" }
                    seen.toList().shouldContainExactly("none", "second", "first", "none")
                }
            }
        }

        test("whoever hears of the end finds it, and so do a subscriber's flow, a stream's and a blocking body") {
            JavaDoor("users").use { door ->
                val go = CompletableFuture<Unit>()
                val heard = CompletableFuture<String?>()
                inRequest("7") { door.future { go.awaitShared() }.thenRun { heard.complete(request.get()) } }
                go.complete(Unit)
                heard.soon() shouldBe "7"
                val flow =
                    flow {
                        delay(1)
                        emit(request.get())
                    }
                inRequest("8") { door.stream { flow }.use { it.toList() } } shouldBe listOf("8")
                inRequest("9") {
                    door.blocking {
                        delay(1)
                        request.get()
                    }
                } shouldBe "9"
            }
        }

        test("a publisher has that of who subscribes, in the flow and when it signals") {
            JavaDoor("users").use { door ->
                val heard = CompletableFuture<List<String?>>()
                val publisher =
                    inRequest("described") {
                        door.publisher<Int> {
                            flow {
                                delay(1)
                                emit(request.get().toInt())
                            }
                        }
                    }
                inRequest("7") {
                    publisher.subscribe(
                        object : Subscribing() {
                            private val seen = ArrayList<String?>()

                            override fun onNext(item: Int) {
                                seen += item.toString()
                                seen += request.get()
                            }

                            override fun onComplete() {
                                heard.complete(seen + request.get())
                            }
                        },
                    )
                }
                heard.soon() shouldBe List(3) { "7" }
            }
        }

        test("the coroutines of a GatherScope have that of who has made their scope, and its class loader") {
            val loader = URLClassLoader(emptyArray())
            GatherScope().use { scope ->
                val coroutines =
                    inRequest("7") {
                        val thread = Thread.currentThread()
                        val before = thread.contextClassLoader
                        thread.contextClassLoader = loader
                        try {
                            scope.asCoroutineScope()
                        } finally {
                            thread.contextClassLoader = before
                        }
                    }
                val seen =
                    inRequest("another") {
                        coroutines.async {
                            delay(1)
                            val own = request.get() to Thread.currentThread().contextClassLoader
                            listOf(
                                own,
                                Gather
                                    .of(
                                        { request.get() to Thread.currentThread().contextClassLoader },
                                    ).awaitAll()
                                    .single(),
                            )
                        }
                    }
                seen.await() shouldBe List(2) { "7" to loader }
            }
        }

        test("a task has that of who runs the gather, not of who has described it") {
            JavaDoor("users").use { door ->
                val task =
                    inRequest("described") {
                        door.task {
                            delay(1)
                            request.get()
                        }
                    }
                inRequest("run") { Gather.of(task).all() }.soon() shouldBe listOf("run")
            }
        }

        test("it crosses back: a gather of Java in a call has it, too") {
            JavaDoor("users").use { door ->
                val seen =
                    inRequest("7") {
                        door.future {
                            delay(1)
                            Gather.of({ request.get() }).awaitAll()
                        }
                    }
                seen.soon() shouldBe listOf("7")
            }
        }
    })
