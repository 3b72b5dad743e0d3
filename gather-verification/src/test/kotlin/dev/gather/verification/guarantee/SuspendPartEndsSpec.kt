package dev.gather.verification.guarantee

import dev.gather.GatherListener
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.await
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** Guarantee 52: what a task holds of the gathers that its body has started, and how that ends. */
class SuspendPartEndsSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        test("what has ended is no child of the task any more") {
            val body: suspend () -> Int = {
                Gather.of({ 1 }).all().join()
                val children = currentCoroutineContext().job.children.toList()
                children.joinAll()
                children.size
            }
            // Who has waited may come first; then the child ends in a moment.
            apart { gather(body).single() in 0..1 } shouldBe true
        }

        test("a body that cancels the children of its job may start something afterwards") {
            val body: suspend () -> List<Int> = {
                Gather.of({ 1 }).all().join()
                currentCoroutineContext().cancelChildren()
                Gather.of({ 2 }).all().join()
            }
            apart { gather(body) } shouldBe listOf(listOf(2))
        }

        test("what is started after that is cancelled with the task all the same") {
            val piece = Piece<Int>()
            apart {
                val gather = launch {
                    gather({
                        Gather.of({ 1 }).all().join()
                        currentCoroutineContext().cancelChildren()
                        runCatching { Gather.of(piece.task()).all().join() }
                    })
                }
                piece.started.soon()
                gather.cancel()
                gather.join()
            }
            piece.noticed.isDone shouldBe true
        }

        for (hasPart in listOf(false, true)) {
            test("a stream that is opened after the body has returned holds nobody up, part running $hasPart") {
                val returned = CompletableFuture<Unit>()
                val opened = CompletableFuture<Unit>()
                val piece = Piece<Int>()
                val gather = CompletableFuture.supplyAsync {
                    apart {
                        gather({
                            if (hasPart) Gather.of(piece.task()).all()
                            CoroutineScope(currentCoroutineContext()).launch {
                                returned.await()
                                Gather.of({ 1 }, { 2 }).stream()
                                opened.complete(Unit)
                            }
                            7
                        })
                    }
                }
                // It has returned in a moment; if not, the stream is opened while it runs, and ends with it.
                returned.complete(Unit)
                opened.soon()
                piece.returns(1)
                gather.soon() shouldBe listOf(7)
            }
        }

        test("a body that fails is heard of before the dependents of what it has started (Kotlin)") {
            val go = CompletableDeferred<Unit>()
            val otherEnded = CompletableFuture<Unit>()
            val failing: suspend () -> Unit = {
                val part = Gather.of(Task.async { CompletableFuture<Int>() }).all()
                part.handle { _, _ -> otherEnded.join() }
                go.await()
                throw IOException("the body fails")
            }
            val other: suspend () -> Unit = {
                try {
                    go.complete(Unit)
                    delay(1.hours)
                } finally {
                    otherEnded.complete(Unit)
                }
            }
            CompletableFuture.runAsync { apart { runCatching { gather(failing, other) } } }.soon()
        }

        test("a listener of a gather in a body may start something, though that gather has been cancelled") {
            val piece = Piece<Int>()
            val started = CompletableFuture<GatherFuture<List<Int>>>()
            val listener = whenEnded { started.complete(Gather.of(piece.task()).all()) }
            val fails: suspend () -> Int = { throw IOException("the inner fails") }
            apart { gather({ runCatching { gather(fails, options = gatherOptions(listener = listener)) } }) }
            piece.started.soon()
            piece.returns(1)
            started.soon().soon() shouldBe listOf(1)
        }

        test("in cleanup that cannot be cancelled the whole waits for what a scope in it has left, and not the scope") {
            val open = CompletableFuture<Int>()
            val body: suspend () -> List<Int> = {
                withContext(NonCancellable) {
                    val part = coroutineScope { Gather.of(Task.async { open }).all() }
                    open.complete(1)
                    part.await()
                }
            }
            apart { gather(body) } shouldBe listOf(listOf(1))
        }

        test("what runs on on its own belongs to the scope in which it was started, and not to a later one") {
            val go = CompletableDeferred<Unit>()
            val piece = Piece<Int>()
            val started = CompletableFuture<GatherFuture<List<Int>>>()
            apart {
                gather({
                    @OptIn(DelicateCoroutinesApi::class)
                    GlobalScope.launch(Dispatchers.Unconfined) {
                        gather({
                            go.await()
                            started.complete(Gather.of(piece.task()).all())
                        })
                    }
                    withTimeoutOrNull(50) {
                        thread { go.complete(Unit) }
                        started.await()
                        delay(1.hours)
                    }
                    piece.returns(1)
                    started.await().await() shouldBe listOf(1)
                })
            }
        }

        test("a listener that hears of an end on the stack of another body is no part of that") {
            val outer = CompletableFuture<CompletableJob>()
            val piece = Piece<Int>()
            val started = CompletableFuture<GatherFuture<List<Int>>>()
            val listener = whenEnded { index -> if (index == 0) started.complete(Gather.of(piece.task()).all()) }
            val first: suspend () -> Unit = {
                outer.complete(Job(currentCoroutineContext().job))
            }
            val second: suspend () -> Unit = {
                val last = outer.await()
                yield()
                last.complete()
                throw IOException("the second fails")
            }
            apart { gatherSettled(first, second, options = gatherOptions(listener = listener)) }
            piece.started.soon()
            piece.returns(1)
            started.soon().soon() shouldBe listOf(1)
        }
    })

/** Hears of each end of a task. */
internal fun whenEnded(action: (index: Int) -> Unit): GatherListener =
    object : GatherListener {
        override fun onEnd(
            index: Int,
            name: String?,
            outcome: Outcome<*>,
            elapsed: Duration,
        ) = action(index)
    }
