package dev.gather.verification.faults

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherSettled
import kotlinx.coroutines.flow.single
import kotlin.time.Duration.Companion.hours

/** A gather around an inner one, whose value is one more. */
internal typealias Level = suspend (inner: suspend () -> Int) -> Int

internal val LEVELS: Map<String, Level> =
    mapOf(
        "gather" to { inner -> gather(inner).single() + 1 },
        "gather beside others" to { inner -> gather(inner, { 0 }).sum() + 1 },
        "gather of items" to { inner -> listOf(1).gather { inner() }.single() + 1 },
        "gather with a deadline" to { inner -> gather(inner, timeout = 1.hours).single() + 1 },
        "gatherSettled" to { inner -> gatherSettled(inner).single().getOrThrow() + 1 },
        "gatherAny" to { inner -> gatherAny(inner) + 1 },
        "gatherAsCompleted" to
            { inner -> listOf(1).gatherAsCompleted { inner() }.single().getOrThrow() + 1 },
    )

/** So many levels around [leaf]. */
internal suspend fun nested(
    level: Level,
    depth: Int,
    leaf: suspend () -> Int,
): Int = if (depth == 0) leaf() else level { nested(level, depth - 1, leaf) }
