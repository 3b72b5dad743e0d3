package dev.gather.verification.python

import dev.gather.FailurePolicy
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import dev.gather.verification.guarantee.Piece
import dev.gather.verification.guarantee.soon
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException

/** A63 to A67: gathers within gathers. */
class PythonNestingSpec :
    PythonRules({
        kotlin("A63 lists nest, and collecting failures inside says nothing about outside") {
            val error = Boom("E")
            all<Any>({ all(ok("a", 1), ok("b", 2)) }, ok("o", 3)) shouldBe listOf(listOf("a", "b"), "o")
            all<Any>({ settled(fail(error, 1), ok("i", 2)) }, ok("o", 3)) shouldBe
                listOf(listOf(Outcome.Failure<String>(error), Outcome.Success("i")), "o")
            settled<Any>({ all(fail(error, 1), ok("i", 2)) }, ok("o", 3)) shouldBe
                listOf(Outcome.Failure<Any>(error), Outcome.Success("o"))
        }

        java("A63 lists nest, and collecting failures inside says nothing about outside") { setting ->
            val error = Boom("E")
            val bad = Task.of<Any> { throw error }
            val inner = Gather.of(bad, Task.of<Any> { "i" }).onFailure(setting.policy)
            val other = Task.of<Any> { "o" }
            val inside =
                Gather
                    .of(Task.async<Any> { inner.settled() }, other)
                    .onFailure(FailurePolicy.AWAIT_OTHERS)
                    .all()
                    .soon()
            (inside[0] as List<*>)[0] shouldBe Outcome.Failure<Any>(error)
            inside[1] shouldBe "o"
            val outside =
                Gather
                    .of(Task.async<Any> { inner.all() }, other)
                    .onFailure(setting.policy)
                    .settled()
                    .soon()
            outside shouldBe listOf(Outcome.Failure<Any>(error), Outcome.Success("o"))
        }

        kotlin("A64 an inner failure is an outer one at once, and the policy holds at each level") {
            val error = Boom("E")
            val call = start { all<Any>({ all(fail(error, 10), ok("i", 40)) }, ok("o", 40)) }
            letRun()
            call.thrown shouldBeSameInstanceAs error
            call.endedAt shouldBe 10
            log.sorted() shouldBe if (setting == Setting.CPYTHON) listOf("E", "i", "o") else listOf("E")
        }

        java("A64 an inner failure is an outer one at once, and the policy holds at each level") { setting ->
            val (bad, inner, outer) = List(3) { Piece<Any>() }
            val nested = Gather.of(bad.task(), inner.task()).onFailure(setting.policy)
            val future = Gather.of(Task.async<Any> { nested.all() }, outer.task()).onFailure(setting.policy).all()
            started(bad, inner, outer)
            bad.throws(Boom("E"))
            runCatching { future.soon() }.exceptionOrNull().shouldBeInstanceOf<ExecutionException>()
            setting.othersAfterFailure(inner, outer)
            listOf(inner, outer).forEach { it.returns(1) }
        }

        kotlin("A65 cancelling the outer one reaches every leaf") {
            val call =
                start {
                    all<Any>(
                        { settled(slowToStop<Int>(10) { throw it }, slowToStop<Int>(20) { throw it }) },
                        { all(slowToStop<Int>(30) { throw it }, slowToStop(40) { 4 }) },
                    )
                }
            delay(5)
            call.cancel()
            letRun()
            call.thrown.shouldBeInstanceOf<CancellationException>()
            call.endedAt shouldBe 45
        }

        java("A65 cancelling the outer one reaches every leaf") { setting ->
            val leaves = List(4) { Piece<Any>() }
            val settled = Gather.of(leaves.take(2).map { it.task() }).onFailure(setting.policy)
            val all = Gather.of(leaves.drop(2).map { it.task() }).onFailure(setting.policy)
            val future =
                Gather
                    .of(Task.async<Any> { settled.settled() }, Task.async<Any> { all.all() })
                    .onFailure(setting.policy)
                    .all()
            started(*leaves.toTypedArray())
            future.cancel(true)
            future.isCancelled shouldBe true
            future.terminated().soon()
            leaves.forEach {
                it.noticed.isDone shouldBe true
                it.isRunning shouldBe false
            }
        }

        kotlin("A66 a thousand levels complete and can be cancelled") {
            val done = start { nested(LEVELS, ok("leaf", 10)) }
            letRun()
            done.value shouldBe "leaf"

            val call = start { nested(LEVELS, slowToStop<String>(50) { throw it }) }
            delay(5)
            val cancelledAt = now
            call.cancel()
            letRun()
            call.thrown.shouldBeInstanceOf<CancellationException>()
            call.endedAt shouldBe cancelledAt + 50
        }

        java("A66 a thousand levels complete and can be cancelled") { setting ->
            val leaf = Piece<Any>()
            val done = nested(LEVELS, setting, leaf)
            started(leaf)
            leaf.returns("leaf")
            var value: Any = done.soon()
            repeat(LEVELS) { value = (value as List<*>).single()!! }
            value shouldBe "leaf"

            val other = Piece<Any>()
            val cancelled = nested(LEVELS, setting, other)
            started(other)
            cancelled.cancel(true)
            cancelled.terminated().soon()
            other.noticed.isDone shouldBe true
            other.isRunning shouldBe false
        }

        kotlin("A67 what would wait for itself is told so, or can at least be cancelled") {
            val known = CompletableDeferred<Deferred<String>>()
            val itself =
                async {
                    val me = known.await()
                    shouldThrow<IllegalStateException> { all(listOf(me)) }.message!!
                }
            known.complete(itself)
            itself.await() shouldContain "deferreds[0] cannot be awaited from inside itself"
        }

        kotlin("A67 two that wait for each other end when they are cancelled") {
            for (count in 2..4) {
                val circle = CompletableDeferred<List<Deferred<Any?>>>()
                val parent =
                    launch {
                        val tasks =
                            List(count) { i ->
                                async<Any?> {
                                    val other = circle.await()[(i + 1) % count]
                                    if (i == 0) coroutineScope { all(listOf(other)) } else all(listOf(other))
                                }
                            }
                        circle.complete(tasks)
                    }
                delay(1)
                parent.isActive shouldBe true
                parent.cancelAndJoin()
            }
        }
        java("A67 what would wait for itself is told so, or can at least be cancelled") { setting ->
            val itself = CompletableFuture<Any>()
            val future = Gather.started(listOf(itself)).onFailure(setting.policy).all()
            future.whenComplete { value, error -> if (error == null) itself.complete(value) }
            future.isDone shouldBe false
            future.cancel(true) shouldBe true
            future.terminated().soon()
            itself.isCancelled shouldBe true
        }
    })

/** CPython gives up between 980 and 1,000. */
private const val LEVELS = 1_000

private suspend fun VirtualTime.nested(
    levels: Int,
    leaf: suspend () -> String,
): String = if (levels == 0) leaf() else all({ nested(levels - 1, leaf) }).single()

private fun nested(
    levels: Int,
    setting: Setting,
    leaf: Piece<Any>,
): GatherFuture<List<Any>> {
    val task = if (levels == 1) leaf.task() else Task.async<Any> { nested(levels - 1, setting, leaf) }
    return Gather.of(task).onFailure(setting.policy).all()
}

private fun Piece<Any>.task(): Task<Any> = Task.of { block() }
