package dev.gather.verification.model

import java.util.TreeMap

/** Everything that can be seen of a gather: filled in by the model and by the engine, then compared as text. */
class Record {
    private val leaves = TreeMap<String, MutableList<String>>()
    private val outcomes = TreeMap<String, MutableList<() -> String>>()
    private val dropped = ArrayList<() -> String>()
    private var result: () -> String = { "nothing" }
    private var ends = ""

    /** How often a body has said something. */
    @get:Synchronized
    var count = 0
        private set

    @Synchronized
    fun leaf(
        label: String,
        event: String,
        at: Long,
    ) {
        leaves.getOrPut(label) { ArrayList() }.add("$event $at")
        count++
    }

    /** What a listener hears. Text is made at the end: exceptions gather suppressed ones until then. */
    @Synchronized
    fun outcome(
        label: String,
        text: () -> String,
    ) {
        outcomes.getOrPut(label) { ArrayList() }.add(text)
    }

    @Synchronized
    fun dropped(text: () -> String) {
        dropped.add(text)
    }

    @Synchronized
    fun result(
        at: Long,
        text: () -> String,
    ) {
        result = { "at $at it ${text()}" }
    }

    @Synchronized
    fun end(text: String) {
        ends += "\n  $text"
    }

    @Synchronized
    override fun toString() =
        "\n  ${result()}$ends" +
            leaves.entries.joinToString("") { (label, events) -> "\n  body $label: ${events.joinToString()}" } +
            outcomes.entries.joinToString("") { (label, texts) -> "\n  task $label: ${texts.joinToString { it() }}" } +
            dropped
                .map { it() }
                .toSortedSet()
                .joinToString("") { "\n  dropped: $it" }
}
