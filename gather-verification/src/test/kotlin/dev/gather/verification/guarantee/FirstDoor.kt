package dev.gather.verification.guarantee

import dev.gather.Completed
import dev.gather.GatherOptions
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAtLeast
import dev.gather.future.Gather
import java.time.Duration
import kotlin.time.toKotlinDuration

/** The first successes that count, through a door. */
interface FirstDoor {
    fun <T> any(
        tasks: List<Piece<out T>>,
        how: How = How(),
        stagger: Duration? = null,
    ): Running<T>

    fun <T> atLeast(
        successes: Int,
        tasks: List<Piece<out T>>,
        how: How = How(),
    ): Running<List<Completed<T>>>

    /** Of items that are read lazily. */
    fun <T> atLeastOf(
        successes: Int,
        items: Iterable<Piece<out T>>,
        how: How = How(),
    ): Running<List<Completed<T>>>

    companion object {
        val both: List<FirstDoor> = listOf(JavaFirst, KotlinFirst)
    }
}

object JavaFirst : FirstDoor {
    override fun <T> any(
        tasks: List<Piece<out T>>,
        how: How,
        stagger: Duration?,
    ): Running<T> = JavaRunning(of(tasks).with(how.options(stagger)).any())

    override fun <T> atLeast(
        successes: Int,
        tasks: List<Piece<out T>>,
        how: How,
    ) = JavaRunning(of(tasks).with(how.options()).atLeast(successes))

    override fun <T> atLeastOf(
        successes: Int,
        items: Iterable<Piece<out T>>,
        how: How,
    ) = JavaRunning(Gather.each<Piece<out T>, T>(items) { it.block() }.with(how.options()).atLeast(successes))

    private fun <T> of(tasks: List<Piece<out T>>): Gather<T> = Gather.of(tasks.map { it.task() })

    private fun How.options(stagger: Duration? = null) =
        GatherOptions
            .builder()
            .limit(limit)
            .timeout(timeout)
            .taskTimeout(taskTimeout)
            .stagger(stagger)
            .name(name)
            .listener(listener)
            .build()

    override fun toString() = "Java"
}

object KotlinFirst : FirstDoor {
    override fun <T> any(
        tasks: List<Piece<out T>>,
        how: How,
        stagger: Duration?,
    ): Running<T> =
        KotlinDoor.start {
            gatherAny(
                *tasks.suspending(),
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                taskTimeout = how.taskTimeout?.toKotlinDuration(),
                stagger = stagger?.toKotlinDuration(),
                options = how.unnamed(),
            )
        }

    override fun <T> atLeast(
        successes: Int,
        tasks: List<Piece<out T>>,
        how: How,
    ): Running<List<Completed<T>>> =
        KotlinDoor.start {
            gatherAtLeast(
                successes,
                *tasks.suspending(),
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                taskTimeout = how.taskTimeout?.toKotlinDuration(),
                options = how.unnamed(),
            )
        }

    override fun <T> atLeastOf(
        successes: Int,
        items: Iterable<Piece<out T>>,
        how: How,
    ): Running<List<Completed<T>>> =
        KotlinDoor.start {
            items.gatherAtLeast(
                successes,
                limit = how.limit,
                timeout = how.timeout?.toKotlinDuration(),
                options = how.unnamed(),
            ) { it.suspending() }
        }

    override fun toString() = "Kotlin"
}
