package dev.gather.bridge

import dev.gather.GatherException
import dev.gather.future.Gather
import dev.gather.future.Task
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.single
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.withTimeout
import java.io.IOException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import kotlin.concurrent.thread

/** Work in Java; a cancel of it is an interrupt, or `cancel(true)` of the stage. */
internal class InJava(
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

internal class IntoJava(
    val name: String,
    val isShared: Boolean = false,
    /** Whether the work is a stage, and no body that Gather knows. */
    val isStage: Boolean = isShared,
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

internal val INTO_JAVA =
    listOf(
        IntoJava("awaitOwned", isStage = true) { stageOf(it).awaitOwned() },
        IntoJava("awaitShared", isShared = true) { stageOf(it).awaitShared() },
        IntoJava("GatherFuture.await") { work ->
            Gather
                .of(Task.of(work::run))
                .all()
                .thenApply { it.single() }
                .await()
        },
        IntoJava("Task.await") { Task.of(it::run).await() },
        IntoJava("awaitGather") { awaitGather { Gather.of(Task.of(it::run)).any() } },
        IntoJava("Gather.awaitAll") { Gather.of(Task.of(it::run)).awaitAll().single() },
        IntoJava("Gather.awaitSettled") {
            Gather
                .of(Task.of(it::run))
                .awaitSettled()
                .single()
                .asResult()
        },
        IntoJava("stages.gather", isStage = true) { listOf(stageOf(it)).gather().single() },
        IntoJava("stages.gather(shared)", isShared = true) { listOf(stageOf(it)).gather(shared = true).single() },
        IntoJava("stages.gatherSettled", isStage = true) { listOf(stageOf(it)).gatherSettled().single().asResult() },
        IntoJava("stages.gatherSettled(shared)", isShared = true) {
            listOf(stageOf(it)).gatherSettled(shared = true).single().asResult()
        },
        IntoJava("stages.gatherAsCompleted", isStage = true) {
            listOf(stageOf(it))
                .gatherAsCompleted()
                .single()
                .outcome()
                .asResult()
        },
        IntoJava("stages.gatherAsCompleted(shared)", isShared = true) {
            listOf(stageOf(it))
                .gatherAsCompleted(shared = true)
                .single()
                .outcome()
                .asResult()
        },
        IntoJava("asGatherScope") { work ->
            val future = coroutineScope { Gather.of(Task.of(work::run)).scope(asGatherScope()).all() }
            check(future.terminated().isDone) { "the scope has ended before its gather" }
            future.await().single()
        },
    )

private fun IntoJava.made(
    work: InJava,
    await: suspend (InJava) -> Int = this.await,
): Deferred<Int> = CoroutineScope(Dispatchers.Default).async { await(work) }

/** With the exception itself: newer JDKs put one of their own around a cancellation that `get` throws. */
internal fun Deferred<Int>.result(): Result<Int> =
    asCompletableFuture()
        .handle { value, error -> if (error == null) Result.success(value) else Result.failure(error) }
        .soon()

internal val EVENTS_IN_JAVA =
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
                }.invokeOnCompletion { caught.complete(it ?: AssertionError("no exception")) }
            val error = caught.soon()
            val expected = if (way.name == "Gather.awaitSettled") "cancelled" else "not silent"
            val isAround = error is CompletionException || error is GatherException
            expected to
                when {
                    error is CancellationException -> "cancelled"
                    isAround && error.cause is CancellationException -> "not silent"
                    else -> error.toString()
                }
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
            val word = word(made.result())
            val isUntouched = !work.ended.hasCome
            val isOver = !work.started.hasCome || work.ended.hasCome
            go.come()
            if (way.isShared) {
                "cancelled, untouched" to word + if (isUntouched) ", untouched" else ", touched"
            } else {
                "cancelled, over" to word + if (isOver) ", over" else ", running"
            }
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
            val isRunning = work.started.hasCome && !work.ended.hasCome
            val isTouched = work.ended.hasCome
            go.come()
            "timeout" to if (if (way.isShared) isTouched else isRunning) "not as it should be" else word
        },
        "end" to { way ->
            // A body has ended when what it has started has; of a stage nobody knows more than that it is done.
            val go = Signal()
            val started = Signal()
            val ended = Signal()
            val work =
                InJava {
                    val rest = {
                        started.come()
                        go.soon()
                        repeat(A_WHILE) { Thread.yield() }
                        ended.come()
                    }
                    if (way.isStage) rest() else Gather.of(Task.of(rest)).all()
                    VALUE
                }
            val made = way.made(work)
            started.soon()
            val isEarly = made.isCompleted
            go.come()
            val word = word(made.result())
            "after all" to if (isEarly || !ended.hasCome || word != "value 7") "too early" else "after all"
        },
    )
