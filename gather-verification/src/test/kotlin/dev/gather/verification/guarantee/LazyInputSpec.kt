package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.UNLIMITED
import dev.gather.coroutines.gather
import dev.gather.future.Gather
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.lang.reflect.Proxy
import java.time.Duration
import java.util.AbstractCollection
import java.util.AbstractList
import java.util.Arrays
import java.util.LinkedList
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/** A lazy input whose every step can be watched or broken. */
private class Input<A>(
    private val items: Iterator<A>,
    private val onNext: (Int) -> Unit = {},
    private val onHasNext: (Int) -> Unit = {},
    private val onIterator: () -> Unit = {},
) : Iterable<A> {
    val readers = Gauge()
    val pulled = AtomicInteger()

    private inline fun <R> reading(step: () -> R): R {
        readers.enter()
        try {
            return step()
        } finally {
            readers.exit()
        }
    }

    override fun iterator(): Iterator<A> =
        reading {
            onIterator()
            object : Iterator<A> {
                override fun hasNext() =
                    reading {
                        onHasNext(pulled.get())
                        items.hasNext()
                    }

                override fun next() =
                    reading {
                        onNext(pulled.get())
                        pulled.incrementAndGet()
                        items.next()
                    }
            }
        }
}

/** A list of somebody else's; a view of it is a class of java.util. */
private class Computed(
    override val size: Int,
    private val element: (Int) -> Int,
) : AbstractList<Int>(),
    RandomAccess {
    override fun get(index: Int) = element(index)
}

private fun numbers() = generateSequence(0) { it + 1 }.iterator()

/** What a stubborn reader does: it waits although it is interrupted. */
private fun <T> CompletableFuture<T>.insist(): T {
    while (true) {
        try {
            return soon()
        } catch (_: InterruptedException) {
            // goes on waiting
        }
    }
}

private fun quick(
    i: Int,
    gauge: Gauge,
) = Piece<Int>().measuredBy(gauge).also { piece ->
    if (i % 8 == 0) ForkJoinPool.commonPool().execute { piece.returns(i) } else piece.returns(i)
}

