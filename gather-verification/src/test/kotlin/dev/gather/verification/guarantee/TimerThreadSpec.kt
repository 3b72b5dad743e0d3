package dev.gather.verification.guarantee

import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveAtLeastSize
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.asCompletableFuture
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.milliseconds
import dev.gather.coroutines.gatherSettled as gatherSettledSuspending

class TimerThreadSpec :
    FunSpec({
        val timers =
            Regex(
                "kotlinx\\.coroutines\\.DefaultExecutor.*|CompletableFutureDelayScheduler.*|.*-delayScheduler|.*[Tt]imer.*",
            )

        class Seen {
            val threads = ConcurrentLinkedQueue<String>()

            fun here() {
                threads.add(Thread.currentThread().name)
            }

            fun onTimers() = threads.filter(timers::matches)
        }

        fun <R> GatherFuture<R>.watched(seen: Seen): CompletableFuture<*> =
            handle { _, _ -> seen.here() }.thenRun(seen::here)

        test("after the deadline: hooks, stages that are cancelled, bodies that clean up, and dependents (Java)") {
            val seen = Seen()
            val body = Piece<Int>()
            val stage = TestStage<Int>()
            stage.whenComplete { _, _ -> seen.here() }
            val tasks =
                listOf(
                    Task
                        .of {
                            try {
                                body.block()
                            } finally {
                                seen.here()
                            }
                        }.onCancel(seen::here),
                    Task.started(stage).onCancel(seen::here),
                )
            Gather
                .of(tasks)
                .timeout(SHORT)
                .all()
                .watched(seen)
                .soon()
            seen.threads shouldHaveAtLeastSize 4 // the body may not have got a thread in time
            seen.onTimers().shouldBeEmpty()
        }

        test("after the timeout of a task (Java)") {
            for (own in listOf(true, false)) {
                val seen = Seen()
                val stage = TestStage<Int>()
                stage.whenComplete { _, _ -> seen.here() }
                var task = Task.started(stage).onCancel(seen::here)
                if (own) task = task.timeout(SHORT)
                var gather = Gather.of(task)
                if (!own) gather = gather.taskTimeout(SHORT)
                gather.settled().watched(seen).soon()
                seen.threads shouldHaveAtLeastSize 4
                seen.onTimers().shouldBeEmpty()
            }
        }

        test("the next task after one that timed out (Java)") {
            val seen = Seen()
            val tasks =
                listOf(
                    Task.started(CompletableFuture<Unit>()),
                    Task.async { TestStage<Unit>() },
                    Task.of { seen.here() },
                )
            Gather
                .of(tasks)
                .limit(1)
                .taskTimeout(SHORT)
                .settled()
                .watched(seen)
                .soon()
            seen.onTimers().shouldBeEmpty()
        }

        test("after grace (Java)") {
            val seen = Seen()
            val stubborn = Piece<Int>().ignoringCancel()
            Gather
                .of(stubborn.task())
                .timeout(SHORT)
                .grace(SHORT)
                .all()
                .watched(seen)
                .soon()
            stubborn.returns(1)
            seen.onTimers().shouldBeEmpty()
        }

        test("after orTimeout and completeOnTimeout, on the future and on what derives from it (Java)") {
            val ways =
                listOf<(GatherFuture<List<Int>>) -> CompletableFuture<*>>(
                    { it.orTimeout(1, TimeUnit.MILLISECONDS) },
                    { it.completeOnTimeout(listOf(), 1, TimeUnit.MILLISECONDS) },
                    { it.thenApply { list -> list.size }.orTimeout(1, TimeUnit.MILLISECONDS) },
                    { it.shielded().orTimeout(1, TimeUnit.MILLISECONDS) },
                    { it.terminated().orTimeout(1, TimeUnit.MILLISECONDS) },
                )
            for (way in ways) {
                val seen = Seen()
                val stage = TestStage<Int>()
                stage.whenComplete { _, _ -> seen.here() }
                val future = Gather.started(listOf(stage)).all()
                // Both before and after the timeout is set: neither may be called by the timer.
                val dependent = future.handle { _, _ -> seen.here() }
                val timed = way(future).handle { _, _ -> seen.here() }
                timed.soon()
                future.cancel(true)
                dependent.soon()
                seen.onTimers().shouldBeEmpty()
            }
        }

        test("bodies go on, and the caller too, on the caller's dispatcher (Kotlin)") {
            val seen = Seen()
            CoroutineScope(Dispatchers.Default)
                .async {
                    gatherSettledSuspending(
                        {
                            delay(1)
                            seen.here()
                        },
                        {
                            try {
                                delay(1_000_000)
                            } finally {
                                seen.here()
                            }
                        },
                        { seen.here() },
                        taskTimeout = 50.milliseconds,
                        timeout = 100.milliseconds,
                        limit = 2,
                    )
                    seen.here()
                }.asCompletableFuture()
                .soon()
            seen.threads shouldHaveAtLeastSize 4
            seen.onTimers().shouldBeEmpty()
        }
    })
