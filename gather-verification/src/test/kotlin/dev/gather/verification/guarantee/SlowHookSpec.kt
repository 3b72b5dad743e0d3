package dev.gather.verification.guarantee

import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** Guarantee 53: nobody's slow hook, listener or dependent delays the interrupt, the decision or the waiter of another. */
class SlowHookSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        for ((what, slow) in SLOW) {
            for ((how, end) in ENDS) {
                test("$what: the other tasks are stopped and whoever waits is woken, $how") {
                    val held = CountDownLatch(1)
                    try {
                        val pieces = List(3) { Piece<Int>() }
                        val entered = CompletableFuture<Unit>()
                        val begun = CompletableFuture<Unit>()
                        val tasks =
                            listOf(
                                slow(begun) {
                                    entered.complete(Unit)
                                    held.await()
                                },
                            ) + pieces.map { it.task() }
                        val gather = Gather.of(tasks)
                        val ended = end(gather) {
                            begun.soon()
                            pieces.forEach { it.started.soon() }
                        }
                        entered.soon() // it is at it, and nobody waits for that
                        pieces.forEach { it.noticed.soon() }
                        ended.soon()
                    } finally {
                        held.countDown()
                    }
                }
            }

            test("$what: several do not wait for each other") {
                val all = CountDownLatch(HOOKS)
                val begun = List(HOOKS) { CompletableFuture<Unit>() }
                val tasks = begun.map {
                    slow(it) {
                        all.countDown()
                        all.await()
                    }
                }
                val future = Gather.of(tasks).settled()
                begun.forEach { it.soon() } // what has not started has no hook to be called
                future.cancel(true)
                future.terminated().soon()
            }

            test("$what: the deadlines of single tasks do not wait for each other") {
                val all = CountDownLatch(HOOKS)
                val tasks = List(HOOKS) {
                    slow(CompletableFuture()) {
                        all.countDown()
                        all.await()
                    }
                }
                Gather
                    .of(tasks)
                    .taskTimeout(A_MOMENT)
                    .settled()
                    .soon()
                    .size shouldBe HOOKS
            }

            test("$what: the gather has ended only when it has returned") {
                val held = CountDownLatch(1)
                val entered = CompletableFuture<Unit>()
                val task = slow(CompletableFuture()) {
                    entered.complete(Unit)
                    held.await()
                }
                val future = Gather.of(task).timeout(LONGER).settled()
                entered.soon()
                future.isDone shouldBe false
                held.countDown()
                future.soon().size shouldBe 1
                future.terminated().soon()
            }
        }

        test("after a cancel that nobody holds up the hooks have run and the stages are cancelled") {
            val stage = TestStage<Int>()
            val hook = CompletableFuture<Unit>()
            val running = CompletableFuture<Unit>()
            val blocking = Task.of<Int> {
                running.complete(Unit)
                CompletableFuture<Int>().get()
            }
            val future = Gather.of(Task.started(stage), blocking.onCancel { hook.complete(Unit) }).all()
            running.soon()
            future.cancel(true)
            hook.soon()
            future.terminated().soon()
            stage.cancels.toList() shouldBe listOf(true)
        }
    })

private const val HOOKS = 20

private val A_MOMENT = Duration.ofMillis(10)

/** So long that all tasks have started, even where a deadline of the whole counts from the call. */
private val LONGER = Duration.ofSeconds(1)

/** Code of a user that is called when its task is cancelled, and takes as long as it likes. */
private val SLOW: Map<String, (begun: CompletableFuture<Unit>, code: () -> Unit) -> Task<Int>> =
    mapOf(
        "a hook" to { begun, code ->
            Task.async { CompletableFuture<Int>().also { begun.complete(Unit) } }.onCancel(code)
        },
        "a hook of a body" to { begun, code ->
            val body = {
                begun.complete(Unit)
                CompletableFuture<Int>().get()
            }
            Task.of(body).onCancel(code)
        },
        "a dependent of a stage" to { begun, code ->
            val stage = CompletableFuture<Int>()
            stage.whenComplete { _, _ -> code() }
            Task.async { stage.also { begun.complete(Unit) } }
        },
        "the cancel of a stage" to { begun, code ->
            begun.complete(Unit)
            Task.started(
                object : CompletableFuture<Int>() {
                    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
                        code()
                        return super.cancel(mayInterruptIfRunning)
                    }
                },
            )
        },
    )

private val DAEMON = Executors.newCachedThreadPool { Thread(it).apply { isDaemon = true } }

/** Ways to end a gather; each returns who waits, and has to be woken. */
private val ENDS: Map<String, (Gather<Int>, whenStarted: () -> Unit) -> CompletableFuture<*>> =
    mapOf(
        "cancel" to { gather, started -> waiting(gather.all(), started) { it.cancel(true) } },
        "cancel of a derived stage" to { gather, started ->
            val future = gather.all()
            val derived = future.thenApply { it.size } as GatherFuture<Int>
            waiting(derived, started) { it.cancel(true) }
        },
        "complete" to { gather, started ->
            waiting(gather.all(), started) { it.completeExceptionally(IllegalStateException()) }
        },
        "orTimeout" to { gather, started ->
            waiting(gather.all(), started) { it.orTimeout(1, TimeUnit.MILLISECONDS) }
        },
        "the end of a scope" to { gather, started ->
            val scope = GatherScope()
            val future = gather.scope(scope).all()
            waiting(future, started) { DAEMON.execute(scope::close) }
        },
    )

private fun <R> waiting(
    future: GatherFuture<R>,
    started: () -> Unit,
    end: (GatherFuture<R>) -> Unit,
): CompletableFuture<*> {
    started()
    val waits = CompletableFuture<Thread>()
    val woken = CompletableFuture<Unit>()
    DAEMON.execute {
        waits.complete(Thread.currentThread())
        runCatching { future.join() }
        woken.complete(Unit)
    }
    val waiter = waits.soon()
    while (waiter.state != Thread.State.WAITING) Thread.onSpinWait()
    DAEMON.execute { end(future) }
    return woken
}
