package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Flow
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** Guarantee 55: a value that nobody gets is released, exactly once, before the end. */
class ReleaseSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        test("all() that fails: what the others had is released, and the exception says so") {
            for (policy in FailurePolicy.entries) {
                val store = Store()
                val had = CountDownLatch(2)
                val gather = Gather
                    .each(listOf(1, 2, 3)) {
                        if (it == 3) had.soon().let { fail() } else store.make(it).also { had.countDown() }
                    }.release(store::release)
                    .onFailure(policy)
                val future = gather.all()
                val failure = shouldThrow<GatherException> { future.join() }
                future.terminated().soon()
                store.released shouldContainExactlyInAnyOrder listOf(1, 2)
                if (policy == FailurePolicy.AWAIT_OTHERS) {
                    failure.outcomes().take(2) shouldBe List(2) { RELEASED }
                    failure.outcomes()[2].shouldBeInstanceOf<Outcome.Failure<*>>()
                }
            }
        }

        test("what others have is released before the failure is told") {
            val store = Store()
            val future = Gather
                .of(Task.of { store.make(1) }, Task.of { fail() })
                .release(store::release)
                .onFailure(FailurePolicy.AWAIT_OTHERS)
                .all()
            future.handle { _, _ -> store.released.toList() }.soon() shouldBe listOf(1)
        }

        test("a value that comes after a cancel is released before the end") {
            val store = Store()
            val body = Stubborn(store)
            val future = Gather.each(listOf(1, 2), body::call).release(store::release).settled()
            body.begun.soon()
            future.cancel(true)
            future.terminated().isDone shouldBe false
            body.go()
            future.terminated().soon()
            store.released shouldContainExactlyInAnyOrder listOf(1, 2)
        }

        test("a value that was there before a cancel is released before the end") {
            val store = Store()
            val body = Stubborn(store, 1)
            val future = Gather
                .each(listOf(1, 2)) { if (it == 1) body.call(it) else store.make(it) }
                .limit(2)
                .release(store::release)
                .settled()
            body.begun.soon()
            store.awaitMade(1)
            future.cancel(true)
            body.go()
            future.terminated().soon()
            store.released shouldContainExactlyInAnyOrder listOf(1, 2)
        }

        for (successes in listOf(1, 2)) {
            test("atLeast($successes): what is beside those is released before they are delivered") {
                val store = Store()
                val body = Stubborn(store, 2)
                val recorder = Recorder()
                val items = (0 until successes + 2).toList()
                val future = Gather
                    .each(items) {
                        if (it >= successes) return@each body.call(it)
                        body.begun.soon()
                        store.make(it)
                    }.release(store::release)
                    .listener(recorder)
                    .atLeast(successes)
                body.begun.soon()
                repeat(successes) { recorder.end(it).soon() }
                body.go()
                val delivered = future.soon().map { it.getOrThrow().id }
                delivered shouldContainExactlyInAnyOrder items.take(successes)
                store.released shouldContainExactlyInAnyOrder items.drop(successes)
            }
        }

        test("any(): a second value is released") {
            val store = Store()
            val future = Gather
                .each(listOf(1, 2)) { it.also { store.bothAreThere() }.let(store::make) }
                .release(store::release)
                .any()
            store.everyOneIsEither(listOf(future.soon().id))
        }

        test("atLeast() that fails gives back what it had") {
            val store = Store()
            val future = Gather
                .each(listOf(1, 2)) { if (it == 1) store.make(it) else store.awaitMade(1).let { fail() } }
                .release(store::release)
                .atLeast(2)
            val failure = shouldThrow<GatherException> { future.join() }
            failure.outcomes()[0].isSuccess shouldBe false
            store.released shouldBe listOf(1)
        }

        test("at the deadline all() gives back what it had, and settled() delivers that") {
            for (settled in listOf(false, true)) {
                val store = Store()
                val gather = Gather
                    .of(
                        Task.started(CompletableFuture.completedFuture(store.make(1))), // before any deadline
                        Task.async { CompletableFuture<Goods>() },
                    ).release(store::release)
                    .timeout(A_MOMENT)
                if (settled) {
                    gather
                        .settled()
                        .soon()[0]
                        .getOrThrow()
                        .id shouldBe 1
                    store.released shouldBe emptyList()
                } else {
                    val failure = shouldThrow<GatherException> { gather.all().join() }
                    (failure.cause as GatherTimeoutException).outcomes()[0] shouldBe RELEASED
                    store.released shouldBe listOf(1)
                }
            }
        }

        test("a value that comes after the deadline of its task is released, whatever becomes of the gather") {
            val store = Store()
            val body = Stubborn(store, 1)
            val future = Gather
                .of(Task.of { body.call(1) }.timeout(A_MOMENT).orElse(Goods(7)), Task.of { store.make(2) })
                .release(store::release)
                .all()
            body.interrupted.soon()
            body.go()
            future.soon().map { it.id } shouldBe listOf(7, 2)
            store.released shouldBe listOf(1)
        }

        test("a value that comes after the grace is released when it comes") {
            for (own in listOf(false, true)) {
                val store = Store()
                val body = Stubborn(store, 1)
                val gather = Gather.of(Task.of { body.call(1) }).release(store::release).grace(A_MOMENT)
                val future = if (own) gather.taskTimeout(A_MOMENT).settled() else gather.timeout(LONGER).settled()
                future.soon().single().isSuccess shouldBe false
                store.released shouldBe emptyList()
                body.go()
                future.terminated().soon()
                store.released shouldBe listOf(1)
            }
        }

        test("what the others had is released when the gather is cancelled, and not only at the end") {
            val store = Store()
            val body = Stubborn(store, 1)
            val future = Gather
                .each(listOf(1, 2)) { if (it == 1) body.call(it) else store.make(it) }
                .release(store::release)
                .grace(A_MOMENT)
                .all()
            body.begun.soon()
            store.awaitMade(1)
            future.cancel(true)
            store.awaitReleased(1)
            store.released shouldBe listOf(2)
            future.terminated().isDone shouldBe false
            body.go()
            future.terminated().soon()
            store.released shouldContainExactlyInAnyOrder listOf(1, 2)
        }

        for ((what, view) in STAGES) {
            test("the value of $what that is not waited for any more is released when it comes") {
                repeat(200) {
                    // it may come at any moment of the cancel
                    val store = Store()
                    val stage = Unstoppable<Goods>()
                    val begun = CompletableFuture<Unit>()
                    val future = Gather
                        .of(Task.async { view(stage).also { begun.complete(Unit) } })
                        .release(store::release)
                        .settled()
                    begun.soon()
                    future.cancel(true)
                    if (what == "a future") stage.cancelled.soon()
                    stage.complete(store.make(1))
                    store.awaitReleased(1)
                    future.terminated().soon()
                    store.released shouldBe listOf(1)
                }
            }
        }

        test("what is left to run by LEAVE_OTHERS is released when it comes") {
            val store = Store()
            val body = Stubborn(store, 1)
            val future = Gather
                .each(listOf(1, 2, 3)) {
                    when (it) {
                        1 -> body.call(it)
                        2 -> store.make(it)
                        else -> store.awaitMade(1).let { body.begun.soon() }.let { fail() }
                    }
                }.onFailure(FailurePolicy.LEAVE_OTHERS)
                .release(store::release)
                .all()
            shouldThrow<GatherException> { future.join() }
            store.awaitReleased(1)
            store.released shouldBe listOf(2)
            body.go()
            future.terminated().soon()
            store.released shouldBe listOf(2, 1)
        }

        for (limit in listOf(1, 3, null)) {
            for (ordered in listOf(false, true)) {
                test("a stream that is closed early gives back what nobody has taken, limit $limit, ordered $ordered") {
                    val store = Store()
                    val gather = Gather
                        .each((0 until 20).toList(), store::make)
                        .release(store::release)
                        .let { if (limit == null) it else it.limit(limit) }
                        .let { if (ordered) it.ordered() else it }
                    val taken = gather.stream().use { results ->
                        val reader = results.iterator()
                        List(3) { reader.next().orThrow.id }.also { if (limit == null) store.awaitMade(20) }
                    }
                    store.everyOneIsEither(taken)
                }
            }
        }

        test("a stream that is read to its end gives back nothing") {
            val store = Store()
            val gather = Gather.each((0 until 20).toList(), store::make).release(store::release)
            gather.stream().use { it.toList() }.size shouldBe 20
            gather
                .limit(2)
                .stream()
                .use { it.toList() }
                .size shouldBe 20
            store.released shouldBe emptyList()
        }

        test("a subscription that is cancelled gives back what it has not signalled") {
            val store = Store()
            val taken = ConcurrentLinkedQueue<Int>()
            val done = CompletableFuture<Unit>()
            Gather
                .each((0 until 20).toList(), store::make)
                .limit(4)
                .release(store::release)
                .asCompleted()
                .subscribe(
                    object : Flow.Subscriber<Completed<Goods>> {
                        private lateinit var subscription: Flow.Subscription

                        override fun onSubscribe(s: Flow.Subscription) {
                            subscription = s
                            s.request(Long.MAX_VALUE)
                        }

                        override fun onNext(completed: Completed<Goods>) {
                            taken += completed.orThrow.id
                            if (taken.size < 3) return
                            subscription.cancel()
                            done.complete(Unit)
                        }

                        override fun onError(e: Throwable) = Unit

                        override fun onComplete() = Unit
                    },
                )
            done.soon()
            store.awaitReleased(store.made.size - 3)
            store.everyOneIsEither(taken.toList())
        }

        test("a task that stands in several places is released once") {
            val store = Store()
            val task = Task.of { store.make(1) }
            shouldThrow<GatherException> {
                Gather
                    .of(task, task, Task.of<Goods> { store.awaitMade(1).let { fail() } })
                    .release(store::release)
                    .onFailure(FailurePolicy.AWAIT_OTHERS)
                    .all()
                    .join()
            }
            store.released shouldBe listOf(1)
            Gather
                .of(task, task)
                .release(store::release)
                .any()
                .soon()
            store.released shouldBe listOf(1)
        }

        test("so is a stage that stands in several places, and never if it is delivered") {
            for (done in listOf(false, true)) {
                val store = Store()
                val stage = CompletableFuture<Goods>()
                val gather = Gather.started(listOf(stage, stage)).release(store::release)
                if (done) stage.complete(store.make(1))
                val any = gather.any()
                if (!done) stage.complete(store.make(1))
                any.soon().id shouldBe 1
                any.terminated().soon()
                store.released shouldBe emptyList()
                val failing = CompletableFuture.failedFuture<Goods>(IllegalStateException("no"))
                shouldThrow<GatherException> {
                    Gather
                        .started(listOf(stage, stage, failing))
                        .release(store::release)
                        .onFailure(FailurePolicy.AWAIT_OTHERS)
                        .all()
                        .join()
                }
                store.released shouldBe listOf(1)
            }
        }

        for (owner in listOf("body", "scope")) {
            for (limit in listOf(2, null)) {
                for (isOver in listOf(false, true)) {
                    test("a stream that is not closed is so by its $owner, limit $limit, all have ended $isOver") {
                        val store = Store()
                        val taken = ConcurrentLinkedQueue<Int>()
                        val scope = GatherScope()

                        fun open() {
                            val tasks = List(3) { Task.of { store.make(it) } }
                            val all = if (isOver) tasks else tasks + Task.async { CompletableFuture<Goods>() }
                            val gather = Gather
                                .of(all)
                                .release(store::release)
                                .let { if (limit == null) it else it.limit(limit) }
                                .let { if (owner == "scope") it.scope(scope) else it }
                            taken += gather
                                .stream()
                                .iterator()
                                .next()
                                .getOrThrow()
                                .id
                            if (limit == null) store.awaitMade(3)
                        }
                        if (owner == "body") Gather.of(Task.of { open() }).all().soon() else open()
                        scope.close()
                        store.awaitReleased(store.made.size - 1)
                        store.everyOneIsEither(taken.toList())
                    }
                }
            }
        }

        test(
            "a hook that waits for the other bodies: those are interrupted first, also where a cancel follows a cancel",
        ) {
            val had = CompletableFuture<Unit>()
            val stopped = CompletableFuture<Unit>()
            val begun = CompletableFuture<Unit>()
            val inner = Gather
                .of(
                    Task.of { 1.also { had.complete(Unit) } },
                    Task.of {
                        begun.complete(Unit)
                        try {
                            CompletableFuture<Int>().get()
                        } finally {
                            stopped.complete(Unit)
                        }
                    },
                ).release { stopped.soon() }
                .settled()
            had.soon()
            begun.soon()
            val outer = Gather.of(Task.started(inner)).all()
            outer.cancel(true)
            stopped.soon()
            inner.terminated().soon()
            outer.terminated().soon()
        }

        test("tasks have hooks of their own, which come before that of the gather") {
            val heard = ConcurrentLinkedQueue<String>()
            val number = Task.of { 1 }.release { heard += "number $it" }
            val text = Task.of { "x" }.release { heard += "text $it" }
            val bad = Task.of<String> { error("no") }
            shouldThrow<GatherException> {
                Gather
                    .of(number, text, bad)
                    .onFailure(FailurePolicy.AWAIT_OTHERS)
                    .combine { it.get(number) }
                    .join()
            }
            heard shouldContainExactlyInAnyOrder listOf("number 1", "text x")
            heard.clear()
            shouldThrow<GatherException> {
                Gather
                    .keyed(mapOf("a" to text, "b" to bad))
                    .onFailure(FailurePolicy.AWAIT_OTHERS)
                    .release { heard += "all $it" }
                    .all()
                    .join()
            }
            heard.toList() shouldBe listOf("text x", "all x")
        }

        test("what is delivered is not released: all, settled, combine, any of a gather that succeeds") {
            val store = Store()
            val task = Task.of { store.make(1) }
            val gather = Gather.of(task).release(store::release)
            gather.all().soon()
            gather.settled().soon()
            gather.any().soon()
            gather.combine { it.get(task) }.soon().id shouldBe 1
            shouldThrow<CompletionException> { gather.combine<Any> { error("no") }.join() }
            store.released shouldBe emptyList()
        }

        test("neither null is released, nor what belongs to somebody else") {
            val store = Store()
            shouldThrow<GatherException> {
                Gather
                    .of(
                        Task.of { null },
                        Task.shared(CompletableFuture.completedFuture(store.make(1))),
                        Task.started(CompletableFuture.completedFuture(store.make(2))),
                        Task.of<Goods?> { error("no") },
                    ).onFailure(FailurePolicy.AWAIT_OTHERS)
                    .release { store.release(it!!) }
                    .all()
                    .join()
            }.outcomes().map { it.isSuccess } shouldBe listOf(true, true, false, false)
            store.released shouldBe listOf(2)
        }

        test("what a hook throws is told, and holds up nobody") {
            val heard = ConcurrentLinkedQueue<Throwable>()
            val store = Store()
            val failure = shouldThrow<GatherException> {
                Gather
                    .of(
                        Task.of { store.make(1) },
                        Task.of { store.make(2) },
                        Task.of { store.awaitMade(2).let { fail() } },
                    ).onFailure(FailurePolicy.AWAIT_OTHERS)
                    .release {
                        store.release(it)
                        error("cannot close ${it.id}")
                    }.listener(Dropped(heard))
                    .all()
                    .join()
            }
            store.released shouldContainExactlyInAnyOrder listOf(1, 2)
            val said = listOf("cannot close 1", "cannot close 2")
            heard.map { it.message } shouldContainExactlyInAnyOrder said
            failure.suppressed.map { it.message } shouldContainExactlyInAnyOrder said
        }

        test("a slow hook holds up neither a cancel nor another hook") {
            val held = CountDownLatch(1)
            val entered = CountDownLatch(3)
            val body = Stubborn(Store(), 3)
            val future = Gather
                .each(listOf(1, 2, 3), body::call)
                .release {
                    entered.countDown()
                    held.await()
                }.all()
            try {
                body.begun.soon()
                future.cancel(true)
                body.go()
                entered.soon()
                future.terminated().isDone shouldBe false
            } finally {
                held.countDown()
            }
            future.terminated().soon()
        }

        test("hooks find the context of the caller") {
            val loader = object : ClassLoader() {}
            val found = CompletableFuture<ClassLoader>()
            val thread = Thread.currentThread()
            val before = thread.contextClassLoader
            thread.contextClassLoader = loader
            val future: GatherFuture<*>
            try {
                future = Gather
                    .of(Task.of { 1 }, Task.of { error("no") })
                    .onFailure(FailurePolicy.AWAIT_OTHERS)
                    .release { found.complete(Thread.currentThread().contextClassLoader) }
                    .all()
            } finally {
                thread.contextClassLoader = before
            }
            future.handle { _, _ -> }.soon()
            found.soon() shouldBe loader
        }
    })

private fun fail(): Goods = error("no")

private val RELEASED = Outcome.Cancelled<Any?>(CancelReason.RELEASED, true)

/** So long that the body has started where the deadline counts from the call. */
private val LONGER = Duration.ofSeconds(1)

private val A_MOMENT = Duration.ofMillis(30)

private val STAGES =
    listOf<Pair<String, (CompletableFuture<Goods>) -> java.util.concurrent.CompletionStage<Goods>>>(
        "a future" to { it },
        "a view" to { it.minimalCompletionStage() },
    )

/** Takes no notice of a cancel but to tell of it. */
private class Unstoppable<T> : CompletableFuture<T>() {
    val cancelled = CompletableFuture<Unit>()

    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        cancelled.complete(Unit)
        return false
    }
}

private class Dropped(
    private val errors: MutableCollection<Throwable>,
) : dev.gather.GatherListener {
    override fun onDroppedError(
        index: Int,
        name: String?,
        error: Throwable,
    ) {
        errors += error
    }
}

private fun CountDownLatch.soon() = check(await(SECONDS, TimeUnit.SECONDS)) { "never" }
