package dev.gather.bridge

import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** Every way across the border, and everything that can become of what goes there. */
class MatrixSpec :
    FunSpec({
        val table = LinkedHashMap<Pair<String, String>, String>()

        for (way in INTO_KOTLIN) {
            for ((event, check) in EVENTS_IN_KOTLIN) {
                test("${way.name}: $event") {
                    val (expected, seen) = check(way)
                    table[way.name to event] = seen
                    seen shouldBe expected
                }
            }
        }
        for (way in INTO_JAVA) {
            for ((event, check) in EVENTS_IN_JAVA) {
                test("${way.name}: $event") {
                    val (expected, seen) = check(way)
                    table[way.name to event] = seen
                    seen shouldBe expected
                }
            }
        }

        afterSpec { println(asText(table)) }
    })

private const val VALUE = 7

private fun asText(table: Map<Pair<String, String>, String>): String {
    val events = table.keys.map { it.second }.distinct()
    val head = listOf("") + events
    val rows = table.keys
        .map { it.first }
        .distinct()
        .map { way -> listOf(way) + events.map { table[way to it] ?: "" } }
    val widths = head.indices.map { column -> (rows + listOf(head)).maxOf { it[column].length } }
    return (listOf(head) + rows).joinToString("\n", "\n", "\n") { row ->
        row.indices.joinToString(" | ", "| ", " |") { row[it].padEnd(widths[it]) }
    }
}

/** How something has ended, in one word; what the JDK puts around a failure is not looked at. */
private fun word(
    result: Result<Int?>,
    failure: Throwable? = null,
): String {
    var error = result.exceptionOrNull() ?: return "value ${result.getOrNull()}"
    while (error is ExecutionException || error.javaClass == CompletionException::class.java) {
        val cause = error.cause!!
        if (cause is CancellationException && failure == null) return "not silent"
        error = cause
    }
    return when {
        error === failure -> "same instance"
        error is GatherException -> "not silent"
        error is TimeoutException || error is TimeoutCancellationException -> "timeout"
        error is CancellationException -> "cancelled"
        else -> error.toString()
    }
}

// ---- Kotlin called from Java

/** A call that has been made, as its caller has it. */
private class Made(
    val result: () -> Result<Int?>,
    val isDone: () -> Boolean,
    val cancel: () -> Unit,
    /** Returns when nothing of it runs any more. */
    val end: () -> Unit,
)

private typealias Code = suspend CoroutineScope.() -> Int

private class IntoKotlin(
    val name: String,
    val call: (JavaDoor, Duration?, Code) -> Made,
)

/** What blocks a thread of its own, which is interrupted. */
private fun blocked(action: () -> Int): Made {
    val result = CompletableFuture<Result<Int?>>()
    val thread = thread(isDaemon = true) { result.complete(runCatching(action)) }
    // It has heard of an interrupt when it waits without one: for the end.
    val cancel = {
        thread.interrupt()
        while (thread.isAlive && (thread.isInterrupted || !thread.state.name.endsWith("WAITING"))) Thread.onSpinWait()
    }
    return Made(result::soon, result::isDone, cancel) { result.soon() }
}

private fun Duration?.around(code: Code): Code =
    if (this == null) code else ({ withTimeout(this@around.toMillis()) { code() } })

private val INTO_KOTLIN =
    listOf(
        IntoKotlin("future") { door, timeout, code ->
            val future = door.future(code)
            if (timeout != null) future.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            Made(
                { runCatching { future.soon() } },
                future::isDone,
                { future.cancel(true) },
                { future.terminated().soon() },
            )
        },
        IntoKotlin("task") { door, timeout, code ->
            val task = door.task(body = code)
            val future = Gather.of(if (timeout == null) task else task.timeout(timeout)).settled()
            val result = {
                runCatching {
                    when (val outcome = future.soon().single()) {
                        is Outcome.Success -> outcome.value()
                        is Outcome.Failure -> throw outcome.cause()
                        is Outcome.Cancelled -> throw CancellationException()
                    }
                }
            }
            Made(result, future::isDone, { future.cancel(true) }, { future.terminated().soon() })
        },
        IntoKotlin("publisher") { door, timeout, code ->
            val result = CompletableFuture<Result<Int?>>()
            val subscriptions = CompletableFuture<Subscription>()
            val ended = Signal()
            door
                .publisher<Int> {
                    flow {
                        try {
                            emit(timeout.around(code)(this@publisher))
                        } finally {
                            ended.come()
                        }
                    }
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
            // Who has cancelled hears nothing more.
            val cancel = {
                subscriptions.soon().cancel()
                result.complete(Result.failure(CancellationException()))
                Unit
            }
            Made(result::soon, result::isDone, cancel) { door.close() }
        },
        IntoKotlin("stream") { door, timeout, code ->
            blocked { door.stream { flow { emit(timeout.around(code)(this@stream)) } }.use { it.toList().single() } }
        },
        IntoKotlin("blocking") { door, timeout, code -> blocked { door.blocking(timeout.around(code)) } },
    )

/** What is expected, and what has been seen. */
private typealias Seen = Pair<String, String>

private fun IntoKotlin.made(
    timeout: Duration? = null,
    dispatcher: CoroutineDispatcher = Dispatchers.Default,
    code: Code,
): Made = call(JavaDoor("matrix", dispatcher), timeout, code)

private val EVENTS_IN_KOTLIN =
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
            val expected = if (way.name == "future" || way.name == "task") "cancelled" else "same instance"
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
            val ended = CompletableFuture.runAsync { made.end() }
            val isEarly = ended.isDone
            body.goOn()
            ended.soon()
            "cancelled, ended" to word(made.result()) + if (!isEarly && body.ended.hasCome) ", ended" else ", running"
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
            val made =
                way.made {
                    launch {
                        launched.come()
                        go.await()
                    }
                    VALUE
                }
            launched.soon()
            val isEarly = made.isDone()
            go.complete(Unit)
            "after all" to if (isEarly || word(made.result()) != "value 7") "too early" else "after all"
        },
    )

