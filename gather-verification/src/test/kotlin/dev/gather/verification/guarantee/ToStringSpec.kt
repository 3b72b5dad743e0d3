package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture

class ToStringSpec :
    FunSpec({
        test("a gather says what it would do") {
            Gather.of(value(1).task()).toString() shouldBe "Gather[1 task, GatherOptions[]]"
            Gather
                .of(List(3) { value(it).task() })
                .name("pages")
                .limit(2)
                .timeout(Duration.ofSeconds(30))
                .taskTimeout(Duration.ofMillis(1500))
                .onFailure(FailurePolicy.AWAIT_OTHERS)
                .grace(Duration.ZERO)
                .toString() shouldBe
                "Gather[3 tasks, GatherOptions[name=pages, limit=2, timeout=PT30S, taskTimeout=PT1.5S, " +
                "onFailure=AWAIT_OTHERS, grace=PT0S]]"
            Gather.each(Iterable { iterator { yield(1) } }) { it }.toString() shouldBe
                "Gather[lazy input, GatherOptions[]]"
        }

        test("a future says how far its gather is") {
            val stages = List(3) { CompletableFuture<Int>() }
            val future = Gather.started(stages).name("pages").settled()
            future.toString() shouldBe "GatherFuture[pages, running, 0/3 done]"
            stages[0].complete(1)
            stages[1].completeExceptionally(IOException("boom"))
            future.toString() shouldBe "GatherFuture[pages, running, 2/3 done, 1 failed]"
            stages[2].complete(1)
            future.toString() shouldBe "GatherFuture[pages, completed, 3/3 done, 1 failed]"
        }

        test("a future says how its gather ended") {
            val failed = Gather.started(listOf(CompletableFuture.failedFuture<Int>(IOException("boom")))).all()
            failed.toString() shouldBe "GatherFuture[failed, 1/1 done, 1 failed]"
            val cancelled = Gather.started(listOf(CompletableFuture<Int>())).all()
            cancelled.cancel(true)
            cancelled.toString() shouldBe "GatherFuture[cancelled, 1/1 done, 1 cancelled]"
            val lazy = Gather
                .each(Iterable { iterator { while (true) yield(1) } }) { it }
                .limit(1)
                .executor { }
                .all()
            lazy.toString() shouldBe "GatherFuture[running, 0/? done]"
            lazy.cancel(true)
        }

        test("a task and a scope say what they are") {
            value(1).task().toString() shouldBe "Task"
            value(1).task().named("user").toString() shouldBe "Task[user]"
            Task.async { CompletableFuture.completedFuture(1) }.named("user").toString() shouldBe "Task.async[user]"
            Task.started(CompletableFuture<Int>()).toString() shouldBe "Task.started"
            GatherScope("requests").toString() shouldBe "GatherScope[requests, 0 running]"
            GatherScope().apply { close() }.toString() shouldBe "GatherScope[closed, 0 running]"
        }

        test("an executor that refuses a gather can tell people which") {
            val given = ArrayList<Runnable>()
            val future = Gather
                .of(value(1).task())
                .name("pages")
                .executor(given::add)
                .all()
            given.single().toString() shouldBe "gather pages"
            future.cancel(true)
        }
    })
