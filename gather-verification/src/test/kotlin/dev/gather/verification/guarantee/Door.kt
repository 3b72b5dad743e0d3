package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherListener
import dev.gather.GatherOptions
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.UNLIMITED
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.future.asCompletableFuture
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.ExecutionException
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit
import kotlin.time.toKotlinDuration

/** How a gather ended, in the same words for both doors. */
sealed interface End<out R> {
    data class Value<R>(
        val value: R,
    ) : End<R>

    /** "Fails with E" of the guarantees: [cause] is E, [thrown] is what the caller catches. */
    data class Failed(
        val cause: Throwable,
        val thrown: Throwable,
    ) : End<Nothing>

    data object Cancelled : End<Nothing>
}

/** Every wait of a test is bounded by this. */
const val SECONDS = 20L

fun <V> Future<V>.soon(): V = get(SECONDS, TimeUnit.SECONDS)

/** For a future whose exception is wanted as join throws it: fails here if it would wait for ever. */
fun <R, F : CompletableFuture<R>> F.orStuck(): F =
    apply {
        val done = CompletableFuture<Unit>()
        whenComplete { _, _ -> done.complete(Unit) }
        done.soon()
    }

/** A time that no test lives to see pass. */
val LONG: Duration = Duration.ofHours(1)

/** A time in which tasks start, and which passes while they wait for what never comes. */
val SHORT: Duration = Duration.ofMillis(250)

fun <T> Piece<out T>.task(): Task<T> = Task.of { block() }

class How(
    val limit: Int = UNLIMITED,
    val timeout: Duration? = null,
    val taskTimeout: Duration? = null,
    val onFailure: FailurePolicy = FailurePolicy.CANCEL_OTHERS,
    val name: String? = null,
    val listener: GatherListener? = null,
    val limiter: Limiter? = null,
) {
    /** What has no parameter of its own in Kotlin. */
    fun unnamed(): GatherOptions = gatherOptions(name = name, listener = listener)
}

/** A gather that has been started through a door. */
interface Running<R> {
    /** Waits for the end, as long as the call would. */
    fun end(): End<R>

    fun cancel()

    val isDone: Boolean

    /** Waits until none of its tasks is running. */
    fun awaitTerminated()
}

/** One way into Gather. What both doors promise is tested through both, with the same assertions. */
interface Door {
    fun <T> all(
        tasks: List<Piece<out T>>,
        how: How = How(),
    ): Running<List<T>>

    fun <T> settled(
        tasks: List<Piece<out T>>,
        how: How = How(),
    ): Running<List<Outcome<T>>>

    fun <A, T> each(
        items: Iterable<A>,
        how: How = How(),
        body: (A) -> Piece<T>,
    ): Running<List<T>>

    fun <A, T> eachSettled(
        items: Iterable<A>,
        how: How = How(),
        body: (A) -> Piece<T>,
    ): Running<List<Outcome<T>>>

    fun <T> started(
        handles: List<Handle<T>>,
        how: How = How(),
    ): Running<List<T>>

    fun <T> startedSettled(
        handles: List<Handle<T>>,
        how: How = How(),
    ): Running<List<Outcome<T>>>

    fun <K, T> keyed(
        tasks: Map<K, Piece<out T>>,
        how: How = How(),
    ): Running<Map<K, T>>

    fun <K, T> keyedSettled(
        tasks: Map<K, Piece<out T>>,
        how: How = How(),
    ): Running<Map<K, Outcome<T>>>

    companion object {
        val both: List<Door> = listOf(JavaDoor, KotlinDoor)

        /** With stages in place of blocking bodies as well. */
        val every: List<Door> = listOf(JavaDoor, JavaStagesDoor, KotlinDoor)
    }
}

object JavaDoor : AnyJavaDoor() {
    override fun <T> task(piece: Piece<out T>): Task<T> = Task.of { piece.block() }

    override fun <A, T> lazily(
        items: Iterable<A>,
        body: (A) -> Piece<T>,
    ): Gather<T> = Gather.each(items) { item: A -> body(item).block() }

    override fun toString() = "Java"
}

/** The Java door again, with tasks that are asynchronous by themselves. */
object JavaStagesDoor : AnyJavaDoor() {
    override fun <T> task(piece: Piece<out T>): Task<T> = Task.async { piece.stage() }

