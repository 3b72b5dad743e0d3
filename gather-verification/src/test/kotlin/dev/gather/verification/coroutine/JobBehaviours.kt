package dev.gather.verification.coroutine

import dev.gather.verification.race.Boom
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.util.concurrent.atomic.AtomicInteger

private fun four(value: Any?) = List(BODIES) { value }

private fun butFirst(
    first: String,
    others: String = "untouched",
) = listOf(first) + List(BODIES - 1) { others }

/** The first does something; whether the others notice is what they return. */
private suspend fun Ground.untouched(): String {
    pause()
    currentCoroutineContext().ensureActive()
    return if (currentCoroutineContext().isActive) "untouched" else "touched"
}

val JOBS =
    listOf(
        Behaviour("each body has a job of its own", "$BODIES jobs, not the caller's") {
            val jobs =
                each {
                    pause()
                    myJob()
                }.toSet()
            "${jobs.size} jobs, ${if (myJob() in jobs) "one is" else "not"} the caller's"
        },
        Behaviour("a body's job stays the same, whoever is asked for it", four(1)) {
            each {
                val before = listOf(myJob(), here().coroutineContext.fold(null as Job?) { job, e -> e as? Job ?: job })
                pause()
                (before + myJob() + currentCoroutineContext()[Job]).toSet().size
            }
        },
        Behaviour(
            "a body's job is a child of the gather's, and so of the caller's",
            four("below a shared one, below the caller"),
        ) {
            val caller = myJob()
            val jobs = ArrayList<List<Job>>()
            val found =
                each {
                    pause()
                    val job = myJob()
                    synchronized(jobs) { jobs += job.ancestors }
                    if (job in caller.descendants && caller in job.ancestors) "below the caller" else "elsewhere"
                }
            val shared = jobs.reduce { a, b -> a.filter { it in b } } - caller - caller.ancestors
            found.map { if (shared.isEmpty()) it else "below a shared one, $it" }
        },
        Behaviour("a body's children are those that it has launched", four(1)) {
            each {
                pause()
                val helper = here().launch { awaitCancellation() }
                pause()
                val children = myJob().children.count()
                helper.cancelAndJoin()
                children
            }
        },
        Behaviour("a scope within a body is below its job", four(true)) {
            each {
                pause()
                val job = myJob()
                coroutineScope { myJob().parent == job } &&
                    withContext(Dispatchers.Unconfined) { job in myJob().ancestors }
            }
        },
        Behaviour("a body's job is active inside, and complete afterwards", four("active, complete")) {
            val jobs = each { (if (myJob().isActive) "active" else "not active") to myJob().also { pause() } }
            jobs.map { (inside, job) -> "$inside, ${if (job.isCompleted) "complete" else "not complete"}" }
        },
        Behaviour("nobody cancels the job of a body that ends well", four("not cancelled"), settles = true) {
            each { myJob().also { pause() } }.map { if (it.isCancelled) "cancelled" else "not cancelled" }
        },
        Behaviour("a job is complete afterwards, with a helper that has ended last", four("complete")) {
            val jobs =
                each {
                    myJob().also {
                        here().launch { repeat(3) { yield() } }
                        pause()
                    }
                }
            jobs.map { if (it.isCompleted) "complete" else "not complete" }
        },
        Behaviour("a scope that outlives its body is over", four("cancelled, never ran")) {
            val scopes = each { here().also { pause() } }
            val ran = AtomicInteger()
            scopes.map { scope ->
                val late = scope.launch(Dispatchers.Unconfined) { ran.incrementAndGet() }
                "${if (late.isCancelled) "cancelled" else "not cancelled"}, ${if (ran.get() == 0) "never ran" else "ran"}"
            }
        },
        Behaviour("cancelling the caller cancels every body's job", "cancelled and complete: $BODIES", meets = true) {
            val jobs = List(BODIES) { CompletableDeferred<Job>() }
            supervisorScope {
                val caller =
                    launch {
                        each { i ->
                            pause()
                            jobs[i].complete(myJob())
                            awaitCancellation()
                        }
                    }
                val own = jobs.map { it.await() }
                caller.cancelAndJoin()
                "cancelled and complete: ${own.filter { it.isCancelled && it.isCompleted }.toSet().size}"
            }
        },
        Behaviour(
            "a body that cancels its job is inactive, its siblings are not",
            butFirst("cancelled"),
            settles = true,
        ) {
            fates { i ->
                if (i > 0) return@fates untouched()
                pause()
                currentCoroutineContext().cancel()
                check(!currentCoroutineContext().isActive)
                "a value that nobody gets"
            }
        },
        Behaviour("a body that cancels its job cannot suspend", butFirst("cancelled"), settles = true) {
            fates { i ->
                if (i > 0) return@fates untouched()
                pause()
                currentCoroutineContext().cancel()
                yield()
                "never"
            }
        },
        Behaviour("a body that cancels its job, and throws", butFirst("failed: boom 1"), settles = true) {
            fates { i ->
                if (i > 0) return@fates untouched()
                currentCoroutineContext().cancel()
                throw Boom(1)
            }
        },
        Behaviour("why its job was cancelled is told to that body", butFirst("why why"), settles = true) {
            val told = List(BODIES) { CompletableDeferred<String>() }
            // It ends as one that was cancelled, so what it heard goes another way.
            supervisorScope {
                launch {
                    fates { i ->
                        if (i > 0) return@fates told[i].complete(untouched())
                        pause()
                        currentCoroutineContext().cancel(CancellationException("why"))
                        val first = runCatching { currentCoroutineContext().ensureActive() }.exceptionOrNull()
                        val second = runCatching { yield() }.exceptionOrNull()
                        told[i].complete("${first?.message} ${second?.message}")
                        Unit
                    }
                }.join()
            }
            told.map { if (it.isCompleted) it.await() else "not told" }
        },
        Behaviour("a body that cancels its children", butFirst("helper cancelled", "helper untouched"), meets = true) {
            val launched = List(BODIES) { CompletableDeferred<Unit>() }
            val done = CompletableDeferred<Unit>()
            each { i ->
                pause()
                val helper = here().launch { done.await() }
                launched[i].complete(Unit)
                launched.forEach { it.await() }
                if (i == 0) {
                    myJob().cancelChildren()
                    helper.join()
                    done.complete(Unit)
                }
                helper.join()
                "helper ${if (helper.isCancelled) "cancelled" else "untouched"}"
            }
        },
        Behaviour("a job is complete when its body has ended, and says so then", four("waited for"), meets = true) {
            val told = CompletableDeferred<Unit>()
            val joined = CompletableDeferred<Job>()
            each { i ->
                if (i == 0) {
                    myJob().invokeOnCompletion { told.complete(Unit) }
                    joined.complete(myJob())
                    pause()
                } else {
                    pause()
                    told.await()
                    joined.await().join()
                }
                "waited for"
            }
        },
        Behaviour(
            "on completion each job says how its body ended",
            setOf("0: boom 0", "1: null", "2: null", "3: cancelled"),
            settles = true,
        ) {
            // `async` tells a handler after the job has ended: whoever awaits on another thread may come before it.
            val told = Channel<String>(BODIES)
            fates { i ->
                pause()
                myJob().invokeOnCompletion {
                    told.trySend("$i: ${if (it is CancellationException) "cancelled" else it?.message}")
                }
                if (i == 0) throw Boom(0)
                if (i == 3) currentCoroutineContext().cancel()
            }
            List(BODIES) { told.receive() }.toSet()
        },
        Behaviour("a body cancels the job of another", butFirst("cancelled"), settles = true, meets = true) {
            val first = CompletableDeferred<Job>()
            fates { i ->
                when (i) {
                    0 -> {
                        first.complete(myJob())
                        awaitCancellation()
                    }
                    1 -> first.await().cancelAndJoin()
                    else -> first.await().join()
                }
                untouched()
            }
        },
        Behaviour("a lock is owned by a body's job", four("locked, mine")) {
            val mutex = Mutex()
            each {
                val job = myJob()
                check(!mutex.holdsLock(job)) { "mine before I had it" }
                mutex.withLock(job) {
                    pause()
                    if (mutex.holdsLock(job)) "locked, mine" else "locked, another's"
                }
            }
        },
        Behaviour("a timeout within a body is its own", butFirst("null")) {
            each { i -> if (i > 0) untouched() else "${withTimeoutOrNull(1) { awaitCancellation() }}" }
        },
    )

