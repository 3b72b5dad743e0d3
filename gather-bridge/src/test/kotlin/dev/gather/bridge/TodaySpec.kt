package dev.gather.bridge

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.future.asDeferred
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

/** A stage whose work goes on when it is asked to end. */
private class Asked : CompletableFuture<Int>() {
    @Volatile var mayInterrupt: Boolean? = null

    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        mayInterrupt = mayInterruptIfRunning
        return true
    }
}

/** Why there is a bridge: what kotlinx.coroutines does, which is right for it and not enough here. */
class TodaySpec :
    FunSpec({
        test("a future of kotlinx is done while its coroutine still cleans up") {
            val scope = CoroutineScope(Dispatchers.Default)
            val body = CleaningUp()
            val future =
                scope.future {
                    body.run()
                }
            body.started.soon()
            future.cancel(true)
            body.cleaning.soon()
            future.isDone shouldBe true
            body.ended.hasCome shouldBe false
            body.goOn()
            body.ended.soon()
            scope.cancel()
        }

        test("await of kotlinx cancels without an interrupt, and does not wait") {
            val stage = Asked()
            launch(start = CoroutineStart.UNDISPATCHED) { stage.await() }.cancelAndJoin()
            stage.mayInterrupt shouldBe false
            stage.isDone shouldBe false
        }

        test("a stage that was cancelled elsewhere ends the caller in silence") {
            val stage = CompletableFuture<Int>().apply { cancel(true) }
            var after = false
            val caller =
                launch {
                    stage.await()
                    after = true
                }
            caller.join()
            after shouldBe false
            isActive shouldBe true // nobody has been told
        }

        test("a cancel of who awaits a list of stages reaches only the one that it has come to") {
            val stages = List(3) { CompletableFuture<Int>() }
            launch(start = CoroutineStart.UNDISPATCHED) { stages.map { it.await() } }.cancelAndJoin()
            stages.map { it.isCancelled } shouldBe listOf(true, false, false)
        }

        test("a deferred made of a stage has ended when it is cancelled, while the stage goes on") {
            val stage = Asked()
            val deferred = stage.asDeferred()
            deferred.cancelAndJoin()
            stage.mayInterrupt shouldBe false
            stage.isDone shouldBe false
        }

        test("runBlocking on the only thread of a dispatcher waits for itself, until that has another") {
            val queue = LinkedBlockingQueue<Runnable>()
            val executor = ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue)
            val single = executor.asCoroutineDispatcher()
            val end = executor.submit { runBlocking { withContext(single) {} } }
            while (queue.isEmpty()) Thread.onSpinWait() // what it waits for stands behind it
            end.isDone shouldBe false
            executor.maximumPoolSize = 2
            executor.corePoolSize = 2
            end.soon()
            single.close()
        }

        @OptIn(DelicateCoroutinesApi::class)
        test("what is started in GlobalScope is nobody's: it runs on when who has started it has ended") {
            val body = CleaningUp()
            val future = CompletableFuture<CompletableFuture<Nothing>>()
            val starter =
                launch {
                    future.complete(GlobalScope.future { body.run() })
                    awaitCancellation()
                }
            val started = future.await()
            body.started.soon()
            starter.cancelAndJoin()
            body.cleaning.hasCome shouldBe false
            started.cancel(true) // who still has it is the only one that can
            body.goOn()
            body.ended.soon()
        }
    })
