package dev.gather.verification.guarantee

import dev.gather.coroutines.gather
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainOnly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.minutes

/** Guarantee 38: a Kotlin task sees the caller's coroutine context. */
class ContextSpec :
    FunSpec({
        test("bodies see the caller's elements and dispatcher, and a job of the gather") {
            withContext(Dispatchers.Default + CoroutineName("caller")) {
                val callerJob = currentCoroutineContext()[Job]
                gather(
                    { currentCoroutineContext() },
                    {
                        yield()
                        currentCoroutineContext()
                    },
                ).forEach {
                    it[CoroutineName] shouldBe CoroutineName("caller")
                    it[ContinuationInterceptor] shouldBe Dispatchers.Default
                    it[Job] shouldNotBe callerJob
                }
            }
        }

        test("thread locals of the context are in place in every body, before and after it suspends") {
            val local = ThreadLocal<String>()
            for (timeout in listOf(null, 1.minutes)) {
                withContext(Dispatchers.Default + local.asContextElement("caller")) {
                    (1..1_000)
                        .gather(taskTimeout = timeout) {
                            val before = local.get()
                            delay(1)
                            "$before ${local.get()}"
                        }.toSet() shouldContainOnly setOf("caller caller")
                }
            }
            local.get() shouldBe null
        }

        test("thread context elements are installed and restored in pairs") {
            val element = CountingElement()
            withContext(Dispatchers.Default + element) {
                (1..1_000).gather(limit = 8) { yield() }
                element.depth.get() shouldBe 1
            }
        }
    })

private class CountingElement : ThreadContextElement<Int> {
    val depth: ThreadLocal<Int> = ThreadLocal.withInitial { 0 }

    override val key: CoroutineContext.Key<*> = Key

    override fun updateThreadContext(context: CoroutineContext): Int {
        val before = depth.get()
        depth.set(1)
        return before
    }

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: Int,
    ) = depth.set(oldState)

    private companion object Key : CoroutineContext.Key<CountingElement>
}
