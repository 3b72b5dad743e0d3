package dev.gather.bridge

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicReference

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
            val asked = AtomicReference<Boolean>()
            val stage =
                object : CompletableFuture<Int>() {
                    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
                        asked.set(mayInterruptIfRunning)
                        return true
                    }
                }
            launch(start = CoroutineStart.UNDISPATCHED) { stage.await() }.cancelAndJoin()
            asked.get() shouldBe false
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
    })
