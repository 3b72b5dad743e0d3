package dev.gather.bridge

import dev.gather.bridge.internal.BlockingCoroutine
import dev.gather.bridge.internal.Calls
import dev.gather.bridge.internal.FlowReader
import dev.gather.bridge.internal.FlowSubscription
import dev.gather.bridge.internal.FutureCoroutine
import dev.gather.bridge.internal.TaskCoroutine
import dev.gather.future.AsyncStart
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import java.util.concurrent.Flow.Publisher
import java.util.stream.Stream
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration
import kotlinx.coroutines.flow.Flow as Values

/**
 * Lets callers in Java use suspend functions: a Kotlin library makes one, and writes each of its functions for Java as a
 * line that goes through it. What Java sees is a future, a task, a publisher, a stream or a value, and never a type of
 * Kotlin.
 *
 * ```
 * class UserClient(private val core: UserCore) : AutoCloseable {
 *     private val java = JavaDoor("users")
 *
 *     fun find(id: String): GatherFuture<User> = java.future { core.find(id) }
 *
 *     fun changes(): Flow.Publisher<Change> = java.publisher { core.changes() }
 *
 *     override fun close() = java.close()
 * }
 * ```
 *
 * It owns every call that is made through it: none outlives [close], and after that none begins.
 *
 * * **Threads:** a body runs on the dispatcher of [context], and so do its children. What hangs on a future runs on the
 *   thread that its coroutine has ended on, never on one that keeps the time.
 * * **What a call finds:** the context class loader of its caller, what the context of their coroutine puts into its
 *   threads if it is one that Gather knows and, where context-propagation is on the class path, the thread locals that are
 *   registered there, as they were at the call: in the body, after each suspension, and in
 *   all that it launches. The same for the permits of a [Limiter][dev.gather.Limiter] that its caller holds: it may borrow them.
 * * **What belongs to whom:** a call that the body of a task makes, in Java or Kotlin, or that of another call, is a part
 *   of that body, and so are gathers of the Java door that a call starts: they are cancelled with the body, which has
 *   ended when they have. A stream, or a subscription, ends with the body, or the launched coroutine, that has opened it. So a future that is to
 *   outlive a body, say in a cache, has to be asked for elsewhere.
 * * **Cancellation:** is that of the coroutine, which has to cooperate: each method says what cancels it.
 * * **Errors:** whoever waits gets what the body has thrown, the same instance. Where there is nobody left who could
 *   get it, it goes to the `CoroutineExceptionHandler` of [context], or to the thread's handler of uncaught exceptions.
 *
 * It is safe for use by many threads.
 *
 * @param name what it is called in messages
 * @param context what all bodies have in their context: a dispatcher, `Dispatchers.Default` if there is none; where there
 * is a job, that is the parent of them all: it closes the door when it is cancelled, and ends when the door has been closed
 * @param grace how long [close] waits at most for what it has cancelled; for ever, if nothing is said
 */
