package dev.gather.verification.guarantee

import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.faults.onEnd
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import kotlin.coroutines.CoroutineContext

/** In a dump of its threads a process shows what each of them is doing. */
class ThreadNameSpec :
    FunSpec({
        /** What a debugger adds to the name of a thread is not ours. */
        fun name() = Thread.currentThread().name.substringBefore(" @")

        /** On the only thread of a pool, which has its own name again when the gather has ended. */
        fun onOneThread(action: (ExecutorService) -> Unit) {
            val single = Executors.newSingleThreadExecutor { Thread(it, "mine") }
            try {
                action(single)
                single.submit(Callable { Thread.currentThread().name }).soon() shouldBe "mine"
            } finally {
                single.shutdown()
            }
        }

        fun suspending(
            single: ExecutorService,
            action: suspend () -> Unit,
        ) = runBlocking { withContext(single.asCoroutineDispatcher()) { action() } }

        test("a thread is called as the gather and the number, name or key of the task while it runs a body (Java)") {
            onOneThread { single ->
                val bodies =
                    listOf(
                        Task.of(::name),
                        Task.of(::name).named("user"),
                        Task.async { CompletableFuture.completedFuture(name()) },
                        Task.of<String> { error("no") }.recover { name() },
                    )
                Gather
                    .of(bodies)
                    .executor(single)
                    .name("page")
                    .all()
                    .soon() shouldBe
                    listOf("page[0]", "page[user]", "page[2]", "page[3]")
                Gather
                    .each(1..2, { name() })
                    .executor(single)
                    .name("page")
                    .all()
                    .soon() shouldBe
                    listOf("page[0]", "page[1]")
                Gather
                    .keyed(mapOf("ad" to bodies[0]))
                    .executor(single)
                    .name("page")
                    .all()
                    .soon() shouldBe
                    mapOf("ad" to "page[ad]")
            }
        }

        test("a thread is called as the gather and the number or key of the task while it runs a body (Kotlin)") {
            onOneThread { single ->
                suspending(single) {
                    val page = gatherOptions(name = "page")
                    gather({ name() }, { name() }, options = page) shouldBe listOf("page[0]", "page[1]")
                    (1..2).gather(limit = 1, options = page) { name() } shouldBe listOf("page[0]", "page[1]")
                    mapOf("ad" to suspend { name() }).gather(options = page) shouldBe mapOf("ad" to "page[ad]")
                }
            }
        }

        test("also after it has suspended, in what it launches, and in another dispatcher (Kotlin)") {
            onOneThread { single ->
                suspending(single) {
                    val names: suspend () -> List<String> = {
                        coroutineScope {
                            yield()
                            val yielded = name()
                            delay(1)
                            val launched = async { name() }.await()
                            listOf(yielded, name(), launched, withContext(Dispatchers.IO) { name() })
                        }
                    }
                    gather(names, names, options = gatherOptions(name = "page")) shouldBe
                        List(2) { index -> List(4) { "page[$index]" } }
                }
            }
        }

        test("a task with a name gives that to its thread, in a gather without one (Java)") {
            onOneThread { single ->
                Gather
                    .of(listOf(Task.of(::name).named("user")))
                    .executor(single)
                    .all()
                    .soon() shouldBe
                    listOf("gather[user]")
            }
        }

        test("without a name, thread names stay what they are") {
            onOneThread { single ->
                Gather
                    .each(1..2, { name() })
                    .executor(single)
                    .all()
                    .soon() shouldBe listOf("mine", "mine")
                suspending(single) {
                    gather({ name() }, { name().also { yield() } }) shouldBe listOf("mine", "mine")
                }
            }
        }

        test("who hears of the end is not on a thread that is called as the task") {
            onOneThread { single ->
                val heard = ArrayList<String>()
                val listener = onEnd { heard += name() }
                Gather
                    .each(1..2, { name() })
                    .executor(single)
                    .name("page")
                    .listener(listener)
                    .all()
                    .soon()
                heard shouldBe listOf("mine", "mine")
                heard.clear()
                suspending(single) {
                    val page = gatherOptions(name = "page", listener = listener)
                    gather({ }, { yield() }, { coroutineScope { launch { yield() } } }, options = page)
                }
                heard shouldBe List(3) { "mine" }
            }
        }

        test("who goes on after the gather, on the thread of its last body, finds that with its own name (Kotlin)") {
            onOneThread { single ->
                val thread = single.submit(Callable { Thread.currentThread() }).soon()
                val immediate =
                    object : CoroutineDispatcher() {
                        override fun isDispatchNeeded(context: CoroutineContext) = Thread.currentThread() !== thread

                        override fun dispatch(
                            context: CoroutineContext,
                            block: Runnable,
                        ) = single.execute(block)
                    }
                runBlocking {
                    withContext(immediate) {
                        gather({ delay(1) }, options = gatherOptions(name = "page"))
                        name() shouldBe "mine"
                    }
                }
            }
        }

        test("a gather without a name has that of the one it is a part of (Kotlin)") {
            onOneThread { single ->
                suspending(single) {
                    val names =
                        gather(
                            { gather({ name() }, { yield().let { name() } }) },
                            options = gatherOptions(name = "page"),
                        )
                    names.single() shouldBe listOf("page[0]", "page[0]")
                }
            }
        }

        test("the thread that keeps the time keeps its name, by which it is known (Kotlin)") {
            runBlocking(Dispatchers.Unconfined) {
                val names = gather({ delay(1).let { name() } }, options = gatherOptions(name = "page"))
                names.single() shouldStartWith "kotlinx.coroutines.DefaultExecutor"
            }
        }

        test("a body that fails, or is cancelled, leaves the thread its name") {
            onOneThread { single ->
                val failed = Gather
                    .each(1..2, { error("no") })
                    .executor(single)
                    .name("page")
                    .settled()
                    .soon()
                failed.all { it is Outcome.Failure } shouldBe true
                val body = Piece<Int>()
                val cancelled = Gather
                    .of(listOf(body.task()))
                    .executor(single)
                    .name("page")
                    .all()
                body.started.soon()
                cancelled.cancel(true)
                cancelled.terminated().soon()
                suspending(single) {
                    shouldThrow<IllegalStateException> {
                        gather({ awaitCancellation() }, { error("no") }, options = gatherOptions(name = "page"))
                    }
                }
            }
        }
    })
