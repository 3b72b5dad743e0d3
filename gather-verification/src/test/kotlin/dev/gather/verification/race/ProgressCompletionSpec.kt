package dev.gather.verification.race

import dev.gather.Progress
import dev.gather.future.Gather
import dev.gather.verification.guarantee.soon
import java.util.OptionalInt
import java.util.concurrent.CompletableFuture

/** A look at the progress of a gather × the end of its last task. */
class ProgressCompletionSpec :
    RaceSpec({
        race("progress × the last stage completes") {
            val stage = CompletableFuture<String>()
            val future = Gather.started(listOf(stage)).all()
            var seen: Progress? = null
            together(
                { stage.complete("last") },
                { seen = future.progress() },
            )
            tilt(seen!!.ended() == 0)
            check(seen == PENDING || seen == ENDED) { "$seen" }
            future.soon()
            check(future.progress() == ENDED) { "$future" }
        }
    })

private val PENDING = Progress(OptionalInt.of(1), 1, 0, 0, 0)
private val ENDED = Progress(OptionalInt.of(1), 1, 1, 0, 0)
