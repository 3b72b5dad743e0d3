package dev.gather.verification.faults

import dev.gather.Completed
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import dev.gather.verification.guarantee.LONG
import dev.gather.verification.guarantee.SHORT
import dev.gather.verification.guarantee.soon
import dev.gather.verification.race.patiently
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.stream.Stream
import kotlin.time.Duration.Companion.seconds

/** Whoever closes a scope or a stream from inside of a gather waits for the other gathers, and never for himself. */
class CloseFromInsideSpec :
    FunSpec({
        timeout = (5 * PATIENCE).seconds.inWholeMilliseconds

        for (place in Place.entries) {
            test("$place closes the scope, and waits for the other gather only") {
                val scope = GatherScope()
                val other = Neighbour(scope)
                val closed = CompletableFuture<Boolean>()
                val end = place.start(scope) {
                    scope.close()
                    closed.complete(other.hasEnded)
                }
                other.mayEndWhen { scope.isClosed }
                closed.soon() shouldBe true
                end.soon()
                other.future.terminated().soon()
            }

            test("$place closes the scope while, in another gather, somebody else closes it, too") {
                for (second in Place.entries) {
                    val scope = GatherScope()
                    val meet = CyclicBarrier(2)
                    val closed = List(2) { CompletableFuture<Unit>() }
                    val ends = listOf(place, second).mapIndexed { i, each ->
                        each.start(scope) {
                            meet.await(PATIENCE, TimeUnit.SECONDS)
                            scope.close()
                            closed[i].complete(Unit)
                        }
                    }
                    withClue(second) {
                        closed.forEach { it.soon() }
                        ends.forEach { it.soon() }
                    }
                }
            }
        }

        test("three tasks of three gathers of one scope close it at the same time, while a fourth gather runs") {
            val scope = GatherScope()
            val other = Neighbour(scope)
            val meet = CyclicBarrier(3)
            val closed = List(3) { i ->
                val done = CompletableFuture<Boolean>()
                val body =
                    Task.of {
                        meet.await(PATIENCE, TimeUnit.SECONDS)
                        scope.close()
                        done.complete(other.hasEnded)
                    }
                Gather
                    .of(body)
                    .scope(scope)
                    .name("closer $i")
                    .all()
                done
            }
            other.mayEndWhen { scope.isClosed }
            closed.map { it.soon() } shouldBe List(3) { true }
        }

        test("two tasks of one gather close its scope at the same time") {
            val scope = GatherScope()
            val meet = CyclicBarrier(2)
            val body = Task.of {
                meet.await(PATIENCE, TimeUnit.SECONDS)
                scope.close()
            }
            val again = Task.of {
                meet.await(PATIENCE, TimeUnit.SECONDS)
                scope.close()
            }
            val future = Gather.of(body, again).scope(scope).settled()
            future.terminated().soon()
        }

        test("a task closes the scope of an outer gather, in which it is by a gather of its own") {
            val scope = GatherScope()
            val closed = CompletableFuture<Unit>()
            val inner = Task.of { scope.close().let { closed.complete(Unit) } }
            val outer = Task.of { Gather.of(inner).all().soon() }
            val future = Gather.of(outer).scope(scope).settled()
            closed.soon()
            future.terminated().soon()
        }

        test("a dependent that runs inside the cancel that a body calls closes the scope") {
            for (how in listOf(true, false)) {
                val scope = GatherScope()
                val self = CompletableFuture<GatherFuture<*>>()
                val never = CompletableFuture<Int>()
                val body =
                    Task.of {
                        val future = self.soon()
                        if (how) future.cancel(true) else future.thenApply { it }.cancel(true)
                    }
                val future = Gather.of<Any>(listOf(body, Task.of { never.get() })).scope(scope).all()
                val closed = future.handle { _, _ -> scope.close() }
                self.complete(future)
                closed.soon()
                future.terminated().soon()
            }
        }

        test("a body cancels another gather, whose dependent closes the scope of both") {
            val scope = GatherScope()
            val never = CompletableFuture<Int>()
            val started = CompletableFuture<Unit>()
            val other = Gather.of(Task.of { started.complete(Unit).let { never.get() } }).scope(scope).all()
            val closed = other.handle { _, _ -> scope.close() }
            started.soon()
            val future = Gather.of(Task.of { other.cancel(true) }).scope(scope).all()
            closed.soon()
            future.terminated().soon()
        }

        // ---- streams

        for (on in listOf("onStart", "onEnd")) {
            for (source in Source.entries) {
                test("a stream of $source is closed in its listener's $on") {
                    val stream = CompletableFuture<Stream<Completed<Int>>>()
                    val closed = CompletableFuture<Unit>()
                    val once = AtomicBoolean()
                    val close = { _: Int ->
                        if (once.compareAndSet(false, true)) {
                            stream.soon().close()
                            closed.complete(Unit)
                        }
                    }
                    val listener = if (on == "onStart") onStart(close) else onEnd(close)
                    val results = source
                        .gather()
                        .limit(4)
                        .listener(listener)
                        .stream()
                    stream.complete(results)
                    val read = CompletableFuture.supplyAsync { runCatching { results.toList() } }
                    closed.soon()
                    read.soon()
                }
            }
        }

        test("a stream is closed in a body, and in a hook") {
            for (inHook in listOf(true, false)) {
                val stream = CompletableFuture<Stream<Completed<Int>>>()
                val closed = CompletableFuture<Unit>()
                val close = { stream.soon().close().let { closed.complete(Unit) } }
                val never = CompletableFuture<Int>()
                val task = Task.of { if (inHook) never.get() else close().let { 1 } }.onCancel { if (inHook) close() }
                val results = Gather.of(task.timeout(if (inHook) SHORT else LONG)).stream()
                stream.complete(results)
                val read = CompletableFuture.supplyAsync { runCatching { results.toList() } }
                closed.soon()
                read.soon()
            }
        }
    })