val HELPERS =
    listOf(
        Behaviour("a task ends after what its body has launched", true, returns = true) {
            each({ log += "end $it" }) { i ->
                here().launch {
                    repeat(3) { yield() }
                    log += "helper $i"
                }
                myJob().invokeOnCompletion { log += "complete $i" }
                pause()
            }
            val order = log.toList()
            (0 until BODIES).all { i ->
                val ends = listOf("complete $i", "end $i").filter { it in order }
                "helper $i" in order && ends.all { order.indexOf("helper $i") < order.indexOf(it) }
            }
        },
        Behaviour("what fails in a helper fails its task", butFirst("failed: boom 0"), settles = true) {
            fates { i ->
                if (i > 0) return@fates untouched()
                here().launch {
                    pause()
                    throw Boom(0)
                }
                pause()
                "a value that nobody gets"
            }
        },
        Behaviour("what fails in a helper cancels its body", butFirst("failed: boom 0"), settles = true, meets = true) {
            fates { i ->
                if (i > 0) return@fates untouched()
                here().launch {
                    pause()
                    throw Boom(0)
                }
                awaitCancellation()
            }
        },
        Behaviour(
            "a body that fails cancels its helpers",
            butFirst("failed: boom 0", "true") + "helpers cancelled: 1",
            settles = true,
            meets = true,
        ) {
            val helpers = List(BODIES) { CompletableDeferred<Job>() }
            val failed = CompletableDeferred<Unit>()
            val fates =
                fates { i ->
                    helpers[i].complete(here().launch { failed.await() })
                    pause()
                    if (i == 0) {
                        helpers[0].await().invokeOnCompletion { failed.complete(Unit) }
                        yield()
                        throw Boom(0)
                    }
                    helpers[0].await().join()
                    currentCoroutineContext().isActive
                }
            val all = helpers.map { it.await() }
            all.joinAll()
            fates + "helpers cancelled: ${all.count { it.isCancelled }}"
        },
        Behaviour(
            "a cancel reaches the helpers of that body",
            butFirst("cancelled") + "helper cancelled: true",
            settles = true,
            meets = true,
        ) {
            val helper = CompletableDeferred<Job>()
            val fates =
                fates { i ->
                    if (i > 0) return@fates untouched()
                    helper.complete(here().launch { awaitCancellation() })
                    pause()
                    currentCoroutineContext().cancel()
                    "a value that nobody gets"
                }
            fates + "helper cancelled: ${helper.await().isCancelled}"
        },
        Behaviour("what a helper launches belongs to the task as well", butFirst("failed: boom 0"), settles = true) {
            fates { i ->
                if (i > 0) return@fates untouched()
                here().launch {
                    pause()
                    here().launch {
                        pause()
                        throw Boom(0)
                    }
                }
                "a value that nobody gets"
            }
        },
    )
