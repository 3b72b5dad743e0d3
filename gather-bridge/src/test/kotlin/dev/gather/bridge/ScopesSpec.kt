package dev.gather.bridge

import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import kotlin.concurrent.thread

/** A scope of one door as the owner of what is started by the other. */
@OptIn(DelicateCoroutinesApi::class)
class ScopesSpec :
    FunSpec({
        // ---- a GatherScope owns coroutines

        test("a scope that is closed cancels its coroutines, and returns when they have ended") {
            val scope = GatherScope("reports")
            val body = CleaningUp()
            scope.asCoroutineScope().launch { body.run() }
            body.started.soon()
            scope.toString() shouldContain "1 running"
            val closed = Signal()
            thread {
                scope.close()
                closed.come()
            }
            body.cleaning.soon()
            closed.hasCome shouldBe false
            body.goOn()
            closed.soon()
            body.ended.hasCome shouldBe true
        }

        test("it has one job, and counts what is running") {
            val scope = GatherScope()
            val coroutines = scope.asCoroutineScope(Dispatchers.IO)
            coroutines.coroutineContext.job shouldBeSameInstanceAs scope.asCoroutineScope().coroutineContext.job
            scope.toString() shouldContain "0 running"
            coroutines.async { 7 }.await() shouldBe 7
            scope.close()
            scope.toString() shouldContain "closed, 0 running"
        }

        test("once it is closed nothing begins") {
            val scope = GatherScope()
            val coroutines = scope.asCoroutineScope()
            scope.close()
            var hasRun = false
            joinAll(coroutines.launch { hasRun = true })
            hasRun shouldBe false
            shouldThrow<IllegalStateException> { scope.asCoroutineScope() }.message shouldContain "the scope is closed"
            shouldThrow<IllegalStateException> { GatherScope().apply { close() }.asCoroutineScope() }
        }

        test("a coroutine that fails leaves the others alone") {
            GatherScope().use { scope ->
                val heard = CompletableFuture<Throwable>()
                val failure = IllegalStateException()
                val other = scope.asCoroutineScope().async { awaitCancellation() }
                scope.asCoroutineScope(CoroutineExceptionHandler { _, e -> heard.complete(e) }).launch { throw failure }
                heard.soon() shouldBeSameInstanceAs failure
                other.isActive shouldBe true
            }
        }

        test("a coroutine may close its scope, and does not wait for itself") {
            val scope = GatherScope()
            val other = CleaningUp()
            scope.asCoroutineScope().launch { other.run() }
            other.started.soon()
            other.goOn()
            val closed = Signal()
            val job =
                scope.asCoroutineScope().launch {
                    scope.close()
                    closed.come()
                }
            job.join()
            scope.close()
            other.ended.hasCome shouldBe true
        }

        test("gathers and calls that a coroutine of it starts are parts of that") {
            val door = JavaDoor("users")
            GatherScope().use { scope ->
                val call = CleaningUp()
                val coroutine = scope.asCoroutineScope().launch { door.future { call.run() } }
                call.started.soon()
                coroutine.isActive shouldBe true
                call.goOn()
                coroutine.cancelAndJoin()
                call.ended.hasCome shouldBe true
            }
            door.close()
        }

        test("a context with a job is refused") {
            val thrown = shouldThrow<IllegalArgumentException> { GatherScope().asCoroutineScope(Job()) }
            thrown.message shouldContain "context must not have a job"
        }

        // ---- a coroutine scope owns gathers

        test("a coroutine scope ends after the gathers of its scope") {
            val go = CompletableFuture<Int>()
            val started = Signal()
            var gather: GatherFuture<List<Int>>? = null
            val scope =
                GlobalScope.async {
                    coroutineScope {
                        gather =
                            Gather
                                .of(
                                    Task.of {
                                        started.come()
                                        go.soon()
                                    },
                                ).scope(asGatherScope())
                                .all()
                    }
                }
            started.soon()
            scope.isActive shouldBe true
            go.complete(3)
            scope.await()
            gather!!.soon() shouldBe listOf(3)
        }

        test("a cancel of the coroutine reaches them, and it ends after them") {
            val call = CleaningUp()
            val door = JavaDoor("users")
            val job =
                GlobalScope.launch {
                    coroutineScope {
                        Gather.of(door.task { call.run() }).scope(asGatherScope("reports")).all()
                    }
                }
            call.started.soon()
            job.cancel()
            call.cleaning.soon()
            job.isCompleted shouldBe false
            call.goOn()
            job.join()
            call.ended.hasCome shouldBe true
            door.close()
        }

        test("a gather that fails cancels nobody, and its scope can be closed sooner") {
            runBlocking(Dispatchers.Default) {
                val scope = asGatherScope()
                Gather
                    .of(Task.of<Int> { error("no") })
                    .scope(scope)
                    .settled()
                    .await()
                    .size shouldBe 1
                isActive shouldBe true
                val blocked = Signal()
                val waiting = Signal()
                val future =
                    Gather
                        .of(
                            Task.of {
                                waiting.come()
                                blocked.soon()
                            },
                        ).scope(scope)
                        .all()
                waiting.soon()
                scope.close()
                future.isDone shouldBe true
                scope.isClosed shouldBe true
            }
        }

        test("when the coroutine scope has ended it takes no more") {
            val scope = runBlocking { asGatherScope("late") }
            scope.isClosed shouldBe true
            val thrown = shouldThrow<IllegalStateException> { Gather.of({ 1 }).scope(scope).all() }
            thrown.message shouldContain "late"
        }

        test("one that is cancelled cancels what comes") {
            runBlocking {
                coroutineScope {
                    launch(Dispatchers.Default) {
                        val scope = asGatherScope()
                        coroutineContext.job.cancel()
                        val future = Gather.of(Task.of { Signal().soon() }).scope(scope).all()
                        future.terminated().soon()
                        future.isCancelled shouldBe true
                    }
                }
            }
        }

        test("a task of such a scope may close what waits for it") {
            val door = JavaDoor("users")
            val closed = Signal()
            val call =
                door.future {
                    coroutineScope {

                        Gather
                            .of(
                                Task.of {
                                    door.close()
                                    closed.come()
                                },
                            ).scope(asGatherScope())
                            .all()
                    }
                }
            call.terminated().soon()
            closed.soon()
            door.isClosed shouldBe true
        }

        test("a scope without a job owns nothing") {
            shouldThrow<IllegalArgumentException> { GlobalScope.asGatherScope() }.message shouldContain
                "must have a job"
        }
    })
