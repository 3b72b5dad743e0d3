package dev.gather.verification.guarantee

import dev.gather.Completed
import dev.gather.GatherOptions
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.future.Gather
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import java.util.concurrent.Flow.Publisher
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration

/** Takes the results of a gather one by one. */
interface Reader<T> {
    /** Waits for the next, null after the last; throws what ends the results before that. */
    fun next(): Completed<T>?

    /** Has enough, and waits until none of the tasks is running. */
    fun close()

    fun rest(): List<Completed<T>> = generateSequence { next() }.toList()
}

/** One way of results as they come. What all promise is tested through all, with the same assertions. */
interface StreamDoor {
    fun <A, T> open(
        items: Iterable<A>,
        how: How = How(),
        body: (A) -> Piece<T>,
    ): Reader<T>

    companion object {
        val all: List<StreamDoor> = listOf(JavaStream, JavaPublisher, KotlinFlow)
    }
}

private fun How.options() =
    GatherOptions
        .builder()
        .limit(limit)
        .timeout(timeout)
        .taskTimeout(taskTimeout)
        .name(name)
        .listener(listener)
        .limiter(limiter)
        .build()

fun <A, T> gatherOf(
    items: Iterable<A>,
    how: How,
    body: (A) -> Piece<T>,
): Gather<T> = Gather.each(items) { item: A -> body(item).block() }.with(how.options())

object JavaStream : StreamDoor {
    override fun <A, T> open(
        items: Iterable<A>,
        how: How,
        body: (A) -> Piece<T>,
    ): Reader<T> = StreamReader(gatherOf(items, how, body))

    override fun toString() = "Java, stream"
}

class StreamReader<T>(
    gather: Gather<T>,
) : Reader<T> {
    private val stream = gather.stream()
    private val iterator by lazy { stream.iterator() }

    /** So that a wait for ever fails the test. */
    private val thread = Executors.newSingleThreadExecutor()

    override fun next(): Completed<T>? {
        val next = thread.submit<Result<Completed<T>?>> {
            runCatching { if (iterator.hasNext()) iterator.next() else null }
        }
        return next.soon().also { if (it.getOrNull() == null) thread.shutdown() }.getOrThrow()
    }

    override fun close() {
        thread.submit<Unit> { stream.close() }.soon()
        thread.shutdown()
    }
}

/** Asks for one result at a time. */
object JavaPublisher : StreamDoor {
    override fun <A, T> open(
        items: Iterable<A>,
        how: How,
        body: (A) -> Piece<T>,
    ): Reader<T> = Subscribed(gatherOf(items, how, body))

    override fun toString() = "Java, publisher"
}

class Subscribed<T>(
    results: Publisher<Completed<T>>,
) : Reader<T>,
    Subscriber<Completed<T>> {
    private val signals = LinkedBlockingQueue<Result<Completed<T>?>>()
    private val subscribed = CompletableFuture<Subscription>()
    private val bodies = Gauge()

    init {
        results.subscribe(this)
    }

    constructor(gather: Gather<T>) : this(gather.asCompleted())

    val subscription: Subscription get() = subscribed.soon()

    fun signalled(): Int = signals.size

    fun take(): Completed<T>? = checkNotNull(signals.poll(SECONDS, TimeUnit.SECONDS)) { "no signal" }.getOrThrow()

    override fun next(): Completed<T>? {
        subscription.request(1)
        return take()
    }

    override fun close() = subscription.cancel()

    override fun onSubscribe(subscription: Subscription) {
        subscribed.complete(subscription)
    }

    override fun onNext(item: Completed<T>) {
        bodies.enter()
        signals.add(Result.success(item))
        bodies.exit()
        check(bodies.max == 1) { "signals at the same time" }
    }

    override fun onError(throwable: Throwable) {
        signals.add(Result.failure(throwable))
    }

    override fun onComplete() {
        signals.add(Result.success(null))
    }
}

object KotlinFlow : StreamDoor {
    override fun <A, T> open(
        items: Iterable<A>,
        how: How,
        body: (A) -> Piece<T>,
    ): Reader<T> =
        readerOf(
            items.gatherAsCompleted(
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                taskTimeout = how.taskTimeout?.toKotlinDuration(),
                options = how.unnamed(),
                limiter = how.limiter,
            ) { body(it).suspending() },
        )

    override fun toString() = "Kotlin"
}

/** Collects one result for each that is asked for. */
class FlowReader<R>(
    flow: Flow<R>,
) {
    private val asked = Channel<Unit>(Channel.UNLIMITED)
    private val results = Channel<Result<R?>>(Channel.UNLIMITED)
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val collecting =
        scope.launch {
            asked.receive()
            val end =
                runCatching {
                    flow.collect {
                        results.send(Result.success(it))
                        asked.receive()
                    }
                }
            results.send(end.map { null })
        }

    fun next(): R? {
        asked.trySend(Unit)
        return runBlocking { withTimeout(SECONDS.seconds) { results.receive() } }.getOrThrow()
    }

    fun close() = runBlocking { withTimeout(SECONDS.seconds) { collecting.cancelAndJoin() } }
}

private fun <T> readerOf(flow: Flow<Completed<T>>): Reader<T> {
    val reader = FlowReader(flow)
    return object : Reader<T> {
        override fun next() = reader.next()

        override fun close() = reader.close()
    }
}
