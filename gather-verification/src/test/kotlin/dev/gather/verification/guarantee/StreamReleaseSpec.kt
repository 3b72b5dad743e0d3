package dev.gather.verification.guarantee

import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.race.patiently
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.time.Duration.Companion.seconds

/** Whoever closes a stream waits for what becomes of values that nobody has taken. */
class StreamReleaseSpec :
    FunSpec({
        timeout = (9 * SECONDS).seconds.inWholeMilliseconds

        test("a stream that is closed when all have ended waits for what it gives back, and not only for the first") {
            val store = Store()
            val body = Stubborn(store, 1)
            val hook = CompletableFuture<Unit>()
            val begun = CompletableFuture<Unit>()
            val pool = Executors.newFixedThreadPool(3)
            val stream = Gather
                .of(
                    Task.of { body.call(1) }.timeout(Duration.ofMillis(1)),
                    Task.of { store.make(2) },
                    Task.of { store.make(3) },
                ).executor(pool)
                .release {
                    if (it.id != 1) {
                        begun.complete(Unit)
                        hook.soon()
                    }
                    store.release(it)
                }.stream()
            stream.iterator().next()
            body.interrupted.soon()
            body.go()
            store.awaitReleased(1) // that of the task that was given up
            pool.shutdown()
            pool.awaitTermination(SECONDS, TimeUnit.SECONDS) shouldBe true
            val closed = CompletableFuture<Unit>()
            val closer = thread {
                stream.close()
                closed.complete(Unit)
            }
            begun.soon()
            patiently("the one who closes waits") { closed.isDone || closer.state.name.endsWith("WAITING") }
            closed.isDone shouldBe false
            hook.complete(Unit)
            closed.soon()
            store.released.size shouldBe 2
        }
    })
