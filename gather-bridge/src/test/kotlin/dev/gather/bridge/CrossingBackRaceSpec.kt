package dev.gather.bridge

import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineStart.ATOMIC
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger

/** A cancel in Kotlin meets the end in Java: both sides agree on which was first, and nothing is left. */
@OptIn(DelicateCoroutinesApi::class)
class CrossingBackRaceSpec :
    FunSpec({
        lateinit var race: Race
        beforeTest { race = Race() }
        afterTest { race.close() }

        test("cancel of a coroutine against the end of the stage that it owns") {
            repeat(RACES) {
                val stage = CompletableFuture<Int>()
                supervisorScope {
                    val caller = async(Dispatchers.Default) { stage.awaitOwned() }
                    race({ caller.cancel() }, { stage.complete(1) })
                    caller.join()
                    stage.isDone shouldBe true
                    if (!caller.isCancelled) caller.await() shouldBe 1
                }
            }
        }

        for ((way, await) in AWAITING) {
            test("cancel of a coroutine against the end of the body that it awaits: $way") {
                repeat(RACES) {
                    val go = CountDownLatch(1)
                    val started = Signal()
                    val running = AtomicInteger()
                    val body =
                        Task.of {
                            running.incrementAndGet()
                            try {
                                started.come()
                                go.await()
                                1
                            } finally {
                                running.decrementAndGet()
                            }
                        }
                    supervisorScope {
                        val caller = async(Dispatchers.Default) { await(body) }
                        if (it % 2 == 0) withContext(Dispatchers.IO) { started.soon() }
                        race({ caller.cancel() }, { go.countDown() })
                        caller.join()
                        running.get() shouldBe 0
                        if (!caller.isCancelled) caller.await() shouldBe 1
                    }
                }
            }
        }

        for ((way, gather) in GATHERING) {
            for ((what, end) in ENDS) {
                test("cancel of a coroutine against the $what of one of the stages that it gathers: $way") {
                    repeat(RACES) {
                        val stages = List(3) { CompletableFuture<Int>() }
                        stages[0].complete(0)
                        supervisorScope {
                            val caller = async(Dispatchers.Default, ATOMIC) { gather(stages) }
                            race({ caller.cancel() }, { end(stages[1]) })
                            caller.join()
                            // It owns them although it may have been cancelled before it began. Nobody has ended the last
                            // but the cancel of the caller, or the failure of the other.
                            stages.all { it.isDone } shouldBe true
                            stages[2].isCancelled shouldBe true
                        }
                    }
                }
            }
        }

        test("cancel of a coroutine against the end of the stage that it shares") {
            repeat(RACES) {
                val stage = CompletableFuture<Int>()
                supervisorScope {
                    val caller = async(Dispatchers.Default) { stage.awaitShared() }
                    race({ caller.cancel() }, { stage.complete(1) })
                    caller.join()
                    stage.join() shouldBe 1
                    if (!caller.isCancelled) caller.await() shouldBe 1
                }
            }
        }
    })

private val AWAITING =
    mapOf<String, suspend (Task<Int>) -> Int>(
        "GatherFuture.await" to {
            Gather
                .of(it)
                .all()
                .await()
                .single()
        },
        "Task.await" to { it.await() },
        "Gather.awaitAll" to { Gather.of(it).awaitAll().single() },
        "awaitGather" to { awaitGather { Gather.of(it).any() } },
        "KeyedGather.awaitAll" to { Gather.keyed(mapOf("a" to it)).awaitAll().getValue("a") },
        "in a scope of its own" to {
            coroutineScope { Gather.of(it).scope(asGatherScope()).all() }
                .awaitShared()
                .single()
        },
        "Gather.awaitSettled" to {
            Gather
                .of(it)
                .awaitSettled()
                .single()
                .getOrThrow()
        },
    )

private val ENDS =
    mapOf<String, (CompletableFuture<Int>) -> Unit>(
        "value" to { it.complete(1) },
        "failure" to { it.completeExceptionally(IOException("no route")) },
    )

private val GATHERING =
    mapOf<String, suspend (List<CompletableFuture<Int>>) -> Any>(
        "gather" to { it.gather() },
        "gatherSettled" to { it.gatherSettled() },
        "gatherAsCompleted" to { it.gatherAsCompleted().toList() },
    )
