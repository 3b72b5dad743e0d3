package dev.gather.verification.race

import dev.gather.future.Gather
import dev.gather.future.Task
import dev.gather.verification.guarantee.End
import dev.gather.verification.guarantee.JavaRunning
import dev.gather.verification.guarantee.soon
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger

/** The cancel of one stage derived from a gather × the cancel of another. */
class DerivedCancelSpec :
    RaceSpec({
        race("two derived stages are cancelled") {
            val hooks = AtomicInteger()
            val stage = CompletableFuture<String>()
            val future = Gather.of(Task.started(stage).onCancel { hooks.incrementAndGet() }).all()
            val one = future.thenApply { it.size }
            val other = future.handle { list, _ -> list }
            var first = false
            var second = false
            together(
                { first = one.cancel(true) },
                { second = other.cancel(true) },
            )
            future.terminated().soon()
            if (first != second) tilt(second)
            // The one that loses finds its stage cancelled by the other's cancel, or not yet.
            check(first || second) { "neither was cancelled" }
            check(one.isCancelled || one.isCompletedExceptionally) { "$one" }
            check(JavaRunning(future).end() == End.Cancelled)
            check(stage.isCancelled && hooks.get() == 1) { "the hook ran $hooks times" }
        }

        race("two derived stages are cancelled × the last task completes") {
            val hooks = AtomicInteger()
            val stage = CompletableFuture<String>()
            val future = Gather.of(Task.started(stage).onCancel { hooks.incrementAndGet() }).all()
            val one = future.thenApply { it[0] }
            val other = one.thenApply { it.length }
            var first = false
            var second = false
            together(
                { first = one.cancel(true) },
                { second = other.cancel(true) },
                { stage.complete("last") },
            )
            future.terminated().soon()
            val end = JavaRunning(future).end()
            if (first != second) tilt(second)
            check(end == End.Cancelled || end == End.Value(listOf("last"))) { "$end" }
            check(first || second || end != End.Cancelled) { "cancelled by nobody" }
            check(first == one.isCancelled) { "cancel returned $first: $one" }
            check(first || one.isCompletedExceptionally || one.soon() == "last")
            check(second == other.isCancelled) { "cancel returned $second: $other" }
            check(!stage.isCancelled || hooks.get() == 1) { "the hook ran $hooks times" }
            check(hooks.get() <= 1) { "the hook ran $hooks times" }
        }
    })
