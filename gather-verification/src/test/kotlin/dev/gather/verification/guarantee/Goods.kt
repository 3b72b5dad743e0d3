package dev.gather.verification.guarantee

import io.kotest.assertions.withClue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit

/** A value that somebody has to close. */
data class Goods(
    val id: Int,
)

/** Knows which goods there are, and which have come back. */
class Store {
    val made = ConcurrentLinkedQueue<Int>()
    private val back = ConcurrentLinkedQueue<Int>()
    private val makings = Semaphore(0)
    private val releases = Semaphore(0)
    private val two = CountDownLatch(2)

    /** In the order in which they came. */
    val released: List<Int> get() = back.toList()

    fun make(id: Int): Goods {
        made += id
        makings.release()
        return Goods(id)
    }

    fun release(goods: Goods) {
        back += goods.id
        releases.release()
    }

    fun awaitMade(count: Int) = await(makings, count)

    fun awaitReleased(count: Int) = await(releases, count)

    private fun await(
        permits: Semaphore,
        count: Int,
    ) {
        check(permits.tryAcquire(count, SECONDS, TimeUnit.SECONDS)) { "made $made, released $back" }
        permits.release(count)
    }

    /** Two bodies wait for each other. */
    fun bothAreThere() {
        two.countDown()
        check(two.await(SECONDS, TimeUnit.SECONDS))
    }

    fun everyOneIsEither(delivered: List<Int>) {
        withClue("made $made, delivered $delivered, released $back") {
            (delivered + back) shouldContainExactlyInAnyOrder made.toList()
            delivered.intersect(back.toSet()).shouldBeEmpty()
        }
    }
}

/** A body that takes no notice of interrupts until it may go. */
class Stubborn(
    private val store: Store,
    bodies: Int = 2,
) {
    val begun = CountDownLatch(bodies)
    val interrupted = CompletableFuture<Unit>()
    private val may = CountDownLatch(1)

    fun go() = may.countDown()

    fun call(id: Int): Goods {
        begun.countDown()
        while (true) {
            try {
                may.await()
                return store.make(id)
            } catch (_: InterruptedException) {
                interrupted.complete(Unit)
            }
        }
    }
}
