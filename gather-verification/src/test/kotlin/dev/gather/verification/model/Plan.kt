package dev.gather.verification.model

import dev.gather.FailurePolicy
import dev.gather.coroutines.UNLIMITED

/** A gather to be run, as plain data. All times are virtual milliseconds. */
data class Plan(
    val tasks: List<Node>,
    val settled: Boolean = false,
    val limit: Int = UNLIMITED,
    val policy: FailurePolicy = FailurePolicy.CANCEL_OTHERS,
    val timeout: Long? = null,
    val taskTimeout: Long? = null,
    /** Whether the input is an iterable of which nobody knows the size. */
    val lazy: Boolean = false,
    /** When it is cancelled from outside; only for the outermost. */
    val cancelAt: Long? = null,
) {
    override fun toString() = "\n" + describe("").joinToString("\n")

    private fun describe(label: String): List<String> {
        val words =
            listOfNotNull(
                if (settled) "settled" else "all",
                "lazy input".takeIf { lazy },
                "limit $limit".takeIf { limit != UNLIMITED },
                policy.name.takeIf { !settled && policy != FailurePolicy.CANCEL_OTHERS },
                timeout?.let { "timeout $it" },
                taskTimeout?.let { "taskTimeout $it" },
                cancelAt?.let { "cancelled at $it" },
            )
        val lines =
            tasks.withIndex().flatMap { (index, node) ->
                val own = label + index
                when (node) {
                    is Leaf -> listOf("  $own: $node")
                    is Repeat -> listOf("  $own: $label${node.of} again")
                    is Nested -> {
                        val inner = node.plan.describe("$own.")
                        val kind = if (node.running) "running " else ""
                        listOf("  $own: $kind${inner.first()}") + inner.drop(1).map { "  $it" }
                    }
                }
            }
        return listOf(words.joinToString()) + lines
    }
}

sealed interface Node {
    /** Whether it has been started before the gather is. */
    val running: Boolean
}

/** A task that ends by itself [after] so long. */
data class Leaf(
    val after: Long,
    val ends: Ends = Ends.VALUE,
    val onCancel: OnCancel = Stop(),
    val kind: Kind = Kind.BODY,
) : Node {
    override val running get() = kind == Kind.RUNNING

    override fun toString() =
        listOfNotNull(
            kind.name.lowercase().takeIf { kind != Kind.BODY },
            "${ends.words} after $after",
            onCancel.toString().ifEmpty { null },
        ).joinToString()
}

data class Nested(
    val plan: Plan,
    override val running: Boolean = false,
) : Node

/** The same handle as an earlier task of the same gather. */
data class Repeat(
    val of: Int,
    override val running: Boolean = false,
) : Node

enum class Kind { BODY, BLOCKING, RUNNING }

enum class Ends(
    val words: String,
) {
    VALUE("value"),
    FAILURE("fails"),
    SELF_CANCEL("cancels itself"),
}

sealed interface OnCancel

data object Ignore : OnCancel {
    override fun toString() = "ignores cancel"
}

/** Notices that it is cancelled and ends so much later, perhaps with a failure. */
data class Stop(
    val after: Long = 0,
    val breaks: Boolean = false,
) : OnCancel {
    override fun toString() =
        when {
            after == 0L && !breaks -> ""
            breaks -> "cleanup fails after $after"
            else -> "cleans up for $after"
        }
}
