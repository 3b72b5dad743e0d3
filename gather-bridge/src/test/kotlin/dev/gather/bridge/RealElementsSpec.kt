package dev.gather.bridge

import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.micrometer.context.ContextRegistry
import io.micrometer.context.ContextSnapshot.Scope
import io.micrometer.context.ContextSnapshotFactory
import io.opentelemetry.api.baggage.Baggage
import io.opentelemetry.context.Context
import io.opentelemetry.extension.kotlin.asContextElement
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.reactor.ReactorContext
import kotlinx.coroutines.slf4j.MDCContext
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.slf4j.MDC
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.CoroutineContext

/**
 * The elements that applications have, in what Java runs, as their makers publish them; that of Reactor puts nothing into
 * threads, which takes one of the application.
 */
class RealElementsSpec :
    FunSpec({
        for (kind in KINDS) {
            for ((way, seen) in if (kind.isRegistered) WAYS - OF_ITS_DOOR else WAYS) {
                test("${kind.name}: $way") {
                    kind.inPlace {
                        seen(kind.element(), kind.read) shouldBe "7"
                        kind.read.call() shouldBe null
                    }
                }
            }
        }

        test(
            "what context-propagation knows is that of the caller in a call, who may have none, and not that of the door",
        ) {
            val kind = KINDS.single { it.isRegistered }
            kind.inPlace {
                JavaDoor("own", kind.element()).use { door ->
                    val seen =
                        CompletableFuture.supplyAsync {
                            door.blocking {
                                yield()
                                listOf(kind.read.call(), Task.of(kind.read).await())
                            }
                        }
                    seen.soon() shouldBe listOf(null, null)
                }
            }
        }
    })

private const val OF_ITS_DOOR = "a gather that a task of a door starts, which has it of its door"
private const val KEY = "dev.gather.bridge.user"

private class Kind(
    val name: String,
    /** Whether context-propagation knows it, so that it is that of the caller in a call. */
    val isRegistered: Boolean,
    val element: () -> CoroutineContext,
    val inPlace: suspend (suspend () -> Unit) -> Unit = { it() },
    /** What a body in Java finds on its thread. */
    val read: Callable<String?>,
)

/** On the thread, what is in a Reactor context. */
private class ReactorLocals(
    private val reactor: ReactorContext,
) : ThreadContextElement<Scope> {
    override val key: CoroutineContext.Key<*> get() = Key

    override fun updateThreadContext(context: CoroutineContext): Scope =
        ContextSnapshotFactory.builder().build().setThreadLocalsFrom<Any>(reactor.context)

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: Scope,
    ) = oldState.close()

    companion object Key : CoroutineContext.Key<ReactorLocals>
}

private val user = ThreadLocal<String>()

private val KINDS =
    listOf(
        Kind("MDC", false, { MDCContext(mapOf(KEY to "7")) }) { MDC.get(KEY) },
        Kind("OpenTelemetry", false, {
            Context
                .root()
                .with(Baggage.builder().put(KEY, "7").build())
                .asContextElement()
        }) { Baggage.current().getEntryValue(KEY) },
        Kind(
            "Reactor",
            true,
            {
                val reactor = ReactorContext(
                    reactor.util.context.Context
                        .of(KEY, "7"),
                )
                reactor + ReactorLocals(reactor)
            },
            { test ->
                ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, user)
                try {
                    test()
                } finally {
                    ContextRegistry.getInstance().removeThreadLocalAccessor(KEY)
                }
            },
        ) { user.get() },
    )

private val WAYS =
    mapOf<String, suspend (CoroutineContext, Callable<String?>) -> String?>(
        "a task that a coroutine awaits" to { element, read ->
            withContext(Dispatchers.Default + element) { Task.of(read).await() }
        },
        "a gather that a coroutine awaits, after a suspension" to { element, read ->
            withContext(element) {
                yield()
                Gather.of(read).awaitAll().single()
            }
        },
        "any of them" to { element, read ->
            withContext(element) { awaitGather { Gather.of(read).any() } }
        },
        "a gather that the body of a gather in Kotlin starts" to { element, read ->
            withContext(element) {
                gather({
                    yield()
                    Gather
                        .of(read)
                        .all()
                        .join()
                        .single()
                }).single()
            }
        },
        "a gather that a call of a door starts, which has it of its caller" to { element, read ->
            JavaDoor("caller").use { door ->
                withContext(element) {
                    gather({
                        door
                            .future {
                                yield()
                                Gather
                                    .of(read)
                                    .all()
                                    .join()
                                    .single()
                            }.await()
                    }).single()
                }
            }
        },
        OF_ITS_DOOR to { element, read ->
            JavaDoor("own", element).use { door ->
                val task =
                    door.task {
                        yield()
                        Task.of(read).await()
                    }
                CompletableFuture
                    .supplyAsync {
                        Gather
                            .of(task)
                            .all()
                            .join()
                            .single()
                    }.soon()
            }
        },
        "a gather for the scope of a coroutine" to { element, read ->
            withContext(element) {
                val scope = asGatherScope()
                CompletableFuture
                    .supplyAsync {
                        Gather
                            .of(read)
                            .scope(scope)
                            .all()
                            .join()
                            .single()
                    }.awaitOwned()
            }
        },
    )
