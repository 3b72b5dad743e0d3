package dev.gather.verification.guarantee

import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.GatherOptions
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.lang.reflect.Proxy
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.reflect.jvm.kotlinFunction

class BadInputSpec :
    BothDoors({
        val forEver = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)

        /** What the call itself says, through every function that takes options. */
        fun refusals(
            door: Door,
            how: How,
        ): List<String> {
            val piece = value(1)
            val calls =
                listOf<() -> Running<*>>(
                    { door.all(listOf(piece), how) },
                    { door.settled(listOf(piece), how) },
                    { door.each(listOf(1), how) { piece } },
                    { door.eachSettled(listOf(1), how) { piece } },
                )
            val messages =
                calls.map { call ->
                    val thrown =
                        try {
                            call().end().shouldBeInstanceOf<End.Failed>().thrown
                        } catch (e: IllegalArgumentException) {
                            e
                        }
                    thrown.shouldBeInstanceOf<IllegalArgumentException>().message!!
                }
            piece.timesRun shouldBe 0
            return messages
        }

        for (limit in listOf(0, -1, Int.MIN_VALUE)) {
            both("limit $limit is refused, by name and value, and nothing starts") { door ->
                refusals(door, How(limit = limit)).distinct() shouldBe
                    listOf("limit must be at least 1, but was $limit")
            }
        }

        for (negative in listOf(Duration.ofNanos(-1), Duration.ofHours(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            both("a duration of $negative is refused, by name and value, and nothing starts") { door ->
                for (message in refusals(door, How(timeout = negative))) {
                    message shouldStartWith "timeout must not be negative, but was "
                }
                for (message in refusals(door, How(taskTimeout = negative))) {
                    message shouldStartWith "taskTimeout must not be negative, but was "
                }
            }
        }

        for (huge in listOf(forEver, Duration.ofNanos(Long.MAX_VALUE), Duration.ofDays(1L shl 40))) {
            both("a duration of $huge never passes") { door ->
                val how = How(timeout = huge, taskTimeout = huge)
                door.all(listOf(value(1), value(2)), how).end() shouldBe End.Value(listOf(1, 2))
                door.each(listOf(1, 2), how) { value(it) }.end() shouldBe End.Value(listOf(1, 2))
                val error = IllegalStateException("boom")
                val failing = door.all(listOf(Piece<Int>(), failure(error)), how)
                failing.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
                val piece = Piece<Int>()
                val cancelled = door.all(listOf(piece), how)
                piece.started.soon()
                cancelled.isDone shouldBe false
                cancelled.cancel()
                cancelled.end() shouldBe End.Cancelled
                cancelled.awaitTerminated()
            }
        }

        // ---- inputs that lie

        for (size in listOf(-1, Int.MIN_VALUE, 1, 2, 1000, Int.MAX_VALUE)) {
            both("a collection of three that says its size is $size") { door ->
                val lying =
                    object : AbstractCollection<Int>() {
                        override val size = size

                        override fun iterator() = listOf(1, 2, 3).iterator()
                    }
                door.each(lying) { value(it) }.end() shouldBe End.Value(listOf(1, 2, 3))
                door.each(lying, How(limit = 1)) { value(it) }.end() shouldBe End.Value(listOf(1, 2, 3))
                door.eachSettled(lying) { value(it) }.end() shouldBe End.Value(List(3) { Outcome.Success(it + 1) })
            }
        }

        // ---- callbacks

        for (thrown in listOf(
            IllegalStateException(),
            AssertionError(),
            CancellationException(),
            StackOverflowError(),
        )) {
            both("a listener that throws ${thrown.javaClass.simpleName} changes nothing") { door ->
                val calls = AtomicInteger()
                val how = How(listener = listener { calls.incrementAndGet().also { throw thrown } })
                door.all(listOf(value(1), value(2)), how).end() shouldBe End.Value(listOf(1, 2))
                calls.get() shouldBe 4
                val error = IllegalStateException("boom")
                val failing = door.all(listOf(failure<Int>(error), Piece()), how)
                failing.end().shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs error
                val cleaning = Piece<Int>().failingCleanup(error)
                val cancelled = door.all(listOf(cleaning), how)
                cleaning.started.soon()
                cancelled.cancel()
                cancelled.awaitTerminated()
                cancelled.end() shouldBe End.Cancelled
            }
        }

        both("gathers started from inside a listener, an input and a body") { door ->
            fun nested() = (door.all(listOf(value("n"), value("ested"))).end() as End.Value).value.joinToString("")
            val heard = ConcurrentLinkedQueue<String>()
            val how = How(limit = 1, listener = listener { heard.add(it + nested()) })
            val input = Iterable { listOf(1, 2).asSequence().map { "$it${nested()}" }.iterator() }
            val running = door.each(input, how) { value(it + nested()) }
            running.end() shouldBe End.Value(listOf("1nestednested", "2nestednested"))
            heard.toList() shouldBe listOf("start nested", "end nested", "start nested", "end nested")
        }

        both("a gather started by a listener while its own gather is being cancelled") { door ->
            val heard = ConcurrentLinkedQueue<Any?>()
            val how =
                How(listener = listener { if (it == "end ") heard.add(door.all(listOf(value("new"))).end()) })
            val piece = Piece<Int>()
            val running = door.all(listOf(piece), how)
            piece.started.soon()
            running.cancel()
            running.awaitTerminated()
            running.end() shouldBe End.Cancelled
            heard.toList() shouldBe listOf(End.Value(listOf("new")))
        }

        // ---- odd callers

        both("a caller whose thread is interrupted gets the result and keeps the flag") { door ->
            Thread.currentThread().interrupt()
            val running = door.all(listOf(value(1), value(2)))
            Thread.interrupted() shouldBe true
            running.end() shouldBe End.Value(listOf(1, 2))
        }

        test("a cancelled coroutine starts nothing (Kotlin)") {
            val runs = AtomicInteger()
            val body = suspend { runs.incrementAndGet() }
            val calls =
                listOf<suspend () -> Any?>(
                    { gather(body, body, limit = 1) },
                    { gatherSettled(body, body) },
                    { gather(body, body) { a, b -> a + b } },
                    { gather(body, body, limit = 1) { a, b -> a + b } },
                    { sequenceOf(1, 2).gather { body() } },
                    { arrayOf(1, 2).gather { body() } },
                    { mapOf(1 to 2).gather { body() } },
                    { listOf(1, 2).gather { body() } },
                    { listOf(1, 2).gatherSettled { body() } },
                    { emptyList<Int>().gather { body() } },
                    { gather(body, onFailure = FailurePolicy.LEAVE_OTHERS, scope = CoroutineScope(Job())) },
                )
            for (call in calls) {
                val ended = CompletableFuture<Result<Any?>>()
                CoroutineScope(Dispatchers.Default).launch {
                    currentCoroutineContext().cancel()
                    ended.complete(runCatching { call() })
                }
                ended.soon().exceptionOrNull().shouldBeInstanceOf<CancellationException>()
            }
            runs.get() shouldBe 0
        }

        test("a cancelled coroutine may gather where it cannot be cancelled, and through the Java door (Kotlin)") {
            val seen = CompletableFuture<List<Int>>()
            CoroutineScope(Dispatchers.Default).launch {
                currentCoroutineContext().cancel()
                val own = withContext(NonCancellable) { gather({ 1 }, { 2 }) { a, b -> listOf(a, b) } }
                seen.complete(own + Gather.of({ 3 }, { 4 }).all().soon())
            }
            seen.soon() shouldBe listOf(1, 2, 3, 4)
        }

        test("a deferred in two gathers gives both its value (Kotlin)") {
            val deferred = CompletableDeferred<String>()
            val scope = CoroutineScope(Dispatchers.Default)
            val both =
                List(2) {
                    scope.async(start = CoroutineStart.UNDISPATCHED) { listOf(deferred, deferred).gather() }
                }
            deferred.complete("once")
            both.forEach { it.asCompletableFuture().soon() shouldBe listOf("once", "once") }
        }

        test("a null among the tasks is named by its position (Kotlin)") {
            val scope = CoroutineScope(Dispatchers.Default)
            val runs = AtomicInteger()
            val body = suspend { runs.incrementAndGet() }
            for ((message, call) in mapOf<String, suspend () -> Any?>(
                "tasks[1] must not be null" to { gather(body, fromJava(), limit = 2) },
                "tasks[0] must not be null" to { gatherSettled(fromJava(), body) },
                "b must not be null" to { gather(body, fromJava<suspend () -> Int>()) { a, b -> a + b } },
                "running[0] must not be null" to { listOf<Deferred<Int>>(fromJava()).gather() },
            )) {
                val seen = CompletableFuture<Result<Any?>>()
                scope.launch { seen.complete(runCatching { call() }) }
                val thrown = seen.soon().exceptionOrNull()
                thrown.shouldBeInstanceOf<NullPointerException>().message shouldBe message
            }
            runs.get() shouldBe 0
        }

        // ---- null, from callers the Kotlin compiler has not checked

        test("null for every parameter that does not take it is refused by name (Kotlin)") {
            val methods = doorMethods()
            methods.size shouldBeGreaterThan 10
            var tried = 0
            for (method in methods) {
                for ((index, parameter) in method.kotlinFunction!!.parameters.withIndex()) {
                    if (method.parameterTypes[index].isPrimitive || parameter.name in OPTIONS) continue
                    val arguments = method.parameterTypes.map(::sample).toTypedArray()
                    arguments[index] = null
                    val thrown = shouldThrow<InvocationTargetException> { method.invoke(null, *arguments) }.cause
                    val message = thrown.shouldBeInstanceOf<NullPointerException>().message!!
                    parameter.name?.let { message shouldContain it } // else the receiver
                    tried++
                }
            }
            tried shouldBeGreaterThan 40
        }
    })

private fun listener(onEvent: (String) -> Unit) =
    object : GatherListener {
        override fun onStart(
            index: Int,
            taskName: String?,
        ) = onEvent("start ")

        override fun onEnd(
            index: Int,
            taskName: String?,
            outcome: Outcome<*>,
            elapsed: Duration,
        ) = onEvent("end ")

        override fun onDroppedError(
            index: Int,
            taskName: String?,
            error: Throwable,
        ) = onEvent("dropped ")
    }

/** Null, which Java can pass as any type. */
private fun <T> fromJava(): T = AtomicReference<T>().get()

/** What may be null. */
private val OPTIONS =
    setOf("limit", "onFailure", "timeout", "taskTimeout", "stagger", "limiter", "scope", "name", "listener", "release")

private val DOORS =
    listOf(
        "Gather",
        "GatherTyped",
        "GatherTypedOptions",
        "GatherDeferred",
        "GatherFirst",
        "GatherFlow",
        "GatherItems",
        "GatherKeyed",
        "Limiter",
        "Options",
        "Outcome",
        "Outcomes",
    )

private fun doorMethods(): List<Method> =
    DOORS
        .flatMap { Class.forName("dev.gather.coroutines.${it}Kt").declaredMethods.toList() }
        .filter { Modifier.isPublic(it.modifiers) && (!it.isSynthetic || it.isHiddenFromJava()) }

/** Of Kotlin, since a type of a parameter mangles its name. */
private fun Method.isHiddenFromJava() = '-' in name && !name.endsWith("\$default")

private val UNUSED =
    object : Continuation<Any?> {
        override val context = EmptyCoroutineContext

        override fun resumeWith(result: Result<Any?>) = error("nothing may be started: $result")
    }

/** A type that is not here makes the test fail. */
private fun sample(type: Class<*>): Any? {
    val anyFunction =
        if (type.isInterface && type.name.startsWith("kotlin.jvm.functions.Function")) {
            Proxy.newProxyInstance(
                UNUSED.javaClass.classLoader,
                arrayOf(type),
            ) { _, _, _ -> error("nothing may be started") }
        } else {
            null
        }
    val sample =
        anyFunction ?: when (type) {
            emptyArray<Function1<Any?, Any?>>().javaClass -> emptyArray<Function1<Any?, Any?>>()
            Iterable::class.java -> emptyList<Any>()
            Sequence::class.java -> emptySequence<Any>()
            emptyArray<Any>().javaClass -> emptyArray<Any>()
            Map::class.java -> emptyMap<Any, Any>()
            Flow::class.java -> emptyFlow<Any>()
            Limiter::class.java -> Limiter.concurrent(1)
            Outcome::class.java -> Outcome.Success(1)
            FailurePolicy::class.java -> FailurePolicy.AWAIT_OTHERS
            Continuation::class.java -> UNUSED
            Int::class.java -> 1
            String::class.java -> "name"
            GatherOptions::class.java -> GatherOptions.defaults()
            Int::class.javaObjectType, kotlin.time.Duration::class.java -> return null
            CoroutineScope::class.java, GatherListener::class.java -> return null
            else -> null
        }
    check(sample != null) { "add a sample of $type" }
    return sample
}
