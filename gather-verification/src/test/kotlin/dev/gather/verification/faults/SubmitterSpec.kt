package dev.gather.verification.faults

import dev.gather.Limiter
import dev.gather.future.Gather
import dev.gather.verification.guarantee.soon
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.ints.shouldBeGreaterThan
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/**
 * An executor that copies what its submitter's thread holds, as those for security contexts do, is called by the caller
 * of the gather or by one of its bodies, and where neither is there by a thread with nothing in it: never by a stranger
 * who happens to make room.
 */
class SubmitterSpec :
    FunSpec({
        timeout = (3 * PATIENCE).seconds.inWholeMilliseconds

        val user = ThreadLocal<String?>()

        for ((what, how) in HOW) {
            test("no body runs as another user: $what") {
                val pool = Executors.newFixedThreadPool(8)
                val strangers = Executors.newScheduledThreadPool(2)
                try {
                    val copying =
                        Executor { task ->
                            val submitter = user.get()
                            pool.execute {
                                user.set(submitter)
                                try {
                                    task.run()
                                } finally {
                                    user.remove()
                                }
                            }
                        }
                    val seen = ConcurrentLinkedQueue<Pair<String, String?>>()
                    val start = how()
                    val futures = List(USERS) { number ->
                        val name = "user $number"
                        val body = { item: Int ->
                            seen.add(name to user.get())
                            val stage = CompletableFuture<Int>()
                            val complete = {
                                user.set("a stranger")
                                stage.complete(item)
                                user.remove()
                            }
                            strangers.schedule(complete, 1, TimeUnit.MILLISECONDS)
                            stage
                        }
                        val calling = CompletableFuture<CompletableFuture<*>>()
                        val caller = Thread {
                            user.set(name)
                            calling.complete(start(Gather.eachAsync(List(20) { it }, body).executor(copying)))
                        }
                        caller.start()
                        calling.soon()
                    }
                    futures.forEach { it.soon() }
                    seen.size shouldBeGreaterThan 0
                    for ((name, found) in seen) found shouldBeIn listOf(name, null)
                } finally {
                    pool.shutdown()
                    strangers.shutdown()
                }
            }
        }
    })

private const val USERS = 6

/** What may let a task start later than the call; each is made once for all users. */
private val HOW: Map<String, () -> (Gather<Int>) -> CompletableFuture<*>> =
    mapOf(
        "a limit" to { { it.limit(1).all() } },
        "a shared limiter" to { Limiter.concurrent(2).let { limiter -> { it.limiter(limiter).all() } } },
        "a rate" to { Limiter.perSecond(500.0).let { limiter -> { it.limiter(limiter).all() } } },
        "a stagger" to { { it.stagger(Duration.ofMillis(1)).settled() } },
        "a shared limiter that is resized" to {
            val limiter = Limiter.concurrent(1)
            val call: (Gather<Int>) -> CompletableFuture<*> =
                { gather -> gather.limiter(limiter).all().also { limiter.setConcurrent(3) } }
            call
        },
        "the first of several" to { { it.limit(2).atLeast(3) } },
    )