    override fun <A, T> lazily(
        items: Iterable<A>,
        body: (A) -> Piece<T>,
    ): Gather<T> = Gather.eachAsync(items) { item: A -> body(item).stage() }

    override fun toString() = "Java, stages"
}

abstract class AnyJavaDoor : Door {
    protected abstract fun <T> task(piece: Piece<out T>): Task<T>

    protected abstract fun <A, T> lazily(
        items: Iterable<A>,
        body: (A) -> Piece<T>,
    ): Gather<T>

    override fun <T> all(
        tasks: List<Piece<out T>>,
        how: How,
    ): Running<List<T>> = start(how) { Gather.of(tasks.map { it.task() }).with(it).all() }

    override fun <T> settled(
        tasks: List<Piece<out T>>,
        how: How,
    ): Running<List<Outcome<T>>> = start(how) { Gather.of(tasks.map { it.task() }).with(it).settled() }

    override fun <A, T> each(
        items: Iterable<A>,
        how: How,
        body: (A) -> Piece<T>,
    ): Running<List<T>> = start(how) { lazily(items, body).with(it).all() }

    override fun <A, T> eachSettled(
        items: Iterable<A>,
        how: How,
        body: (A) -> Piece<T>,
    ): Running<List<Outcome<T>>> = start(how) { lazily(items, body).with(it).settled() }

    override fun <T> started(
        handles: List<Handle<T>>,
        how: How,
    ): Running<List<T>> = start(how) { Gather.started(handles.map { it.stage }).with(it).all() }

    override fun <T> startedSettled(
        handles: List<Handle<T>>,
        how: How,
    ): Running<List<Outcome<T>>> = start(how) { Gather.started(handles.map { it.stage }).with(it).settled() }

    override fun <K, T> keyed(
        tasks: Map<K, Piece<out T>>,
        how: How,
    ): Running<Map<K, T>> = start(how) { Gather.keyed(keyedTasks(tasks)).with(it).all() }

    override fun <K, T> keyedSettled(
        tasks: Map<K, Piece<out T>>,
        how: How,
    ): Running<Map<K, Outcome<T>>> = start(how) { Gather.keyed(keyedTasks(tasks)).with(it).settled() }

    private fun <K, T> keyedTasks(tasks: Map<K, Piece<out T>>): Map<K, Task<T>> = tasks.mapValues { task(it.value) }

    private fun <R> start(
        how: How,
        call: (GatherOptions) -> GatherFuture<R>,
    ): Running<R> {
        val options =
            GatherOptions
                .builder()
                .limit(how.limit)
                .timeout(how.timeout)
                .taskTimeout(how.taskTimeout)
                .onFailure(how.onFailure)
                .name(how.name)
                .listener(how.listener)
                .limiter(how.limiter)
                .build()
        return JavaRunning(call(options))
    }
}

class JavaRunning<R>(
    val future: GatherFuture<R>,
) : Running<R> {
    override fun end(): End<R> =
        try {
            End.Value(future.soon())
        } catch (_: CancellationException) {
            End.Cancelled
        } catch (e: ExecutionException) {
            End.Failed(e.cause!!, thrownByJoin())
        }

    private fun thrownByJoin(): Throwable =
        try {
            future.join()
            error("join() returned what get() did not")
        } catch (e: CompletionException) {
            if (e is GatherException) e else e.cause!!
        }

    override fun cancel() {
        future.cancel(true)
    }

    override val isDone: Boolean get() = future.isDone

    override fun awaitTerminated() {
        future.terminated().soon()
    }
}

object KotlinDoor : Door {
    /** Owns what LEAVE_OTHERS leaves running. */
    private val owner = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    override fun <T> all(
        tasks: List<Piece<out T>>,
        how: How,
    ): Running<List<T>> =
        start {
            gather(
                *tasks.suspending(),
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                taskTimeout = how.taskTimeout?.toKotlinDuration(),
                onFailure = how.onFailure,
                scope = owner,
                options = how.unnamed(),
                limiter = how.limiter,
            )
        }

