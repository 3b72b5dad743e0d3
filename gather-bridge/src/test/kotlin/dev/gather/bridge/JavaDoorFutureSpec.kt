package dev.gather.bridge

import dev.gather.future.Gather
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicReference

class JavaDoorFutureSpec :
    FunSpec({
        val door = JavaDoor("users")
        afterSpec { door.close() }

        test("a value comes as it is, also null") {
            val user = Any()
            door.future { yield().let { user } }.soon() shouldBeSameInstanceAs user
            door.future<String?> { null }.soon() shouldBe null
        }

        test("the value comes after all that the body has launched") {
            val go = CompletableFuture<Unit>()
            val ended = Signal()
            val future =
                door.future {
                    launch {
                        go.awaitShared()
                        ended.come()
                    }
                    1
                }
            future.isDone shouldBe false
            go.complete(Unit)
            future.thenApply { it to ended.hasCome }.soon() shouldBe (1 to true)
        }

        test("a failure is the same instance, for get and for whoever listens") {
            val failure = IOException("no route")
            val future = door.future<Int> { throw failure }
            shouldThrow<ExecutionException> { future.soon() }.cause shouldBeSameInstanceAs failure
            val heard = CompletableFuture<Throwable>()
            future.whenComplete { _, error -> heard.complete(error) }
            heard.soon() shouldBeSameInstanceAs failure
            future.terminated().isDone shouldBe true
        }

        test("a body that cancels itself cancels its future") {
            val future =
                door.future {
                    coroutineContext.cancel(CancellationException("enough"))
                    awaitCancellation()
                }
            shouldThrow<CancellationException> { future.soon() }
            future.isCancelled shouldBe true
        }

        val outside =
            mapOf<String, (CompletableFuture<Int>) -> Unit>(
                "cancel" to { it.cancel(true) },
                "complete" to { it.complete(2) },
                "completeExceptionally" to { it.completeExceptionally(IOException()) },
                "orTimeout" to { it.orTimeout(1, TimeUnit.MILLISECONDS) },
                "completeOnTimeout" to { it.completeOnTimeout(3, 1, TimeUnit.MILLISECONDS) },
                "completeAsync" to { it.completeAsync { 4 } },
            )
        for ((how, complete) in outside) {
            for (derived in listOf(false, true)) {
                test("$how of ${if (derived) "a stage derived from it" else "the future"} reaches the coroutine") {
                    val body = CleaningUp()
                    val future =
                        door.future {
                            body.run()
                        }
                    val terminated = future.terminated()
                    body.started.soon()
                    @Suppress("UNCHECKED_CAST")
                    complete((if (derived) future.thenApply { it } else future) as CompletableFuture<Int>)
                    body.cleaning.soon()
                    terminated.isDone shouldBe false
                    body.goOn()
                    terminated.soon()
                    future.isDone shouldBe true
                    if (derived) future.isCancelled shouldBe true
                    future.progress().ended() shouldBe 1
                }
            }
        }

        test("orTimeout fails the future") {
            val future = door.future { awaitCancellation() }.orTimeout(1, TimeUnit.MILLISECONDS)
            shouldThrow<ExecutionException> { future.soon() }.cause.shouldBeInstanceOf<TimeoutException>()
        }

        test("a future that is shielded leaves the coroutine alone") {
            val go = CompletableFuture<Int>()
            val future = door.future { go.awaitShared() }
            future.shielded().cancel(true)
            go.complete(1)
            future.soon() shouldBe 1
        }

        test("a dependent may wait for the end, also where the coroutine cancels its own future") {
            val own = CompletableFuture<CompletableFuture<*>>()
            val heard = Signal()
            val future =
                door.future {
                    own.awaitShared().cancel(true)
                    delay(1)
                }
            future.whenComplete { _, _ ->
                future.terminated().join()
                heard.come()
            }
            own.complete(future)
            heard.soon()
        }

        test("what a body throws when nobody can hear it any more goes to the handler") {
            val handled = CompletableFuture<Throwable>()
            JavaDoor("handled", CoroutineExceptionHandler { _, error -> handled.complete(error) }).use { other ->
                val started = Signal()
                val failure = IOException("while cleaning up")
                val future =
                    other.future {
                        try {
                            started.come()
                            awaitCancellation()
                        } finally {
                            throw failure
                        }
                    }
                started.soon()
                future.cancel(true)
                handled.soon() shouldBeSameInstanceAs failure
            }
        }

        test("a dispatcher that refuses fails the future") {
            val refusing = ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, SynchronousQueue())
            refusing.shutdown()
            JavaDoor("refused", refusing.asCoroutineDispatcher()).use { other ->
                val future = other.future { 1 }
                shouldThrow<Exception> { future.soon() }
                future.isDone shouldBe true
                future.terminated().soon()
            }
        }

        test("a gather of the Java door that a body starts is a part of it") {
            val started = Signal()
            val interrupted = Signal()
            val go = Signal()
            val future =
                door.future {
                    Gather
                        .of<Int>({
                            try {
                                started.come()
                                Signal().soon()
                            } catch (e: InterruptedException) {
                                interrupted.come()
                                go.soon()
                            }
                            1
                        })
                        .all()
                    awaitCancellation()
                }
            started.soon()
            future.cancel(true)
            interrupted.soon()
            future.terminated().isDone shouldBe false
            go.come()
            future.terminated().soon()
        }

        test("it says what it is") {
            val future = door.future { awaitCancellation() }
            future.toString() shouldBe "GatherFuture[users, running, 0/1 done]"
            future.cancel(true)
            future.terminated().soon()
            future.toString() shouldBe "GatherFuture[users, cancelled, 1/1 done, 1 cancelled]"
            door.toString() shouldBe "JavaDoor[users]"
        }

        test("the class loader of the caller is there, after each suspension, and gone afterwards") {
            val loader = object : ClassLoader() {}
            val before = Thread.currentThread().contextClassLoader
            val seen =
                try {
                    Thread.currentThread().contextClassLoader = loader
                    door.future {
                        val first = Thread.currentThread().contextClassLoader
                        yield()
                        delay(1)
                        val launched = AtomicReference<ClassLoader>()
                        launch { launched.set(Thread.currentThread().contextClassLoader) }.join()
                        listOf(first, Thread.currentThread().contextClassLoader, launched.get())
                    }
                } finally {
                    Thread.currentThread().contextClassLoader = before
                }
            seen.soon() shouldBe List(3) { loader }
            withContext(Dispatchers.Default) {
                (Thread.currentThread().contextClassLoader === loader) shouldBe false
            }
        }

        test("a closed door refuses by name") {
            val closed = JavaDoor("closed").apply { close() }
            shouldThrow<IllegalStateException> { closed.future { 1 } }.message!! shouldContain
                "JavaDoor[closed] is closed"
        }
    })
