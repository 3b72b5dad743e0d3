package dev.gather.verification.leaks

import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.testing.LeakGuard
import dev.gather.threads.DaemonThreads
import dev.gather.threads.Timer
import dev.gather.verification.guarantee.Piece
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import kotlin.time.Duration.Companion.hours

/** The guard that watches every test is watched itself: each kind of leak makes it fail, and nothing else does. */
class LeakGuardSpec :
    FunSpec({
        fun leakOf(
            cleanUp: () -> Unit,
            body: () -> Unit,
        ): String {
            val guard = LeakGuard.begin(Duration.ZERO)
            try {
                body()
                return shouldThrow<AssertionError> { guard.end() }.message!!
            } finally {
                cleanUp()
            }
        }

        test("a test of Kotest is being watched") {
            LeakGuard.isWatching() shouldBe true
        }

        test("a body that goes on is a leak") {
            val piece = Piece<String>().ignoringCancel()
            val gather = Gather.of(Task.of(piece::block)).all()
            piece.started.soon()
            leakOf(cleanUp = { piece.returns("late") }) { gather.cancel(true) } shouldContain
                Regex("running in .*gather")
            gather.terminated().soon()
        }

        test("a timer of the facade that is set is a leak") {
            val stage = CompletableFuture<String>()
            lateinit var gather: CompletableFuture<*>
            val set = { gather = Gather.of(Task.started(stage)).timeout(Duration.ofHours(1)).all() }
            if (LeakGuard.canSeeTimersOfTheJdk()) {
                leakOf(cleanUp = { stage.complete("late") }, set) shouldContain "a timer that is still set"
            } else {
                set()
                stage.complete("late")
            }
            gather.soon()
        }

        test("a timer of a suspend function that is set is a leak") {
            val scope = CoroutineScope(Dispatchers.Default)
            val leak =
                leakOf(cleanUp = {}) {
                    scope.launch(
                        start = CoroutineStart.UNDISPATCHED,
                    ) { gather<Unit>({ awaitCancellation() }, timeout = 1.hours) }
                }
            leak shouldContain "a timer that is still set"
            scope.coroutineContext.job.cancelAndJoin()
        }

        test("a timer that is set in the JDK is a leak, where that can be seen") {
            val ofTheEngine =
                object : Runnable {
                    override fun run() = Unit

                    override fun toString() = "dev.gather.coroutines.internal.Deadline"
                }
            lateinit var takeBack: Runnable
            val set = { takeBack = Timer.schedule(1.hours.inWholeNanoseconds, DaemonThreads.EXECUTOR, ofTheEngine) }
            if (LeakGuard.canSeeTimersOfTheJdk()) {
                leakOf(cleanUp = { takeBack.run() }, set) shouldContain "a timer that is still set: dev.gather"
            }
            val guard = LeakGuard.begin()
            set()
            takeBack.run()
            guard.end()
        }

        test("an executor that is not shut down is a leak") {
            val executor = Executors.newFixedThreadPool(1)
            leakOf(cleanUp = { executor.shutdownNow() }) { executor.submit {}.soon() } shouldContain "not shut down"
        }

        test("an uncaught exception is a leak") {
            val thread = Thread({ error("nobody catches it") }, "careless")
            thread.setUncaughtExceptionHandler(null)
            val leak =
                leakOf(cleanUp = {}) {
                    thread.start()
                    thread.join(20_000)
                }
            leak shouldContain "uncaught in careless: java.lang.IllegalStateException: nobody catches it"
        }

        test("an interrupted thread is a leak, and is put right") {
            leakOf(cleanUp = {}) { Thread.currentThread().interrupt() } shouldContain "is interrupted"
            Thread.interrupted() shouldBe false
        }

        test("what ends by itself is none") {
            val guard = LeakGuard.begin()
            Gather
                .of(Task.of { "done" })
                .timeout(Duration.ofHours(1))
                .all()
                .soon()
            guard.end()
        }
    })