    override fun <T> settled(
        tasks: List<Piece<out T>>,
        how: How,
    ): Running<List<Outcome<T>>> =
        start {
            gatherSettled(
                *tasks.suspending(),
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                taskTimeout = how.taskTimeout?.toKotlinDuration(),
                options = how.unnamed(),
                limiter = how.limiter,
            )
        }

    override fun <A, T> each(
        items: Iterable<A>,
        how: How,
        body: (A) -> Piece<T>,
    ): Running<List<T>> =
        start {
            items.gather(
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                taskTimeout = how.taskTimeout?.toKotlinDuration(),
                onFailure = how.onFailure,
                scope = owner,
                options = how.unnamed(),
                limiter = how.limiter,
            ) { body(it).suspending() }
        }

    override fun <A, T> eachSettled(
        items: Iterable<A>,
        how: How,
        body: (A) -> Piece<T>,
    ): Running<List<Outcome<T>>> =
        start {
            items.gatherSettled(
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                taskTimeout = how.taskTimeout?.toKotlinDuration(),
                options = how.unnamed(),
                limiter = how.limiter,
            ) { body(it).suspending() }
        }

    override fun <T> started(
        handles: List<Handle<T>>,
        how: How,
    ): Running<List<T>> =
        start {
            handles.map { it.deferred }.gather(
                timeout = how.timeout?.toKotlinDuration(),
                onFailure = how.onFailure,
                scope = owner,
                options = how.unnamed(),
            )
        }

    override fun <T> startedSettled(
        handles: List<Handle<T>>,
        how: How,
    ): Running<List<Outcome<T>>> =
        start {
            handles.map { it.deferred }.gatherSettled(
                timeout = how.timeout?.toKotlinDuration(),
                options = how.unnamed(),
            )
        }

    override fun <K, T> keyed(
        tasks: Map<K, Piece<out T>>,
        how: How,
    ): Running<Map<K, T>> =
        start {
            keyedBodies(tasks).gather(
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                taskTimeout = how.taskTimeout?.toKotlinDuration(),
                onFailure = how.onFailure,
                scope = owner,
                options = how.unnamed(),
            )
        }

    override fun <K, T> keyedSettled(
        tasks: Map<K, Piece<out T>>,
        how: How,
    ): Running<Map<K, Outcome<T>>> =
        start {
            keyedBodies(tasks).gatherSettled(
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                taskTimeout = how.taskTimeout?.toKotlinDuration(),
                options = how.unnamed(),
            )
        }

    private fun <K, T> keyedBodies(tasks: Map<K, Piece<out T>>): Map<K, suspend () -> T> =
        tasks.mapValues { (_, piece) -> suspend { piece.suspending() } }

    /** Runs what it is given as a caller. */
    fun <R> start(call: suspend () -> R): Running<R> {
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
        // How it ended travels as a value: await would give a copy of the exception.
        val caller =
            scope.async(start = CoroutineStart.UNDISPATCHED) {
                try {
                    End.Value(call())
                } catch (e: Throwable) {
                    if (currentCoroutineContext()[Job]!!.isCancelled) End.Cancelled else failed(e)
                }
            }
        return KotlinRunning(caller)
    }

    private fun failed(thrown: Throwable): End.Failed {
        // A task that cancelled itself: the one failure that comes wrapped, see guarantee 17.
        val cause = if (thrown is GatherException) thrown.cause!! else thrown
        return End.Failed(cause, thrown)
    }

    override fun toString() = "Kotlin"
}

class KotlinRunning<R>(
    private val caller: Deferred<End<R>>,
) : Running<R> {
    private val done = caller.asCompletableFuture().handle { end, error -> if (error == null) end else End.Cancelled }

    override fun end(): End<R> = done.soon()

    override fun cancel() {
        caller.cancel(CancellationException("cancelled by the test"))
    }

    override val isDone: Boolean get() = caller.isCompleted

    override fun awaitTerminated() {
        end()
    }
}

/**
 * Before a test says that something has not happened: gives what would be wrong the time to happen, by
 * going through the same door, and the threads behind it, and back.
 */
fun Door.letThingsHappen() {
    repeat(3) {
        val piece = Piece<Int>()
        val running = all(listOf(piece, value(2)))
        piece.started.soon()
        piece.returns(1)
        running.end()
    }
}
