package dev.gather.bridge

import dev.gather.coroutines.gather
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import kotlin.concurrent.thread

class JavaDoorBlockingSpec :
    FunSpec({
        val door = JavaDoor("users")
        afterSpec { door.close() }

        test("a value, and a failure that is the same instance") {
            inTime {
                door.blocking {
                    delay(1)
                    "user"
                } shouldBe "user"
                val failure = IOException("no route")
                shouldThrow<IOException> { door.blocking { throw failure } } shouldBeSameInstanceAs failure
            }
        }

        test("it returns after all that the body has launched") {
            inTime {
                val ended = Signal()
                door.blocking {
                    launch {
                        delay(1)
                        ended.come()
                    }
                }
                ended.hasCome shouldBe true
            }
        }

        test("an interrupt cancels the coroutine, and waits for its end") {
            val body = CleaningUp()
            val seen = CompletableFuture<Pair<Throwable?, Boolean>>()
            val caller =
                thread {
                    val thrown =
                        runCatching {
                            door.blocking {
                                body.run()
                            }
                        }.exceptionOrNull()
                    seen.complete(thrown to Thread.currentThread().isInterrupted)
                }
            body.started.soon()
            caller.interrupt()
            body.cleaning.soon()
            seen.isDone shouldBe false
            body.goOn()
            val (thrown, isInterrupted) = seen.soon()
            (thrown is CancellationException) shouldBe true
            isInterrupted shouldBe true
        }

        test("on a thread of the caller it stays where the dispatcher says") {
            Executors.newSingleThreadExecutor { Thread(it, "confined") }.asCoroutineDispatcher().use { single ->
                JavaDoor("single", single).use { inner ->
                    val threads = ConcurrentLinkedQueue<String>()
                    inTime {
                        inner.blocking {
                            threads += Thread.currentThread().name.substringBefore(' ')
                            yield()
                            threads += Thread.currentThread().name.substringBefore(' ')
                        }
                    }
                    threads.shouldContainExactly("confined", "confined")
                }
            }
        }

        test("unconfined it runs on the calling thread") {
            JavaDoor("unconfined", Dispatchers.Unconfined).use { inner ->
                inTime { inner.blocking { Thread.currentThread() } shouldBeSameInstanceAs Thread.currentThread() }
            }
        }

        test("a door that is closed cancels who waits in there") {
            val other = JavaDoor("other")
            val started = Signal()
            val seen = CompletableFuture<Throwable?>()
            thread {
                seen.complete(
                    runCatching {
                        other.blocking<Int> {
                            started.come()
                            awaitCancellation()
                        }
                    }.exceptionOrNull(),
                )
            }
            started.soon()
            other.close()
            (seen.soon() is CancellationException) shouldBe true
            shouldThrow<IllegalStateException> { other.blocking { 1 } }
        }
    })
