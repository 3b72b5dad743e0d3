package dev.gather.verification.guarantee

import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import kotlin.time.Duration.Companion.seconds

/** Guarantees 33 and 52: the task of a body waits for what it has started, but no longer than the grace of that. */
class PartGraceSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        for ((door, gathered) in DOORS) {
            for ((how, body) in LEFT_BY) {
                test("a part that does not stop is given up after its grace: $how, in a body of $door") {
                    val piece = Piece<Int>().ignoringCancel()
                    gathered({ body(piece) }, { piece.started.soon() }).soon()
                    piece.isRunning shouldBe true
                    piece.returns(1)
                    piece.ended.soon()
                }
            }

            test("a part without one is waited for: in a body of $door") {
                val piece = Piece<Int>().ignoringCancel()
                val end = gathered({ Gather.of(piece.task()).all().join() }, { piece.started.soon() })
                piece.noticed.soon()
                end.isDone shouldBe false
                piece.returns(1)
                end.soon()
            }
        }
    })

private val A_MOMENT = Duration.ofMillis(50)

/** A gather of one body that is cancelled when something has started, up to the end of all that it runs. */
private val DOORS: Map<String, (body: () -> Unit, started: () -> Unit) -> CompletableFuture<*>> =
    mapOf(
        "the Java door" to { body, started ->
            val future = Gather.of(Task.of(body)).settled()
            started()
            future.cancel(true)
            future.terminated()
        },
        "the suspend door" to { body, started ->
            val suspending: suspend () -> Unit = {
                currentCoroutineContext().job // so that there is one to hold on to
                body()
            }
            val gather = CoroutineScope(Dispatchers.IO).launch { gatherSettled(suspending) }
            started()
            CompletableFuture.runAsync { runBlocking { gather.cancelAndJoin() } }
        },
    )

/** How a body leaves the one piece that it has started. */
private val LEFT_BY: Map<String, (Piece<Int>) -> Unit> =
    mapOf(
        "its join is released" to { piece ->
            Gather
                .of(piece.task())
                .grace(A_MOMENT)
                .all()
                .join()
        },
        "it does not wait" to { piece ->
            Gather.of(piece.task()).grace(A_MOMENT).all()
            piece.started.soon()
        },
        "it has cancelled that itself" to { piece ->
            val part = Gather.of(piece.task()).grace(A_MOMENT).all()
            piece.started.soon()
            part.cancel(true)
        },
        "it fails" to { piece ->
            Gather.of(piece.task()).grace(A_MOMENT).all()
            piece.started.soon()
            throw IOException("the body fails")
        },
        "a stream that it has opened ends with it" to { piece ->
            val stream = Gather.of(Task.of { 1 }, piece.task()).grace(A_MOMENT).stream()
            stream.iterator().next()
            piece.started.soon()
        },
    )
