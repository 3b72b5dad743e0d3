package dev.gather.bridge

import dev.gather.coroutines.gather
import dev.gather.future.AsyncStart
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.micrometer.context.ContextRegistry
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.future.await as awaitFuture

private const val KEY = "dev.gather.bridge.session"

/** What the context of a coroutine puts into its threads is there in what Java runs for it, known to a library or not. */
class ElementsInJavaSpec :
    FunSpec({
        val session = ThreadLocal<String>()

        fun seenByJava() = Task.of(Callable<String?> { session.get() })

        test("a gather, and a task, that a coroutine awaits") {
            val seen =
                runBlocking(Dispatchers.Default + session.asContextElement("7")) {
                    val inBoth = Gather.of(seenByJava(), Task.async(AsyncStart { later(session.get()) })).awaitAll()
                    yield()
                    val outcome = Gather.of(seenByJava()).awaitSettled().single()
                    val keyed = Gather.keyed(mapOf("a" to seenByJava()))
                    val byKey =
                        keyed.awaitAll().getValue("a") to keyed.awaitSettled().getValue("a").getOrThrow()
                    inBoth + outcome.getOrThrow() + seenByJava().await() + byKey.toList()
                }
            seen shouldContainExactly List(6) { "7" }
        }

        test("the innermost counts, and it is that of the coroutine, wherever it was called from") {
            val seen =
                JavaDoor("users").use { door ->
                    Gather
                        .of(
                            door.task {
                                withContext(session.asContextElement("outer")) {
                                    val outer = Gather.of(seenByJava()).all().await()
                                    val inner = runBlocking(session.asContextElement("inner")) { seenByJava().await() }
                                    val innermost =
                                        withContext(session.asContextElement("innermost")) { seenByJava().await() }
                                    outer + inner + innermost + session.get()
                                }
                            },
                        ).all()
                        .soon()
                        .single()
                }
            seen shouldContainExactly listOf("outer", "inner", "innermost", "outer")
        }

        test("a gather that a body of a gather in Kotlin starts, and a body of that, and a call of a door there") {
            val seen =
                JavaDoor("users").use { door ->
                    runBlocking(Dispatchers.Default + session.asContextElement("7")) {
                        gather({
                            yield()
                            Gather
                                .of(
                                    Task.of(
                                        Callable {
                                            Gather.of(seenByJava()).all().join() + session.get() +
                                                door.blocking {
                                                    yield()
                                                    session.get()
                                                } + door.blocking { seenByJava().await() }
                                        },
                                    ),
                                ).all()
                                .await()
                                .single()
                        }).single()
                    }
                }
            seen shouldContainExactly List(4) { "7" }
        }

        test("what is started for a coroutine's scope, on whatever thread") {
            val seen =
                runBlocking(Dispatchers.Default + session.asContextElement("7")) {
                    val scope = asGatherScope()
                    CompletableFuture
                        .supplyAsync {
                            Gather
                                .of(seenByJava())
                                .scope(scope)
                                .all()
                                .join()
                        }.awaitFuture()
                }
            seen shouldContainExactly listOf("7")
        }

        test("what a body in Java has set counts for the gather that it starts, as it does without a coroutine") {
            ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, session)
            try {
                val seen =
                    runBlocking(Dispatchers.Default + session.asContextElement("7")) {
                        val starting =
                            Callable {
                                session.set("of a body")
                                Gather.of(seenByJava()).all().join()
                            }
                        Task.of(starting).await()
                    }
                seen shouldContainExactly listOf("of a body")
            } finally {
                ContextRegistry.getInstance().removeThreadLocalAccessor(KEY)
            }
        }

        test("what a door's context and that of its caller have: in Java it is what the coroutine has") {
            val seen =
                JavaDoor("users", Dispatchers.Default + session.asContextElement("of the door")).use { door ->
                    JavaDoor("outer").use { outer ->
                        outer
                            .future {
                                withContext(session.asContextElement("of the caller")) {
                                    door
                                        .future {
                                            val own = session.get()
                                            val started = Gather.of(seenByJava()).all().await()
                                            val inGather = gather({
                                                Gather
                                                    .of(seenByJava())
                                                    .all()
                                                    .await()
                                                    .single()
                                            })
                                            val scope = asGatherScope()
                                            val inScope = Gather
                                                .of(seenByJava())
                                                .scope(scope)
                                                .all()
                                                .await()
                                            started + inGather + inScope + own
                                        }.await()
                                }
                            }.soon()
                    }
                }
            seen shouldContainExactly List(4) { "of the caller" }
        }

        test("the coroutine that starts a gather counts more than the one that its scope belongs to") {
            val seen =
                runBlocking(session.asContextElement("of the scope")) {
                    val scope = asGatherScope()
                    withContext(session.asContextElement("inner")) { Gather.of(seenByJava()).scope(scope).awaitAll() }
                }
            seen shouldContainExactly listOf("inner")
        }

        test("an element that refuses a thread fails the bodies, and hangs nobody") {
            inTime {
                val failure =
                    shouldThrow<IllegalStateException> {
                        runBlocking { withContext(refusing(Thread.currentThread())) { seenByJava().await() } }
                    }
                failure.message shouldBe "not here"
            }
        }

        test("what one element throws on its way out leaves none of the others on the thread") {
            val executor = Executors.newSingleThreadExecutor()
            try {
                val failing =
                    object : ThreadContextElement<Unit> {
                        override val key = object : CoroutineContext.Key<ThreadContextElement<Unit>> {}

                        override fun updateThreadContext(context: CoroutineContext) {}

                        override fun restoreThreadContext(
                            context: CoroutineContext,
                            oldState: Unit,
                        ) = check(Thread.currentThread().name != "body") { "not there" }
                    }
                executor.submit { Thread.currentThread().name = "body" }.soon()
                val bodies = Executor { executor.execute { runCatching(it::run) } } // and the thread stays
                runCatching {
                    runBlocking(session.asContextElement("7") + failing) {
                        Gather.of(seenByJava()).executor(bodies).awaitAll()
                    }
                }
                executor.submit<String?> { session.get() }.soon() shouldBe null
            } finally {
                executor.shutdown()
            }
        }

        test("who hears and who cleans up finds it, too") {
            val heard = CompletableFuture<String?>()
            runBlocking(Dispatchers.Default + session.asContextElement("7")) {
                runCatching {
                    val value = Task.of(Callable { "value" }).release { heard.complete(session.get()) }
                    Gather.of(value, Task.of(Callable<String> { error("no route") })).awaitAll()
                }
            }
            heard.soon() shouldBe "7"
        }

        test(
            "nothing of it stays on the thread, nor does what a body has set; each body has a copy where that is wanted",
        ) {
            val executor = Executors.newSingleThreadExecutor()
            session.set("of the caller")
            try {
                val seen =
                    runBlocking(Copied(session, "")) {
                        val marked =
                            Task.of(
                                Callable {
                                    val before = session.get()
                                    session.set("of a body")
                                    before
                                },
                            )
                        Gather.of(marked, marked.named("again")).executor(executor).awaitAll()
                    }
                seen.toSet() shouldBe setOf("of the caller 1 1 1", "of the caller 1 1 2")
                executor.submit<String?> { session.get() }.soon() shouldBe null
            } finally {
                session.remove()
                executor.shutdown()
            }
        }
    })

/** Is only put into this thread. */
private fun refusing(here: Thread) =
    object : ThreadContextElement<Unit> {
        override val key = object : CoroutineContext.Key<ThreadContextElement<Unit>> {}

        override fun updateThreadContext(context: CoroutineContext) =
            check(Thread.currentThread() === here) { "not here" }

        override fun restoreThreadContext(
            context: CoroutineContext,
            oldState: Unit,
        ) {}
    }

private fun later(value: String?): CompletableFuture<String?> = CompletableFuture.completedFuture(value)

/** A copy is of what the thread has, and says which it is. */
@OptIn(DelicateCoroutinesApi::class)
private class Copied(
    private val local: ThreadLocal<String>,
    private val value: String,
) : CopyableThreadContextElement<String?> {
    private var copies = 0

    override val key = Key

    override fun updateThreadContext(context: CoroutineContext): String? = local.get().also { local.set(value) }

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: String?,
    ) = local.set(oldState)

    override fun copyForChild() = Copied(local, "${local.get()} ${synchronized(this) { ++copies }}")

    override fun mergeForChild(overwritingElement: CoroutineContext.Element) = overwritingElement

    companion object Key : CoroutineContext.Key<Copied>
}
