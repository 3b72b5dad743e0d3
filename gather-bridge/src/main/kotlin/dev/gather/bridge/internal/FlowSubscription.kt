package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.threads.Inside
import kotlinx.coroutines.CoroutineScope
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import kotlin.coroutines.cancellation.CancellationException
import kotlinx.coroutines.flow.Flow as Values

/** A call that hands the values of a flow to a subscriber, each when it has asked for it. */
internal class FlowSubscription<T : Any>(
    calls: Calls,
    private val subscriber: Subscriber<in T>,
    private val flow: suspend CoroutineScope.() -> Values<T>,
) : DoorCoroutine<Unit>(calls, calls.surroundings()),
    Subscription {
    private val demand = Demand()

    /** Nothing is signalled any more: the subscriber does not want to hear, or has thrown. */
    @Volatile private var isSilent = false

    /** The subscriber hears of the subscription before anything else, and may have cancelled it then. */
    fun begin() {
        signal { subscriber.onSubscribe(this) }
        begin {
            flow().collect {
                demand.awaitOne()
                Coroutines.leaveTimer() // where an unconfined flow may come from
                signal { subscriber.onNext(it) }
            }
        }
    }

    override fun request(n: Long) {
        if (n > 0) return demand.add(n)
        cancel(Asked("rule 3.9 of Reactive Streams: n must be at least 1, but was $n"))
    }

    override fun cancel() {
        isSilent = true
        cancel(CancellationException("the subscriber has cancelled its subscription"))
    }

    override fun cancelByOwner() = cancel(CancelledWithBody())

    /** Nobody may ever read it to its end. */
    override fun endsWithBody(): Boolean = true

    override fun succeeded(value: Unit) {
        tellOver()
        asCallerDoes { signal { subscriber.onComplete() } }
    }

    override fun failed(error: Throwable): Boolean {
        tellOver()
        if (isSilent) return error is CancellationException
        asCallerDoes { signal { subscriber.onError((error as? Asked)?.cause ?: error) } }
        return true
    }

    /** Code of a user, which is no part of the flow. */
    private fun signal(action: () -> Unit) {
        if (isSilent) return
        Inside.run(this) {
            try {
                action()
            } catch (e: Throwable) {
                // A subscriber must not throw, and one that does is as good as gone.
                cancel()
                report(e)
            }
        }
    }

    companion object {
        /** A subscriber hears of all that goes wrong, after a subscription. */
        fun <T : Any> subscribe(
            calls: Calls,
            subscriber: Subscriber<in T>,
            flow: suspend CoroutineScope.() -> Values<T>,
        ) {
            val subscription =
                try {
                    FlowSubscription(calls, subscriber, flow)
                } catch (e: IllegalStateException) {
                    subscriber.onSubscribe(Refused)
                    return subscriber.onError(e)
                }
            subscription.begin()
        }
    }

    private object Refused : Subscription {
        override fun request(n: Long) {}

        override fun cancel() {}
    }

    /** What a subscriber must not ask for: it ends the flow as any other cancel, and is what the subscriber hears. */
    private class Asked(
        message: String,
    ) : CancellationException(message) {
        override val cause = IllegalArgumentException(message)
    }
}