/** Another gather of the same scope, which takes its time to end. */
private class Neighbour(
    scope: GatherScope,
) {
    private val started = CompletableFuture<Unit>()
    private val mayEnd = CompletableFuture<Unit>()
    private val ended = AtomicBoolean()

    val hasEnded: Boolean get() = ended.get()

    val future: GatherFuture<*> = Gather
        .of(
            Task.of {
                started.complete(Unit)
                try {
                    CompletableFuture<Int>().get()
                } finally {
                    Thread.interrupted()
                    mayEnd.soon()
                    ended.set(true)
                }
            },
        ).scope(scope)
        .all()

    init {
        started.soon()
    }

    fun mayEndWhen(condition: () -> Boolean) {
        patiently("the close", until = condition)
        mayEnd.complete(Unit)
    }
}

/** Where a scope is closed from. */
private enum class Place {
    A_BODY {
        override fun gather(act: () -> Unit) = Gather.of(Task.of { act().let { 1 } })
    },
    A_BODY_OF_A_STAGE {
        override fun gather(act: () -> Unit) =
            Gather.of(
                Task.async {
                    act()
                    CompletableFuture.completedFuture(1)
                },
            )
    },
    ON_START {
        override fun gather(act: () -> Unit) = Gather.of(Task.of { 1 }).listener(onStart { act() })
    },
    ON_END {
        override fun gather(act: () -> Unit) = Gather.of(Task.of { 1 }).listener(onEnd { act() })
    },
    ON_DROPPED {
        override fun gather(act: () -> Unit) =
            Gather
                .of(blocking().onCancel { error("the hook") })
                .timeout(SHORT)
                .listener(onDropped { act() })
    },
    A_HOOK {
        override fun gather(act: () -> Unit) =
            Gather.of(blocking().onCancel(act).timeout(SHORT))
    },
    AN_INPUT {
        override fun gather(
            act: () -> Unit,
        ) = Gather.each(Iterable { act().let { listOf(1).iterator() } }) { it }.limit(1)
    },
    ON_NEXT {
        override fun gather(act: () -> Unit) = Gather.of(Task.of { 1 })

        override fun start(
            scope: GatherScope,
            act: () -> Unit,
        ): CompletableFuture<*> {
            val collected = Collected(gather(act).scope(scope), Long.MAX_VALUE) { act() }
            return CompletableFuture.supplyAsync { runCatching { collected.all() } }
        }
    },
    A_DEPENDENT_OF_A_STAGE {
        override fun gather(act: () -> Unit): Gather<Int> {
            val stage = CompletableFuture<Int>()
            stage.thenRun(act)
            return Gather.of(Task.async { stage.also { it.completeAsync({ 1 }, { Thread(it).start() }) } })
        }
    },
    ;

    abstract fun gather(act: () -> Unit): Gather<Int>

    /** Gives the end of the gather. */
    open fun start(
        scope: GatherScope,
        act: () -> Unit,
    ): CompletableFuture<*> = gather(act).scope(scope).settled().terminated()
}
