package dev.gather.bridge

import dev.gather.GatherListener
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherOptions
import dev.gather.future.Gather
import dev.gather.future.GatherScope
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import java.io.IOException
import java.time.Duration
import java.util.concurrent.Callable

/** What a gather of the Kotlin door calls may close what that gather runs inside of: it does not wait for itself. */
class HearingInsideSpec :
    FunSpec({
        val onStart = { close: () -> Unit ->
            object : GatherListener {
                override fun onStart(
                    index: Int,
                    taskName: String?,
                ) = close()
            }
        }
        val onEnd = { close: () -> Unit ->
            object : GatherListener {
                override fun onEnd(
                    index: Int,
                    taskName: String?,
                    outcome: Outcome<*>,
                    elapsed: Duration,
                ) = close()
            }
        }
        val bodies =
            mapOf<String, suspend () -> Int>(
                "does not suspend" to { 1 },
                "suspends" to {
                    yield()
                    1
                },
            )

        /** Who is called, by a gather whose bodies do this. */
        val hearing =
            mapOf<String, suspend (suspend () -> Int, () -> Unit) -> Unit>(
                "a listener of starts" to
                    { body, close -> gather(body, body, options = gatherOptions(listener = onStart(close))) },
                "a listener of ends" to
                    { body, close -> gather(body, body, options = gatherOptions(listener = onEnd(close))) },
                "a listener of a flow" to
                    { body, close ->
                        listOf(1, 2)
                            .gatherAsCompleted(options = gatherOptions(listener = onEnd(close))) { body() }
                            .collect {}
                    },
                "a hook for what is released" to
                    { body, close ->
                        runCatching { gather(body, { throw IOException("no route ${body()}") }, release = { close() }) }
                    },
                "a hook for what a flow releases" to
                    { body, close ->
                        listOf(1, 2)
                            .gatherAsCompleted(limit = 1, release = { _: Int ->
                                close()
                            }) { body() }
                            .take(1)
                            .collect {}
                    },
                "a listener of a gather inside of another" to
                    { body, close ->
                        gather({ gather(body, body, options = gatherOptions(listener = onEnd(close))) })
                    },
            )

        /** What is closed, and the gather that runs inside of it. */
        val around =
            mapOf<String, (suspend (() -> Unit) -> Unit) -> Unit>(
                "the door of the call around" to
                    { gathering ->
                        val door = JavaDoor("users")
                        door.future { gathering(door::close) }.terminated().soon()
                    },
                "the door of a call around that waits" to
                    { gathering ->
                        val door = JavaDoor("users")
                        runCatching { door.blocking { gathering(door::close) } }
                    },
                "the door of a task around" to
                    { gathering ->
                        val door = JavaDoor("users")
                        Gather
                            .of(door.task { gathering(door::close) })
                            .settled()
                            .terminated()
                            .soon()
                    },
                "the scope of a blocking body around" to
                    { gathering ->
                        val scope = GatherScope()
                        val body =
                            Callable {
                                runBlocking {
                                    gather(
                                        { withContext(Dispatchers.Default) { gathering(scope::close) } },
                                    )
                                }
                            }
                        Gather
                            .of(Task.of(body))
                            .scope(scope)
                            .settled()
                            .terminated()
                            .soon()
                    },
                "the scope of the task around" to
                    { gathering ->
                        val scope = GatherScope()
                        JavaDoor("users").use { door ->
                            Gather
                                .of(door.task { gathering(scope::close) })
                                .scope(scope)
                                .settled()
                                .terminated()
                                .soon()
                        }
                    },
            )

        for ((what, inside) in around) {
            for ((who, gathering) in hearing) {
                for ((how, body) in bodies) {
                    test("$who closes $what, the body $how") { inTime { inside { gathering(body, it) } } }
                }
            }
        }
    })
