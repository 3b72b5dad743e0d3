package dev.gather.bridge

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean

/** Threads that belong to a dispatcher beneath that of a door, or that a pool lends to it. */
class UnknownThreadSpec :
    FunSpec({
        /** What a thread is told that waits for a call of the door, in whatever that executor has given to it. */
        fun told(
            door: JavaDoor,
            executor: Executor,
        ): CompletableFuture<Throwable?> {
            val thrown = CompletableFuture<Throwable?>()
            executor.execute { thrown.complete(runCatching { door.blocking { } }.exceptionOrNull()) }
            return thrown
        }

        test("the thread beneath a view, or that of an event loop that has run a call, is told; it never hangs") {
            val beneath = listOf<Executor>(Executors.newSingleThreadExecutor(), Loop(), Loop())
            val dispatchers = beneath.map { it.asCoroutineDispatcher() }
            val calls =
                dispatchers.flatMapIndexed { index, dispatcher ->
                    val place = if (index == 2) dispatcher else dispatcher.limitedParallelism(1)
                    val doors = List(2) { JavaDoor("beneath", place) }
                    if (index > 0) doors[1].future { 1 }.soon()
                    doors.map { told(it, beneath[index]) }
                }
            calls.forEach { it.soon().shouldBeInstanceOf<IllegalStateException>() }
            dispatchers.forEach { it.closeWithExecutor() }
        }

        test("so is one of several that run things in turn, where the first that has run a call is busy") {
            val goOn = CompletableFuture<Unit>()
            val (executor, beneath) = List(2) { InTurn() }
            val calls =
                mapOf(executor to executor.asCoroutineDispatcher(), beneath to HandMadeDispatcher(beneath))
                    .map { (inTurn, dispatcher) ->
                        val door = JavaDoor("in turn", dispatcher)
                        door.future { 1 }.soon()
                        inTurn.pool.execute { goOn.get() }
                        inTurn.grow()
                        inTurn to told(door, inTurn)
                    }
            try {
                for ((_, call) in calls) call.soon().shouldBeInstanceOf<IllegalStateException>()
            } finally {
                goOn.complete(Unit)
                calls.forEach { (inTurn) -> inTurn.close() }
            }
        }

        for (first in listOf("future", "blocking")) {
            test("what an executor runs one after the other stays so, on whichever thread of a pool a $first has run") {
                InTurn().use { inTurn ->
                    JavaDoor("in turn", inTurn.asCoroutineDispatcher()).use { inner ->
                        val pooled =
                            when (first) {
                                "future" -> inner.future { Thread.currentThread() }.soon()
                                else -> inner.blocking { Thread.currentThread() }
                            }
                        val isRunning = Signal()
                        val hasEnded = AtomicBoolean()
                        val hasBegun = Signal() // before there is another thread
                        val beside =
                            inTurn.pool.submit<Boolean> {
                                hasBegun.come()
                                isRunning.soon()
                                inner.blocking { hasEnded.get() }
                            }
                        hasBegun.soon()
                        inTurn.grow()
                        inTurn.execute {
                            isRunning.come()
                            while (!beside.isDone && pooled.state !in WAITING) Thread.onSpinWait()
                            hasEnded.set(true)
                        }
                        beside.soon() shouldBe true
                    }
                }
            }
        }

        test(
            "a thread that has made a call, and had to run it since its executor was full, does not become the dispatcher's",
        ) {
            val full = ThreadPoolExecutor.CallerRunsPolicy()
            val pool = ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, ArrayBlockingQueue(1), full)
            val goOn = CompletableFuture<Unit>()
            repeat(2) { pool.execute { goOn.get() } }
            try {
                val door = JavaDoor("full", pool.asCoroutineDispatcher())
                val caller = Thread.currentThread()
                door.future { Thread.currentThread() }.soon() shouldBe caller
                door.blocking { Thread.currentThread() } shouldBe caller
                goOn.complete(Unit)
                while (pool.queue.isNotEmpty()) Thread.onSpinWait()
                door.blocking { Thread.currentThread() } shouldNotBe caller
            } finally {
                goOn.complete(Unit)
                pool.shutdown()
            }
        }

        test("a thread on which a launched coroutine was told to begin does not become the dispatcher's") {
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { single ->
                Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { other ->
                    JavaDoor("single", single).use { door ->
                        door
                            .future {
                                withContext(other) { launch(single, start = CoroutineStart.UNDISPATCHED) { } }
                            }.soon()
                        val own = door.future { Thread.currentThread() }.soon()
                        val call = CompletableFuture<Thread>()
                        other.executor.execute { call.complete(door.blocking { Thread.currentThread() }) }
                        call.soon() shouldBe own
                    }
                }
            }
        }
    })

private val WAITING = setOf(Thread.State.WAITING, Thread.State.TIMED_WAITING)