// ---- Java awaited in Kotlin

/** Work in Java; a cancel of it is an interrupt, or `cancel(true)` of the stage. */
private class InJava(
    val body: () -> Int,
) {
    val started = Signal()
    val ended = Signal()

    fun run(): Int =
        try {
            started.come()
            body()
        } finally {
            ended.come()
        }
}

private class IntoJava(
    val name: String,
    val isShared: Boolean = false,
    val await: suspend (InJava) -> Int,
)

/** A stage of somebody's own: `cancel(true)` interrupts what it stands for, and it is done when that is. */
private class Interruptible(
    work: InJava,
) : CompletableFuture<Int>() {
    private val thread =
        thread(isDaemon = true) {
            runCatching(work::run).fold(::complete) {
                if (it is InterruptedException ||
                    it is CancellationException
                ) {
                    super.cancel(true)
                } else {
                    completeExceptionally(it)
                }
            }
        }

    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        if (mayInterruptIfRunning) thread.interrupt()
        return false
    }
}

private fun stageOf(work: InJava): CompletionStage<Int> = Interruptible(work)

private val INTO_JAVA =
    listOf(
        IntoJava("awaitOwned") { stageOf(it).awaitOwned() },
        IntoJava("awaitShared", isShared = true) { stageOf(it).awaitShared() },
        IntoJava("GatherFuture.await") { work ->
            Gather
                .of(Task.of(work::run))
                .all()
                .thenApply { it.single() }
                .await()
        },
        IntoJava("Task.await") { Task.of(it::run).await() },
        IntoJava("Gather.awaitAll") { Gather.of(Task.of(it::run)).awaitAll().single() },
        IntoJava("Gather.awaitSettled") { work ->
            when (val outcome = Gather.of(Task.of(work::run)).awaitSettled().single()) {
                is Outcome.Success -> outcome.value()
                is Outcome.Failure -> throw outcome.cause()
                is Outcome.Cancelled -> throw CancellationException()
            }
        },
        IntoJava("stages.gather") { listOf(stageOf(it)).gather().single() },
        IntoJava("stages.gather(shared)", isShared = true) { listOf(stageOf(it)).gather(shared = true).single() },
    )

private fun IntoJava.made(
    work: InJava,
    await: suspend (InJava) -> Int = this.await,
): Deferred<Int> = CoroutineScope(Dispatchers.Default).async { await(work) }

/** With the exception itself: newer JDKs put one of their own around a cancellation that `get` throws. */
private fun Deferred<Int>.result(): Result<Int> =
    asCompletableFuture()
        .handle { value, error -> if (error == null) Result.success(value) else Result.failure(error) }
        .soon()

private val EVENTS_IN_JAVA =
    mapOf<String, (IntoJava) -> Seen>(
        "value" to { way -> "value 7" to word(way.made(InJava { VALUE }).result()) },
        "failure" to { way ->
            val failure = IOException("no route")
            "same instance" to word(way.made(InJava { throw failure }).result(), failure)
        },
        "cancels itself" to { way ->
            // An uncancelled caller must not get a bare cancellation, which would end it in silence.
            val caught = CompletableFuture<Throwable>()
            way
                .made(InJava { throw CancellationException("own") }) { work ->
                    way.await(work).also { caught.complete(AssertionError("no exception")) }
                }.invokeOnCompletion { caught.complete(it) }
            val error = caught.soon()
            val expected = if (way.name == "Gather.awaitSettled") "cancelled" else "not silent"
            expected to if (error is CancellationException) "cancelled" else "not silent"
        },
        "cancel before" to { way ->
            val go = Signal()
            val work =
                InJava {
                    go.soon()
                    VALUE
                }
            val made =
                way.made(work) {
                    currentCoroutineContext().cancel()
                    way.await(it)
                }
            "cancelled" to word(made.result()).also { go.come() }
        },
        "cancel during" to { way ->
            val forEver = Signal()
            val go = Signal()
            val cleaning = Signal()
            val work =
                InJava {
                    try {
                        forEver.soon()
                        VALUE
                    } finally {
                        cleaning.come()
                        go.soon()
                    }
                }
            val made = way.made(work)
            work.started.soon()
            made.cancel()
            if (way.isShared) {
                val word = word(made.result())
                val isTouched = cleaning.hasCome
                go.come()
                forEver.come()
                "cancelled, untouched" to word + if (isTouched) ", touched" else ", untouched"
            } else {
                cleaning.soon()
                val isEarly = made.isCompleted
                go.come()
                val word = word(made.result())
                "cancelled, ended" to word + if (!isEarly && work.ended.hasCome) ", ended" else ", running"
            }
        },
        "cancel after" to { way ->
            val made = way.made(InJava { VALUE })
            made.result()
            made.cancel()
            "value 7" to word(made.result())
        },
        "timeout" to { way ->
            val go = Signal()
            val work =
                InJava {
                    go.soon()
                    VALUE
                }
            val made = way.made(work) { withTimeout(1) { way.await(it) } }
            val word = word(made.result())
            val isRunning = !way.isShared && work.started.hasCome && !work.ended.hasCome
            go.come()
            "timeout" to if (isRunning) "running" else word
        },
        "end" to { way ->
            val go = Signal()
            val work =
                InJava {
                    go.soon()
                    VALUE
                }
            val made = way.made(work)
            work.started.soon()
            val isEarly = made.isCompleted
            go.come()
            "after all" to if (isEarly || word(made.result()) != "value 7") "too early" else "after all"
        },
    )
