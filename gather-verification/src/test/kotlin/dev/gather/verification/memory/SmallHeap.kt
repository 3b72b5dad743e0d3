package dev.gather.verification.memory

import dev.gather.Completed
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.future.Gather
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.runBlocking
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription

private const val LIMIT = 100

/** A value of its own for each item: 10,000,000 of them would not fit into the heap. */
private fun numbers(n: Int): Iterable<Long> = Iterable { (0L until n).iterator() }

private fun squares(n: Int): Gather<Long> = Gather.each(numbers(n)) { number: Long -> number * number }.limit(LIMIT)

private fun sum(
    door: String,
    n: Int,
): Long {
    var sum = 0L
    when (door) {
        "stream" -> squares(n).stream().use { results -> results.forEach { sum += it.getOrThrow() } }

        "ordered" -> squares(n).ordered().stream().use { results -> results.forEach { sum += it.getOrThrow() } }

        "publisher" -> {
            val adder = Adder()
            squares(n).asCompleted().subscribe(adder)
            sum = adder.sum()
        }

        "flow" ->
            runBlocking(Dispatchers.Default) {
                numbers(n).gatherAsCompleted(LIMIT) { it * it }.collect { sum += it.getOrThrow() }
            }

        "flow in order" ->
            runBlocking(Dispatchers.Default) {
                numbers(n).asFlow().gather(LIMIT) { it * it }.collect { sum += it }
            }

        else -> error(door)
    }
    return sum
}

private class Adder : Subscriber<Completed<Long>> {
    private val result = CompletableFuture<Long>()
    private var subscription: Subscription? = null
    private var sum = 0L

    fun sum(): Long = result.join()

    override fun onSubscribe(subscription: Subscription) {
        this.subscription = subscription
        subscription.request(LIMIT.toLong())
    }

    override fun onNext(item: Completed<Long>) {
        sum += item.getOrThrow()
        subscription!!.request(1)
    }

    override fun onError(throwable: Throwable) {
        result.completeExceptionally(throwable)
    }

    override fun onComplete() {
        result.complete(sum)
    }
}

/** Prints the sum of so many squares, taken through a door as they come. */
fun main(args: Array<String>) {
    println(sum(args[0], args[1].toInt()))
}
