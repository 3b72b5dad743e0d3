package dev.gather.verification.guarantee

import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.single
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Future
import java.util.concurrent.FutureTask
import java.util.stream.Stream

/** A body that returns what may still be running, and whose failure nobody would hear of, has failed. */
class PromiseSpec :
    FunSpec({
        val failed = CompletableFuture.failedFuture<Int>(IOException("not sent"))
        val promises: Map<String, Any> =
            mapOf(
                "CompletableFuture" to failed,
                "MinimalStage" to failed.minimalCompletionStage(),
                "FutureTask" to FutureTask { 1 },
                "GatherFuture" to Gather.of(Callable { 1 }).all(),
                "CompletableDeferredImpl" to CompletableDeferred<Int>(),
            )

        for ((type, promise) in promises) {
            test("a blocking body that returns a $type fails, and is told what to do instead") {
                fun body() = promise
                val gathers: Map<String, Gather<Any>> =
                    mapOf(
                        "callables" to Gather.of(Callable { body() }, Callable { body() }),
                        "tasks" to Gather.of(Task.of { body() }),
                        "each" to Gather.each(listOf(1, 2)) { _: Int -> body() },
                        "lazy input" to Gather.each(Iterable { listOf(1, 2).iterator() }) { _: Int -> body() },
                    )
                for ((kind, gather) in gathers) {
                    withClue(kind) {
                        for (outcome in gather.settled().soon()) outcome.isRefused(type, "eachAsync")
                        gather.stream().use { results: Stream<*> -> results.count() }
                        shouldThrow<GatherException> { gather.any().orStuck().join() }
                            .cause!!
                            .message!! shouldStartWith "the body returned a "
                    }
                }
            }

            test("a $type that a body has returned is no value to be released") {
                val released = CopyOnWriteArrayList<Any>()
                Gather
                    .of(Task.of { promise }.release { released.add(it) })
                    .settled()
                    .terminated()
                    .soon()
                runCatching { gather({ promise }, release = { released.add(it) }) }
                released shouldBe emptyList()
            }

            test("a suspending body that returns a $type fails, and is told what to do instead") {
                for (isSuspended in listOf(false, true)) {
                    val body: suspend (Int) -> Any = {
                        if (isSuspended) yield()
                        promise
                    }
                    val item = suspend { body(1) }
                    val calls: Map<String, suspend () -> Outcome<*>> =
                        mapOf(
                            "lambdas" to { gatherSettled(item).single() },
                            "items" to { listOf(1).gatherSettled(body = body).single() },
                            "a map" to { mapOf("a" to item).gatherSettled().values.single() },
                            "as completed" to { listOf(1).gatherAsCompleted(body = body).single().outcome },
                            "a flow" to {
                                listOf(1)
                                    .asFlow()
                                    .gatherAsCompleted(1, body = body)
                                    .single()
                                    .outcome
                            },
                        )
                    for ((kind, call) in calls) withClue(kind) { runBlocking { call() }.isRefused(type, "await()") }
                    for (call in listOf<suspend () -> Any?>(
                        { gather(item) },
                        { gatherAny(item) },
                        { listOf(1).asFlow().gather(1, body = body).toList() },
                    )) {
                        shouldThrow<IllegalStateException> { runBlocking { call() } }.message!! shouldContain "await()"
                    }
                }
            }
        }

        test("what a stage or a deferred has as its value is not looked at") {
            val value: Future<Int> = FutureTask { 1 }
            val nested: CompletionStage<Future<Int>> = CompletableFuture.completedFuture(value)
            Gather.started(listOf(nested)).all().soon() shouldBe listOf(value)
            Gather.of(Task.async { nested }).all().soon() shouldBe listOf(value)
            Gather.eachAsync(listOf(1)) { _: Int -> nested }.all().soon() shouldBe listOf(value)
            runBlocking { listOf(async { value }).gather() } shouldBe listOf(value)
        }
    })

private fun Outcome<*>.isRefused(
    type: String,
    remedy: String,
) {
    val cause = shouldBeInstanceOf<Outcome.Failure<*>>().cause.shouldBeInstanceOf<IllegalStateException>()
    cause.message!! shouldStartWith "the body returned a $type, which may still be running: "
    cause.message!! shouldContain remedy
}