class LazyInputSpec :
    BothDoors({
        every("with a limit of 2 the third item is read when the first task has ended, and no sooner") { door ->
            val pieces = List(5) { Piece<Int>() }
            val input = Input(pieces.iterator())
            val running = door.each(input, How(limit = 2)) { it }
            for (i in pieces.indices) {
                pieces.take(i + 2).forEach { it.started.soon() }
                door.letThingsHappen()
                input.pulled.get() shouldBe minOf(i + 2, 5)
                pieces[i].returns(i)
            }
            running.end() shouldBe End.Value(listOf(0, 1, 2, 3, 4))
        }

        for (limit in listOf(1, 2, 16, 1_000)) {
            every("100,000 items with a limit of $limit run once each, in order, never read too far ahead") { door ->
                val gauge = Gauge()
                var furthest = 0
                val input =
                    Input(
                        (0 until 100_000).iterator(),
                        onNext = { pulled -> furthest = maxOf(furthest, pulled + 1 - gauge.exited) },
                    )
                val running = door.each(input, How(limit = limit)) { quick(it, gauge) }
                running.end() shouldBe End.Value(List(100_000) { it })
                furthest shouldBeLessThanOrEqual limit
                gauge.max shouldBeLessThanOrEqual limit
                input.readers.max shouldBe 1
                input.pulled.get() shouldBe 100_000
            }
        }

        every("without a limit items are read by one thread at a time, once each and in order") { door ->
            val input = Input((0 until 5_000).iterator())
            val running = door.each(input) { quick(it, Gauge()) }
            running.end() shouldBe End.Value(List(5_000) { it })
            input.readers.max shouldBe 1
        }

        every("a limit that is larger than the input changes nothing") { door ->
            val input = Input((0 until 5).iterator())
            door.each(input, How(limit = 6)) { value(it) }.end() shouldBe End.Value(listOf(0, 1, 2, 3, 4))
        }

        for (limit in listOf(1, 16)) {
            every("an infinite input with a limit of $limit ends when it is cancelled, and is read no more") { door ->
                val gauge = Gauge()
                val enough = CompletableFuture<Unit>()
                val input = Input(numbers(), onNext = { if (it == 1_000) enough.complete(Unit) })
                val running = door.each(input, How(limit = limit)) { quick(it, gauge) }
                enough.soon()
                running.cancel()
                running.end() shouldBe End.Cancelled
                running.awaitTerminated()
                val pulled = input.pulled.get()
                door.letThingsHappen()
                input.pulled.get() shouldBe pulled
            }
        }

        every("an infinite input ends at the first failure") { door ->
            val error = IOException()
            val input = Input(numbers())
            val running = door.each(input, How(limit = 4)) { if (it == 1_000) failure<Int>(error) else value(it) }
            (running.end() as End.Failed).cause shouldBeSameInstanceAs error
            running.awaitTerminated()
            val pulled = input.pulled.get()
            door.letThingsHappen()
            input.pulled.get() shouldBe pulled
        }

        // ---- an input that throws

        for (place in listOf("iterator()", "hasNext()", "next()")) {
            for (limit in listOf(4, UNLIMITED)) {
                val modes = FailurePolicy.entries.map { "$it" } + "settled"
                for (mode in modes) {
                    every(
                        "a throw in $place fails the gather after what had started has been cancelled and has ended " +
                            "($mode, ${if (limit == UNLIMITED) "no limit" else "limit $limit"})",
                    ) { door ->
                        val error = IOException()
                        val before = if (place == "iterator()") 0 else 3
                        val pieces = List(before) { Piece<Int>().cleaningUp() }

                        fun breaks(at: Int) {
                            if (at < before) return
                            pieces.forEach { it.started.insist() }
                            throw error
                        }
                        val input =
                            Input(
                                (pieces + Piece()).iterator(),
                                onIterator = { if (place == "iterator()") breaks(0) },
                                onHasNext = { if (place == "hasNext()") breaks(it) },
                                onNext = { if (place == "next()") breaks(it) },
                            )
                        val running: Running<*> =
                            if (mode == "settled") {
                                door.eachSettled(input, How(limit = limit)) { it }
                            } else {
                                val how = How(limit = limit, onFailure = FailurePolicy.valueOf(mode))
                                door.each(input, how) { it }
                            }
                        pieces.forEach { it.noticed.soon() }
                        if (before > 0) {
                            door.letThingsHappen()
                            running.isDone shouldBe false
                        }
                        pieces.forEach { it.finishCleanup() }
                        val end = running.end() as End.Failed
                        end.cause shouldBeSameInstanceAs error
                        (end.thrown as? GatherException)?.index() shouldBe (if (door is AnyJavaDoor) -1 else null)
                        pieces.count { it.isRunning } shouldBe 0
                        val reads = input.readers.exited
                        door.letThingsHappen()
                        input.readers.exited shouldBe reads
                    }
                }
            }
        }

        both("what an input throws after a task has failed is not lost") { door ->
            val first = IOException("task")
            val second = IOException("input")
            val heard = Heard()
            val input =
                Input(
                    listOf(failure<Int>(first), value(1)).iterator(),
                    onHasNext = { if (it == 2) throw second },
                )
            val how = How(limit = 1, onFailure = FailurePolicy.AWAIT_OTHERS, listener = heard)
            val end = door.each(input, how) { it }.end() as End.Failed
            end.cause shouldBeSameInstanceAs first
            end.thrown.suppressed.single() shouldBeSameInstanceAs second
            heard.soonDropped() shouldBe (-1 to second)
        }

        both("an iterable whose iterator() returns null fails the gather, and says so") { door ->
            val type = arrayOf(Iterable::class.java)

            @Suppress("UNCHECKED_CAST")
            val input = Proxy.newProxyInstance(javaClass.classLoader, type) { _, _, _ -> null } as Iterable<Int>
            val end = door.each(input) { value(it) }.end() as End.Failed
            end.cause.shouldBeInstanceOf<NullPointerException>()
            end.cause.message!!.contains("must not return null") shouldBe true
        }

        for (limit in listOf(1, 4)) {
            both(
                "a throw of a random access list fails the gather as that of an iterator does (limit $limit)",
            ) { door ->
                val error = IllegalStateException()
                val items = Computed(6) { if (it == 4) throw error else it }
                val end = door.each(items.subList(0, 6), How(limit = limit)) { value(it) }.end() as End.Failed
                end.cause shouldBeSameInstanceAs error
            }
        }

        for (kind in Changing.entries) {
            for (limit in listOf(1, 4)) {
                both(
                    "a collection is read at the call, and what changes it later changes nothing: $kind, limit $limit",
                ) { door ->
                    val items = kind.of((0 until 16).toList())
                    val gone = AtomicBoolean()
                    val running =
                        door.each(items, How(limit = limit)) {
                            if (it == 3) {
                                kind.change(items)
                                gone.set(true)
                            }
                            while (it > 3 && !gone.get()) Thread.onSpinWait() // or all could be taken by then
                            value(it)
                        }
                    running.end() shouldBe End.Value((0 until 16).toList())
                }
            }

            test("each run of a description reads what is in the collection then: $kind (Java)") {
                val items = kind.of((0 until 4).toList())
                val gather = Gather.each(items) { item: Int -> item }
                gather.all().soon() shouldBe listOf(0, 1, 2, 3)
                kind.change(items)
                gather.all().soon() shouldBe items.toList()
            }
        }

        both("a view of somebody else's list is read by one thread at a time") { door ->
            val readers = Gauge()
            val items =
                Computed(5_000) {
                    readers.enter()
                    readers.exit()
                    it
                }
            val view = items.subList(0, 5_000)
            door.each(view) { value(it) }.end() shouldBe End.Value(List(5_000) { it })
            readers.max shouldBe 1
        }

        both("an input that throws a CancellationException is a failure and no cancelled gather") { door ->
            val error = CancellationException("from the input")
            for (at in listOf(0, 2)) {
                val input = Input(numbers(), onNext = { if (it == at) throw error })
                (door.each(input) { value(it) }.end() as End.Failed).cause shouldBeSameInstanceAs error
                val again = Input(numbers(), onHasNext = { if (it == at) throw error })
                (door.eachSettled(again) { value(it) }.end() as End.Failed).cause shouldBeSameInstanceAs error
            }
        }

        both("a collection that is wrong about its size is read to its real end") { door ->
            for (said in listOf(1, 5, 2_000, Int.MAX_VALUE, -1)) {
                val items =
                    object : AbstractCollection<Int>() {
                        override val size = said

                        override fun isEmpty() = false

                        override fun iterator() = (0 until 1_500).toMutableList().iterator()
                    }
                door.each(items, How(limit = 2)) { value(it) }.end() shouldBe End.Value(List(1_500) { it })
            }
        }

        both("5,000 items of a lazy input are settled, each in its place") { door ->
            val errors = List(5_000) { IOException("$it") }
            val input = Input((0 until 5_000).iterator())
            val end = door.eachSettled(input, How(limit = 16)) { if (it % 3 == 0) failure(errors[it]) else value(it) }
            (end.end() as End.Value).value shouldBe
                List(5_000) { if (it % 3 == 0) Outcome.Failure(errors[it]) else Outcome.Success(it) }
        }

        // ---- an item that arrives too late

        for (reason in listOf("another task has failed", "LEAVE_OTHERS has left the others", "it was cancelled")) {
            every("an item that was being read when $reason never starts") { door ->
                val goOn = CompletableFuture<Unit>()
                val readingThird = CompletableFuture<Unit>()
                val pieces = List(4) { Piece<Int>("$it") }
                val heard = Heard(total = pieces.size)
                val input =
                    Input(
                        pieces.iterator(),
                        onNext = {
                            if (it == 3) {
                                readingThird.complete(Unit)
                                goOn.insist()
                            }
                        },
                    )
                val isLeaving = reason.startsWith("LEAVE")
                val policy = if (isLeaving) FailurePolicy.LEAVE_OTHERS else FailurePolicy.CANCEL_OTHERS
                val running = door.each(input, How(limit = 3, onFailure = policy, listener = heard)) { it }
                pieces.take(3).forEach { it.started.soon() }
                pieces[0].returns(0)
                readingThird.soon()
                if (reason == "it was cancelled") running.cancel() else pieces[1].throws(IOException())
                if (isLeaving) running.end() else pieces[2].noticed.soon()
                goOn.complete(Unit)
                if (isLeaving) pieces[2].returns(2)
                running.end()
                pieces[2].ended.soon()
                running.awaitTerminated()
                heard.all.soon() // what LEAVE_OTHERS has left may be reading still
                pieces[3].timesRun shouldBe 0
                heard.starts.count { it == 3 } shouldBe 0
                heard.ends.count { it.first == 3 } shouldBe 1
            }
        }

        // ---- an input that blocks

        for (reason in listOf("a cancel", "a deadline", "a failure", "a failure that leaves the others")) {
            test("an input that blocks for ever is interrupted by $reason (Java)") {
                val reading = CompletableFuture<Unit>()
                val interrupted = CompletableFuture<Unit>()
                val never = CompletableFuture<Unit>()
                val input =
                    Input(
                        numbers(),
                        onNext = {
                            if (it == 1) {
                                reading.complete(Unit)
                                try {
                                    never.get()
                                } catch (e: InterruptedException) {
                                    interrupted.complete(Unit)
                                    throw e
                                }
                            }
                        },
                    )
                val error = IOException()
                val piece = Piece<Int>()
                var gather = Gather.each(input) { _: Int -> piece.block() }
                if (reason == "a deadline") gather = gather.timeout(Duration.ofMillis(50))
                if (reason.endsWith("others")) gather = gather.onFailure(FailurePolicy.LEAVE_OTHERS)
                val future = gather.all()
                reading.soon()
                piece.started.soon()
                if (reason == "a cancel") future.cancel(true)
                if (reason.startsWith("a failure")) piece.throws(error)
                interrupted.soon()
                future.terminated().soon()
                when (val end = JavaRunning(future).end()) {
                    is End.Failed -> if (reason.startsWith("a failure")) end.cause shouldBeSameInstanceAs error
                    else -> end shouldBe End.Cancelled
                }
            }
        }

        test("an input that leaves its thread interrupted does not interrupt the bodies (Java)") {
            val done = Piece<Int>().returns(1)
            val input = Input((0 until 50).iterator(), onNext = { Thread.currentThread().interrupt() })
            Gather
                .each(input) { _: Int ->
                    check(!Thread.currentThread().isInterrupted)
                    done.block()
                }.limit(2)
                .all()
                .soon() shouldBe List(50) { 1 }
        }

        test("an input may be read on the thread of a single-threaded caller while it is cancelled (Kotlin)") {
            runBlocking {
                val input = Input(numbers())
                val job =
                    launch(Dispatchers.Unconfined) {
                        input.gather(limit = 1) { if (it == 1_000) coroutineContext[Job]!!.cancel() }
                    }
                job.join()
                input.pulled.get() shouldBeLessThanOrEqual 1_002
            }
        }
    })

/** Collections that somebody changes while a gather of their elements runs. */
private enum class Changing {
    ARRAY_LIST {
        override fun of(items: List<Int>) = ArrayList(items)
    },
    ARRAY {
        override fun of(items: List<Int>): MutableCollection<Int> = Arrays.asList(*items.toTypedArray())

        override fun change(items: MutableCollection<Int>) {
            (items as MutableList<Int>).replaceAll { -1 }
        }
    },
    LINKED_LIST {
        override fun of(items: List<Int>) = LinkedList(items)
    },
    SET {
        override fun of(items: List<Int>) = LinkedHashSet(items)
    },
    VIEW {
        override fun of(items: List<Int>) = ArrayList(items).subList(0, items.size)
    },
    ;

    abstract fun of(items: List<Int>): MutableCollection<Int>

    open fun change(items: MutableCollection<Int>) = items.clear()
}
