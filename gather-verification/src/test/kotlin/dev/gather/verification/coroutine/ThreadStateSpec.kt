package dev.gather.verification.coroutine

import dev.gather.verification.guarantee.SECONDS
import dev.gather.verification.guarantee.soon
import dev.gather.verification.race.patiently
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldContain
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.slf4j.MDCContext
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.slf4j.MDC
import java.util.concurrent.Callable
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration.Companion.seconds

/** What belongs to a coroutine and is kept on its thread is there for each body, and for nobody else. */
class ThreadStateSpec :
    FunSpec({
        timeout = (10 * SECONDS).seconds.inWholeMilliseconds

        fun everywhere(
            name: String,
            observe: suspend Ground.() -> Unit,
        ) {
            for (way in listOf(Way.async) + Way.all) {
                test("$name: $way") {
                    val single = Executors.newSingleThreadExecutor()
                    try {
                        for ((place, context) in places(single)) {
                            for ((how, pause) in PAUSES) {
                                withClue("$how, on $place") {
                                    runBlocking(context) {
                                        withTimeout(SECONDS.seconds) {
                                            repeat(ROUNDS) { Ground(way, pause).observe() }
                                        }
                                    }
                                }
                            }
                        }
                        val left = single.submit(Callable { "${STATE.get()} ${MDC.getCopyOfContextMap().orEmpty()}" })
                        left.soon() shouldBe "null {}"
                    } finally {
                        single.shutdown()
                    }
                }
            }
        }

        everywhere("a thread-local of the context is in place around each body, and restored") {
            val local = STATE
            val element = Kept(local, "caller")
            withContext(element) {
                each { i ->
                    val before = local.get()
                    local.set("body $i")
                    pause()
                    // Across a suspension it is put in place again; without one it is the body's own thread.
                    "$before ${local.get()?.replace("body $i", "caller")}"
                } shouldBe List(BODIES) { "caller caller" }
                local.get() shouldBe "caller"
            }
            local.get() shouldBe null
            // A thread that has ended the last body restores its own state after that.
            patiently("a thread to restore its state") { element.installed.get() == 0 }
        }

        everywhere("an element that copies itself is copied for each body") {
            val local = ThreadLocal<MutableList<String>?>()
            val own = mutableListOf("caller")
            withContext(Copied(local, own)) {
                val mine = local.get()!!
                each { i ->
                    local.get()!!.add("body $i")
                    pause()
                    local.get()!!.joinToString()
                } shouldBe List(BODIES) { "caller, body $it" }
                (local.get() === mine) shouldBe true
                mine shouldBe listOf("caller")
            }
            local.get() shouldBe null
        }

        everywhere("what a body puts into the MDC, and leaves there, nobody else sees") {
            MDC.put("request", "r1")
            try {
                withContext(MDCContext(mapOf("request" to "r1"))) {
                    each { i ->
                        val before = MDC.getCopyOfContextMap()
                        MDC.put("item", "$i")
                        pause()
                        before to MDC.getCopyOfContextMap()
                    }.forEachIndexed { i, (before, after) ->
                        before shouldBe mapOf("request" to "r1")
                        after shouldContain ("request" to "r1")
                        after.getOrDefault("item", "$i") shouldBe "$i"
                    }
                    MDC.getCopyOfContextMap() shouldBe mapOf("request" to "r1")
                }
            } finally {
                MDC.clear()
            }
        }

        test("the MDC is one that works") {
            MDC.put("key", "value")
            MDC.getCopyOfContextMap() shouldBe mapOf("key" to "value")
            MDC.clear()
        }
    })

/** Whatever is wrong between threads soon shows. */
private const val ROUNDS = 10

private fun places(single: Executor): Map<String, CoroutineContext> =
    mapOf(
        "Default" to Dispatchers.Default,
        "two of Default" to Dispatchers.Default.limitedParallelism(2),
        "a single thread" to single.asCoroutineDispatcher(),
        "Unconfined" to Dispatchers.Unconfined,
        "runBlocking" to EmptyCoroutineContext,
    )

private val STATE = ThreadLocal<String?>()

private class Kept(
    private val local: ThreadLocal<String?>,
    private val value: String,
) : ThreadContextElement<String?> {
    val installed = AtomicInteger()

    override val key: CoroutineContext.Key<*> get() = Key

    override fun updateThreadContext(context: CoroutineContext): String? {
        installed.incrementAndGet()
        return local.get().also { local.set(value) }
    }

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: String?,
    ) {
        installed.decrementAndGet()
        local.set(oldState)
    }

    private companion object Key : CoroutineContext.Key<Kept>
}

@OptIn(DelicateCoroutinesApi::class) // to be copied
private class Copied(
    private val local: ThreadLocal<MutableList<String>?>,
    private val list: MutableList<String>,
) : CopyableThreadContextElement<MutableList<String>?> {
    override val key: CoroutineContext.Key<*> get() = Key

    override fun updateThreadContext(context: CoroutineContext) = local.get().also { local.set(list) }

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: MutableList<String>?,
    ) = local.set(oldState)

    override fun copyForChild() = Copied(local, list.toMutableList())

    override fun mergeForChild(overwritingElement: CoroutineContext.Element) = copyForChild()

    private companion object Key : CoroutineContext.Key<Copied>
}
