package dev.gather.bridge

import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** A call that has been made, as its caller has it. */
internal class Made(
    val result: () -> Result<Int?>,
    val isDone: () -> Boolean,
    val cancel: () -> Unit,
    /** Returns when nothing of it runs any more. */
    val end: () -> Unit,
)

internal typealias Code = suspend CoroutineScope.() -> Int

internal class IntoKotlin(
    val name: String,
    val call: (JavaDoor, CoroutineDispatcher, Duration?, Code) -> Made,
)

/** What blocks a thread of its own, which is interrupted: by its caller, or by the deadline of a gather that it is in. */
private fun blocked(
    timeout: Duration?,
    action: () -> Int,
): Made {
    val result = CompletableFuture<Result<Int?>>()
    val thread =
        thread(isDaemon = true) {
            val inGather = {
                Gather
                    .of(Task.of(action).timeout(timeout!!))
                    .settled()
                    .also { it.terminated().soon() }
                    .soon()
                    .single()
                    .asResult()
            }
            result.complete(runCatching(if (timeout == null) action else inGather))
        }
    // It has heard of an interrupt when it waits without one: for the end.
    val cancel = {
        thread.interrupt()
        until { !thread.isAlive || !thread.isInterrupted && thread.state.name.endsWith("WAITING") }
    }
    return Made(result::soon, result::isDone, cancel) { result.soon() }
}

private fun Duration?.around(code: Code): Code =
    if (this == null) code else ({ withTimeout(this@around.toMillis()) { code() } })

internal val INTO_KOTLIN =
    listOf(
        IntoKotlin("future") { door, _, timeout, code ->
            val future = door.future(code)
            if (timeout != null) future.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            Made(
                { runCatching { future.soon() } },
                future::isDone,
                { future.cancel(true) },
                { future.terminated().soon() },
            )
        },
        IntoKotlin("task") { door, _, timeout, code ->
            val task = door.task(body = code)
            val future = Gather.of(if (timeout == null) task else task.timeout(timeout)).settled()
            val result = { runCatching { future.soon().single().asResult() } }
            Made(result, future::isDone, { future.cancel(true) }, { future.terminated().soon() })
        },
        IntoKotlin("publisher") { door, _, timeout, code ->
            val result = CompletableFuture<Result<Int?>>()
            val subscriptions = CompletableFuture<Subscription>()
            door
                .publisher<Int> {
                    // A subscriber has no deadline; what its flow has is one of Kotlin.
                    flow { emit(timeout.around(code)(this@publisher)) }
                }.subscribe(
                    object : Subscribing() {
                        private var value: Int? = null

                        override fun onSubscribe(subscription: Subscription) {
                            subscription.request(1)
                            subscriptions.complete(subscription)
                        }

                        override fun onNext(item: Int) {
                            value = item
                        }

                        override fun onError(throwable: Throwable) {
                            result.complete(Result.failure(throwable))
                        }

                        override fun onComplete() {
                            result.complete(Result.success(value))
                        }
                    },
                )
            var hasCancelled = false
            val cancel = {
                subscriptions.soon().cancel()
                hasCancelled = true
            }
            // Who has cancelled hears nothing more, which is known at the end only.
            val heard = {
                if (hasCancelled) door.close()
                if (hasCancelled && !result.isDone) Result.failure(CancellationException()) else result.soon()
            }
            Made(heard, result::isDone, cancel) { door.close() }
        },
        IntoKotlin("stream") { door, _, timeout, code ->
            blocked(timeout) { door.stream { flow { emit(code(this@stream)) } }.use { it.toList().single() } }
        },
        IntoKotlin("blocking") { door, _, timeout, code -> blocked(timeout) { door.blocking(code) } },
        IntoKotlin("asCoroutineScope") { _, dispatcher, timeout, code ->
            val scope = GatherScope("matrix")
            val coroutine = scope.asCoroutineScope(dispatcher).async { timeout.around(code)() }
            // It returns at the end only, so a cancel is seen where it arrives.
            val cancel = {
                thread(isDaemon = true) { scope.close() }
                until { coroutine.isCancelled || coroutine.isCompleted }
            }
            Made(coroutine::result, coroutine::isCompleted, cancel) { scope.close() }
        },
    )

private fun IntoKotlin.made(
    timeout: Duration? = null,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    code: Code,
): Made = call(JavaDoor("matrix", dispatcher), dispatcher, timeout, code)

internal val EVENTS_IN_KOTLIN =
    mapOf<String, (IntoKotlin) -> Seen>(
        "value" to { way ->
            val made =
                way.made {
                    yield()
                    VALUE
                }
            "value 7" to word(made.result())
        },
        "failure" to { way ->
            val failure = IOException("no route")
            val made =
                way.made {
                    yield()
                    throw failure
                }
            "same instance" to word(made.result(), failure)
        },
        "cancels itself" to { way ->
            val own = CancellationException("own")
            val made =
                way.made {
                    yield()
                    throw own
                }
            // As the JDK has it a future, or an outcome, is cancelled then; who is called or waits gets the exception.
            val isWord = way.name == "future" || way.name == "task" || way.name == "asCoroutineScope"
            val expected = if (isWord) "cancelled" else "same instance"
            expected to word(made.result(), own.takeUnless { expected == "cancelled" })
        },
        "cancel before" to { way ->
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { thread ->
                val go = Signal()
                val busy = Signal()
                thread.executor.execute {
                    busy.come()
                    go.soon()
                }
                busy.soon()
                var hasRun = false
                val made =
                    way.made(dispatcher = thread) {
                        hasRun = true
                        VALUE
                    }
                made.cancel()
                go.come()
                made.end()
                "cancelled, not run" to word(made.result()) + if (hasRun) ", run" else ", not run"
            }
        },
        "cancel during" to { way ->
            val body = CleaningUp()
            val made = way.made { body.run() }
            body.started.soon()
            made.cancel()
            body.cleaning.soon()
            val isInTime =
                CompletableFuture.supplyAsync {
                    made.end()
                    body.ended.hasCome
                }
            body.goOn()
            val word = word(made.result())
            "cancelled, ended" to word + if (isInTime.soon()) ", ended" else ", running"
        },
        "cancel after" to { way ->
            val made = way.made { VALUE }
            made.result()
            made.cancel()
            "value 7" to word(made.result())
        },
        "timeout" to { way ->
            val running = AtomicInteger() // it may never begin: a millisecond is not long
            val made =
                way.made(Duration.ofMillis(1)) {
                    running.incrementAndGet()
                    try {
                        awaitCancellation()
                    } finally {
                        running.decrementAndGet()
                    }
                }
            val result = made.result()
            made.end()
            "timeout" to if (running.get() == 0) word(result) else "running"
        },
        "end" to { way ->
            val go = CompletableDeferred<Unit>()
            val launched = Signal()
            val ended = Signal()
            val made =
                way.made {
                    launch {
                        launched.come()
                        go.await()
                        repeat(A_WHILE) { yield() }
                        ended.come()
                    }
                    VALUE
                }
            launched.soon()
            val isEarly = made.isDone()
            go.complete(Unit)
            val word = word(made.result())
            "after all" to if (isEarly || !ended.hasCome || word != "value 7") "too early" else "after all"
        },
    )
