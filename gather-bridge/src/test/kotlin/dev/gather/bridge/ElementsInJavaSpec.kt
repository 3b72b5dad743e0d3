package dev.gather.bridge

import dev.gather.coroutines.gather
import dev.gather.future.AsyncStart
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import kotlin.coroutines.CoroutineContext

/** What the context of a coroutine puts into its threads is there in what Java runs for it, known to a library or not. */
class ElementsInJavaSpec :
    FunSpec({
        val session = ThreadLocal<String?>()

        fun seenByJava() = Task.of(Callable { session.get() })

        test("a gather, and a task, that a coroutine awaits") {
            val seen =
                runBlocking(Dispatchers.Default + session.asContextElement("7")) {
                    val inBoth = Gather.of(seenByJava(), Task.async(AsyncStart { later(session.get()) })).awaitAll()
                    yield()
                    val outcome = Gather.of(seenByJava()).awaitSettled().single()
                    inBoth + outcome.getOrThrow() + seenByJava().await()
                }
            seen shouldContainExactly List(4) { "7" }
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
                        }.await()
                }
            seen shouldContainExactly listOf("7")
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
            val counting = Copied(session, "copy")
            try {
                val seen =
                    runBlocking(counting) {
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
                seen.toSet().size shouldBe 2
                executor.submit<String?> { session.get() }.soon() shouldBe null
            } finally {
                executor.shutdown()
            }
        }
    })

private fun later(value: String?): CompletableFuture<String?> = CompletableFuture.completedFuture(value)

/** Says how many times it was copied before. */
@OptIn(DelicateCoroutinesApi::class)
private class Copied(
    private val local: ThreadLocal<String?>,
    private val value: String,
) : CopyableThreadContextElement<String?> {
    private var copies = 0

    override val key = Key

    override fun updateThreadContext(context: CoroutineContext): String? = local.get().also { local.set(value) }

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: String?,
    ) = local.set(oldState)

    override fun copyForChild() = Copied(local, "$value ${synchronized(this) { ++copies }}")

    override fun mergeForChild(overwritingElement: CoroutineContext.Element) = overwritingElement

    companion object Key : CoroutineContext.Key<Copied>
}
