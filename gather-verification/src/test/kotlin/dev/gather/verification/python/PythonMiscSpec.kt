package dev.gather.verification.python

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.Piece
import dev.gather.verification.guarantee.soon
import dev.gather.verification.guarantee.value
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.withContext
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executor

/** A68 to A77: context, eager start and the rest. */
class PythonMiscSpec :
    PythonRules({
        kotlin("A68 a task sees the context of the call, and changes nobody else's") {
            val local = ThreadLocal<String>()
            withContext(CoroutineName("caller") + local.asContextElement("caller")) {
                suspend fun seen() = "${currentCoroutineContext()[CoroutineName]!!.name} ${local.get()}"
                val seen =
                    all(
                        {
                            withContext(CoroutineName("child") + local.asContextElement("child")) {
                                delay(10)
                                seen()
                            }
                        },
                        {
                            delay(5)
                            seen()
                        },
                        {
                            delay(20)
                            seen()
                        },
                    )
                seen shouldBe listOf("child child", "caller caller", "caller caller")
                seen() shouldBe "caller caller"
            }
            local.get() shouldBe null
        }

        java("A68 what a Java body leaves behind in its thread is its own affair") { setting ->
            val local = InheritableThreadLocal<String>()
            local.set("caller")
            val task = Task.of<String?> { local.get() }
            Gather
                .of(task)
                .onFailure(setting.policy)
                .all()
                .soon() shouldBe listOf(null) // handed over only where context capture is on the class path
            local.remove()
        }

        java(
            "A69 bodies that run inside the call land in their slots, and the first failure stops the rest",
        ) { setting ->
            val inline = Executor { it.run() }
            val order = ConcurrentLinkedQueue<Int>()
            val good =
                Gather
                    .each(listOf(0, 1, 2)) { it.also(order::add) }
                    .onFailure(setting.policy)
                    .executor(inline)
                    .all()
            good.isDone shouldBe true
            good.soon() shouldBe listOf(0, 1, 2)
            order.toList() shouldBe listOf(0, 1, 2)

            val later = value(2)
            val error = Boom("eager")
            val bad =
                Gather
                    .of(Task.of { 0 }, Task.of { throw error }, Task.of { later.block() })
                    .onFailure(setting.policy)
                    .executor(inline)
                    .all()
            bad.isDone shouldBe true
            later.timesRun shouldBe 0
            shouldThrow<GatherException> { bad.join() }.outcomes() shouldBe
                listOf(
                    Outcome.Success(0),
                    Outcome.Failure<Int>(error),
                    Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, false),
                )
        }

        kotlin("A69 bodies that run inside the call land in their slots, and the first failure stops the rest") {
            val error = Boom("eager")
            withContext(Dispatchers.Unconfined) {
                all(ok("a", 0), ok("b", 0)) shouldBe listOf("a", "b")
                shouldThrow<Boom> { all({ throw error }, ok("later", 0)) } shouldBeSameInstanceAs error
            }
            letRun()
            log shouldBe listOf("a", "b")
        }

        java("A70 a failure names the task by its place, and by its name if it has one") { setting ->
            val bad = Task.of<Int> { throw Boom("no") }
            val named = Gather.of(bad.named("load"), bad).name("page").onFailure(setting.policy)
            val first = shouldThrow<GatherException> { named.limit(1).all().join() }
            first.index() shouldBe 0
            first.taskName() shouldBe "load"
            first.message shouldBe "gather page failed: task[0] load of 2: ${Boom("no")}"
            val plain = shouldThrow<GatherException> {
                Gather
                    .of(bad)
                    .onFailure(setting.policy)
                    .all()
                    .join()
            }
            plain.taskName() shouldBe null
            plain.message shouldBe "gather failed: task[0] of 1: ${Boom("no")}"
        }

        java("A71 a gather that nobody holds runs to its end") { setting ->
            val piece = Piece<Int>()
            val end = CompletableFuture<Outcome<*>>()
            Gather
                .of(Task.of { piece.block().also { end.complete(Outcome.Success(it)) } })
                .onFailure(setting.policy)
                .all() // and is dropped
            started(piece)
            piece.returns(1)
            end.soon() shouldBe Outcome.Success(1)
        }

        java("A72 its text tells its state and how far it is") { setting ->
            val (a, b) = List(2) { CompletableFuture<Int>() }
            val gather = Gather.started(listOf(a, b)).onFailure(setting.policy)
            val future = gather.name("page").all()
            future.toString() shouldBe "GatherFuture[page, running, 0/2 done]"
            a.complete(1)
            future.toString() shouldBe "GatherFuture[page, running, 1/2 done]"
            b.complete(2)
            future.toString() shouldBe "GatherFuture[page, completed, 2/2 done]"

            val failed = Gather
                .started(
                    listOf(CompletableFuture.failedFuture<Int>(Boom("x"))),
                ).onFailure(setting.policy)
            failed.all().toString() shouldBe "GatherFuture[failed, 1/1 done, 1 failed]"
            val cancelled = Gather.started(listOf(CompletableFuture<Int>())).onFailure(setting.policy).all()
            cancelled.cancel(true)
            cancelled.terminated().soon()
            cancelled.toString() shouldBe "GatherFuture[cancelled, 1/1 done, 1 cancelled]"
            Gather
                .of(emptyList<Task<Int>>())
                .onFailure(setting.policy)
                .all()
                .toString() shouldBe
                "GatherFuture[completed, 0/0 done]"
        }

        java("A73 tasks may be completed from any thread") { setting ->
            val stages = List(1_000) { CompletableFuture<Int>() }
            val future = Gather.started(stages).onFailure(setting.policy).all()
            val threads =
                List(4) { thread ->
                    Thread { for (i in thread until stages.size step 4) stages[i].complete(i) }
                }
            threads.forEach(Thread::start)
            future.soon() shouldBe List(stages.size) { it }
        }

        kotlin("A73 tasks may be completed from any thread") {
            val running = List(1_000) { CompletableDeferred<Int>() }
            withContext(Dispatchers.Default) {
                val threads =
                    List(4) { thread -> Thread { for (i in thread until running.size step 4) running[i].complete(i) } }
                threads.forEach(Thread::start)
                all(running) shouldBe List(running.size) { it }
            }
        }

        java("A74 completing it from outside is a cancel, and nothing replaces a result") { setting ->
            val piece = Piece<Int>()
            val future = Gather.of(Task.of { piece.block() }).onFailure(setting.policy).all()
            started(piece)
            future.complete(listOf(9)) shouldBe true
            future.terminated().soon()
            piece.noticed.isDone shouldBe true
            future.soon() shouldBe listOf(9)
            shouldThrow<UnsupportedOperationException> { future.obtrudeValue(listOf(1)) }
            shouldThrow<UnsupportedOperationException> { future.obtrudeException(CancellationException()) }
        }

        kotlin("A75 a task hangs in the job tree below its owner") {
            val above = if (setting == Setting.CPYTHON) owner.coroutineContext.job else currentCoroutineContext().job

            suspend fun isBelow() = generateSequence(currentCoroutineContext().job, Job::parent).any { it === above }
            all({ isBelow() }, { delay(1).let { isBelow() } }) shouldBe listOf(true, true)
        }

        java("A76 a hundred thousand tasks are no matter") { setting ->
            val stages = List(100_000) { CompletableFuture<Int>() }
            val pending = Gather.started(stages).onFailure(setting.policy).all()
            val running = Gather.each(List(100_000) { it }) { it }.onFailure(setting.policy).all()
            stages.forEachIndexed { i, stage -> stage.complete(i) }
            pending.soon().last() shouldBe 99_999
            running.soon().sumOf { it.toLong() } shouldBe 4_999_950_000
        }

        kotlin("A76 a hundred thousand tasks are no matter") {
            val values = all(*Array(100_000) { i -> suspend { i.also { delay(1) } } })
            values.size shouldBe 100_000
            values.last() shouldBe 99_999
            now shouldBe 1
        }
    })