public class JavaDoor(
    name: String,
    context: CoroutineContext = Dispatchers.Default,
    private val grace: Duration = Duration.INFINITE,
) : AutoCloseable {
    init {
        require(grace >= Duration.ZERO) { "grace must not be negative, but was $grace" }
    }

    private val calls = Calls(name, context)

    /**
     * Runs the body as a coroutine that a future stands for.
     *
     * Cancelling the future, or any stage derived from it, and completing either from outside cancels the coroutine:
     * the future is done at once, and its [terminated][GatherFuture.terminated] when the coroutine has ended.
     *
     * @return a future that is complete when the coroutine and all that it has launched have ended: with the result, or
     * with what was thrown, the same instance
     * @throws IllegalStateException if the door is closed
     */
    public fun <T> future(body: suspend CoroutineScope.() -> T): GatherFuture<T> {
        val coroutine = FutureCoroutine<T>(calls)
        coroutine.begin(body)
        return coroutine.future
    }

    /**
     * Describes the body as a task, for a gather of Java: each run of that calls it once, under the limit, the deadline
     * and the limiter of that gather, and with what its caller has on their thread.
     *
     * It has ended when the coroutine has, and all that it has launched; a cancel of the task cancels the coroutine. A
     * gather that is run when the door is closed has an [IllegalStateException] as the failure of this task.
     *
     * @param name as for [Task.named]
     */
    public fun <T> task(
        name: String? = null,
        body: suspend CoroutineScope.() -> T,
    ): Task<T> {
        val task =
            Task.async(
                AsyncStart {
                    val coroutine = TaskCoroutine<T>(calls)
                    coroutine.beginTask(body)
                    coroutine.stage
                },
            )
        return if (name == null) task else task.named(name)
    }

    /**
     * Hands the values of a flow to subscribers, as Reactive Streams has it: each subscriber has a coroutine of its own
     * that collects the flow, and goes on when it has asked for more.
     *
     * `cancel` of the subscription cancels that coroutine. When it ends the subscriber hears `onComplete`, or `onError`
     * with what was thrown, the same instance. What a subscriber throws, which it must not, cancels its subscription.
     * One that comes when the door is closed hears `onError` with an [IllegalStateException].
     *
     * @param flow is called for each subscriber, in the coroutine
     */
    public fun <T : Any> publisher(flow: suspend CoroutineScope.() -> Values<T>): Publisher<T> =
        Publisher { subscriber -> FlowSubscription.subscribe(calls, subscriber, flow) }

    /**
     * Hands the values of a flow to a loop: each step asks for one value and waits for it. Nothing is collected before the
     * first, and nothing ahead.
     *
     * The stream has to be closed unless it is read to its end: that cancels the coroutine, and returns when it has ended;
     * it throws what the flow throws meanwhile. Where reading is interrupted the stream is closed, and throws a
     * [java.util.concurrent.CancellationException]; the interrupt flag is set.
     *
     * A thread of the door's own dispatcher reads in place, as with [blocking]. Where that cannot be known, reading throws
     * an [IllegalStateException] if the flow has had no thread for 5 seconds.
     *
     * @return a stream that throws what the flow throws, the same instance; it is read by one thread at a time
     * @throws IllegalStateException if the door is closed
     */
    public fun <T> stream(flow: suspend CoroutineScope.() -> Values<T>): Stream<T> =
        FlowReader<T>(calls).stream(flow)

    /**
     * Runs the body while the calling thread waits.
     *
     * An interrupt of that thread cancels the coroutine; this returns when it has ended, by throwing a
     * [java.util.concurrent.CancellationException], with the interrupt flag set, and with what the body has thrown meanwhile
     * suppressed.
     *
     * On a thread of the door's own dispatcher, which could wait for itself, the coroutine runs in place, also where it
     * names that dispatcher again. The thread is known to be
     * one where it runs a coroutine of Gather or what hangs on a call, or waits for one in the same way; where the
     * dispatcher is over an executor of the JDK, and has run a call there, or over a `ForkJoinPool`; where it is a main
     * dispatcher, or says that it need not dispatch; and for `Dispatchers.Default` and `Dispatchers.IO`.
     *
     * In the body of a coroutine it is cancelled with that, as nothing interrupts its thread, and throws a
     * [java.util.concurrent.CancellationException]; not in `NonCancellable`. A body in Java that has been cancelled, and interrupted,
     * may call it again to clean up.
     *
     * @return what the body returns, after the end of all that it has launched; it throws what the body throws, the same
     * instance
     * @throws IllegalStateException if the door is closed; and if the call has had no thread for 5 seconds, and the calling
     * thread, which is not known, may be one of the dispatcher, since it may then wait for itself: the body does not run. (It
     * may where it runs a coroutine, or a task of a pool; and if the dispatcher is none of kotlinx and over no executor of
     * the JDK, wherever it is, until a call has run on another thread; then where it runs something for that dispatcher.)
     */
    public fun <T> blocking(body: suspend CoroutineScope.() -> T): T = BlockingCoroutine<T>(calls).await(body)

    /**
     * Cancels all calls that are running, refuses new ones, and waits for the end of those for as long as [grace] says. A
     * second call waits as well.
     *
     * A call may close the door it has come in by, and so may whoever is told of its end: that waits for the others only. On
     * a thread of the door's own dispatcher, unless that is `Dispatchers.Default` or `IO`, it waits for nobody: they may need
     * that very thread. (With `Dispatchers.Unconfined` that is a thread that is just resuming an unconfined coroutine.) Where
     * it only may be one, the same if the dispatcher runs nothing for 5 seconds.
     * An interrupt ends the wait no sooner: what it waits for has been cancelled already. The flag is set afterwards.
     */
    override fun close() {
        close(grace)
    }

    /**
     * The same, with another grace.
     *
     * @param grace how long to wait at most
     */
    @JvmSynthetic
    public fun close(grace: Duration) {
        require(grace >= Duration.ZERO) { "grace must not be negative, but was $grace" }
        calls.close(grace)
    }

    /** Whether it has been closed, by whomever: no call begins any more. */
    public val isClosed: Boolean get() = calls.isClosed

    /** For people: its name. */
    override fun toString(): String = calls.toString()
}
