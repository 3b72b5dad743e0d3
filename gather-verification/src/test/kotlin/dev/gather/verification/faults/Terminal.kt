package dev.gather.verification.faults

import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.ExecutionException
import java.util.concurrent.Flow
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

internal const val PATIENCE = SECONDS

/** Every way to get the results of all tasks, as outcomes in input order. */
internal enum class Terminal {
    ALL {
        override fun outcomes(gather: Gather<Int>) = gather.all().inTime().map { Outcome.Success(it) }
    },
    AWAIT_OTHERS {
        override fun outcomes(gather: Gather<Int>) = ALL.outcomes(gather.onFailure(FailurePolicy.AWAIT_OTHERS))
    },
    SETTLED {
        override fun outcomes(gather: Gather<Int>) = gather.settled().inTime()
    },
    STREAM {
        override fun outcomes(gather: Gather<Int>) =
            inTime { gather.stream().use { results -> results.toList() } }.inInputOrder()
    },
    ORDERED_STREAM {
        override fun outcomes(gather: Gather<Int>) =
            inTime { gather.ordered().stream().use { results -> results.toList() } }
                .also { results ->
                    results.filter { it.outcome.isSuccess }.map { it.index }.let {
                        check(
                            it == it.sorted(),
                        )
                    }
                }.inInputOrder()
    },
    AS_COMPLETED {
        override fun outcomes(gather: Gather<Int>) = Collected(gather, Long.MAX_VALUE).all().inInputOrder()
    },
    ONE_BY_ONE {
        override fun outcomes(gather: Gather<Int>) = Collected(gather, 1).all().inInputOrder()
    },
    ;

    abstract fun outcomes(gather: Gather<Int>): List<Outcome<Int>>

    /** Whether tasks wait for somebody to take the results. */
    val isRead: Boolean get() = this == STREAM || this == ORDERED_STREAM || this == ONE_BY_ONE

    /**
     * Whether results hold their places until they have been handed out: a worker that finds none leaves its thread,
     * and somebody who takes his time with one result may so empty the executor.
     */
    val isHandedOut: Boolean get() = isRead || this == AS_COMPLETED

    private companion object {
        fun List<Completed<Int>>.inInputOrder() = sortedBy { it.index }.map { it.outcome }
    }
}

/** Waits for the result; a gather that does not come to its end is cancelled, so that the next test is alone. */
internal fun <R> GatherFuture<R>.inTime(): R =
    try {
        soon()
    } catch (e: TimeoutException) {
        val state = toString()
        cancel(true)
        throw AssertionError("it never completes: $state", e)
    }

/** What the failure was that a gather ended with. */
internal fun GatherFuture<*>.failure(): Throwable =
    try {
        throw AssertionError("it has a result: ${inTime()}")
    } catch (e: ExecutionException) {
        checkNotNull(e.cause)
    }

/** Requests so many results at first, and as many again whenever that many have come. */
internal class Collected(
    gather: Gather<Int>,
    private val batch: Long,
    private val heard: (Completed<Int>) -> Unit = {},
) : Flow.Subscriber<Completed<Int>> {
    private val subscribed = CompletableFuture<Flow.Subscription>()
    private val results = ConcurrentLinkedQueue<Completed<Int>>()
    private val end = CompletableFuture<Unit>()
    private var left = batch // signals come one after another

    val subscription: Flow.Subscription get() = subscribed.soon()

    init {
        gather.asCompleted().subscribe(this)
    }

    fun all(): List<Completed<Int>> {
        try {
            end.get(PATIENCE, TimeUnit.SECONDS)
        } catch (e: TimeoutException) {
            subscription.cancel()
            throw AssertionError("it never completes, after ${results.size} results", e)
        }
        return results.toList()
    }

    override fun onSubscribe(subscription: Flow.Subscription) {
        subscribed.complete(subscription)
        subscription.request(batch)
    }

    override fun onNext(item: Completed<Int>) {
        results.add(item)
        heard(item)
        if (--left == 0L) {
            left = batch
            subscription.request(batch)
        }
    }

    override fun onError(throwable: Throwable) {
        end.completeExceptionally(throwable)
    }

    override fun onComplete() {
        end.complete(Unit)
    }
}
