package dev.gather.verification.model

import java.util.TreeMap
import java.util.concurrent.atomic.AtomicInteger

/** Everything that can be seen of a gather: filled in by the model and by the engine, then compared as text. */
class Record(
    private val changed: () -> Unit = {},
) {
    private val leaves = TreeMap<String, MutableList<String>>()
    private val outcomes = TreeMap<String, MutableList<() -> String>>()
    private val dropped = ArrayList<() -> String>()
    private var result: () -> String = { "nothing" }
    private var ends = ""

    private val seen = AtomicInteger()

    /** How often something has been seen, dropped errors apart. */
    val count: Int get() = seen.get()

    fun leaf(
        label: String,
        event: String,
        at: Long,
    ) = see { leaves.getOrPut(label) { ArrayList() }.add("$event $at") }

    /** What a listener hears. Text is made at the end: exceptions gather suppressed ones until then. */
    fun outcome(
        label: String,
        text: () -> String,
    ) = see { outcomes.getOrPut(label) { ArrayList() }.add(text) }

    fun dropped(text: () -> String) {
        synchronized(this) { dropped.add(text) }
        changed()
    }

    /** Each error once: those that several gathers of a tree have dropped are told by each. */
    fun allDropped(): Set<String> = synchronized(this) { dropped.map { it() }.toSortedSet() }

    fun result(
        at: Long,
        text: () -> String,
    ) = see { result = { "at $at it ${text()}" } }

    fun end(text: String) = see { ends += "\n  $text" }

    /** Tells so without the lock: whoever waits for it may hold one of its own to ask. */
    private fun see(action: () -> Unit) {
        synchronized(this) { action() }
        seen.incrementAndGet()
        changed()
    }

    @Synchronized
    override fun toString() =
        "\n  ${result()}$ends" +
            leaves.entries.joinToString("") { (label, events) -> "\n  body $label: ${events.joinToString()}" } +
            outcomes.entries.joinToString("") { (label, texts) -> "\n  task $label: ${texts.joinToString { it() }}" } +
            allDropped().joinToString("") { "\n  dropped: $it" }
}
