package dev.gather.verification.guarantee

import dev.gather.coroutines.gather
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger

/** Guarantee 35: neither a million tasks nor a thousand levels grow a stack. */
class ScaleSpec :
    BothDoors({
        val million = 1_000_000

        both("a million tasks that complete synchronously") { door ->
            for (limit in listOf(1, 16, Int.MAX_VALUE)) {
                val end = door.each(0 until million, How(limit = limit)) { value(it) }.end()
                (end as End.Value).value shouldBe (0 until million).toList()
            }
        }

        test("a million stages that are done when they are returned (Java)") {
            for (limit in listOf(1, 16, Int.MAX_VALUE)) {
                Gather
                    .eachAsync(0 until million) { CompletableFuture.completedFuture(it) }
                    .limit(limit)
                    .all()
                    .soon() shouldBe (0 until million).toList()
            }
        }

        test("a million futures that are done already (Java)") {
            Gather
                .started(List(million) { CompletableFuture.completedFuture(it) })
                .all()
                .soon()
                .size shouldBe million
        }

        test("a million futures completed later by one thread (Java)") {
            val promises = List(million) { CompletableFuture<Int>() }
            val gather = Gather.started(promises).all()
            promises.forEachIndexed { index, promise -> promise.complete(index) }
            gather.soon() shouldBe (0 until million).toList()
        }

        test("a million tasks on an executor that runs them inline (Java)") {
            Gather
                .each(0 until million) { it }
                .executor(Runnable::run)
                .all()
                .getNow(null) shouldBe (0 until million).toList()
        }

        test("a million tasks without a dispatcher (Kotlin)") {
            runBlocking(Dispatchers.Unconfined) { (0 until million).gather { it } } shouldBe (0 until million).toList()
        }

        test("a thousand nested gathers complete (Java)") {
            nested(1_000, CompletableFuture.completedFuture("bottom"), AtomicInteger()).soon() shouldBe listOf("bottom")
        }

        test("a thousand nested gathers that wait complete (Java)") {
            val bottom = CompletableFuture<String>()
            val levels = AtomicInteger()
            val gather = nested(1_000, bottom, levels)
            while (levels.get() < 1_000) Thread.onSpinWait()
            bottom.complete("bottom")
            gather.soon() shouldBe listOf("bottom")
        }

        test("a thousand nested gathers are cancelled to the bottom (Java)") {
            val bottom = CompletableFuture<String>()
            val levels = AtomicInteger()
            val gather = nested(1_000, bottom, levels)
            while (levels.get() < 1_000) Thread.onSpinWait()
            gather.cancel(true) shouldBe true
            gather.terminated().soon()
            bottom.isCancelled shouldBe true
        }

        test("a thousand nested gathers complete (Kotlin)") {
            suspend fun level(depth: Int): Int = if (depth == 0) 0 else gather({ level(depth - 1) }).single() + 1
            runBlocking { level(1_000) } shouldBe 1_000
            withContext(Dispatchers.Default) { level(1_000) } shouldBe 1_000
        }

        test("a thousand nested gathers are cancelled to the bottom (Kotlin)") {
            val atBottom = CompletableFuture<Unit>()
            val ended = AtomicInteger()

            suspend fun level(depth: Int): Unit =
                try {
                    if (depth == 0) {
                        atBottom.complete(Unit)
                        awaitCancellation()
                    } else {
                        gather({ level(depth - 1) })
                        Unit
                    }
                } finally {
                    ended.incrementAndGet()
                }

            val job: Job = CoroutineScope(Dispatchers.Default).launch { level(1_000) }
            atBottom.soon()
            job.cancel()
            job.asCompletableFuture().handle { _, _ -> }.soon()
            ended.get() shouldBe 1_001
        }
    })

private fun nested(
    depth: Int,
    bottom: CompletableFuture<String>,
    levels: AtomicInteger,
): GatherFuture<List<Any?>> {
    val inner: Task<Any?> =
        Task.async {
            levels.incrementAndGet()
            if (depth == 1) bottom else nested(depth - 1, bottom, levels).thenApply { it.single() }
        }
    return Gather.of(inner).all()
}
