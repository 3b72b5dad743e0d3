package dev.gather.coroutines.internal.door

import dev.gather.coroutines.internal.input.LazySource
import dev.gather.coroutines.internal.input.ListSource
import dev.gather.coroutines.internal.run.Source

// What is given to the suspend door. The compiler checks no parameter of a suspend function, and what comes from
// Java may be null.

internal fun requirePresent(
    argument: Any?,
    name: String,
) {
    if (argument == null) throw NullPointerException("$name must not be null")
}

internal fun requireElements(
    list: List<Any?>,
    name: String,
) {
    for (at in list.indices) requirePresent(list[at], "$name[$at]")
}

internal fun listed(tasks: Array<out Any?>): Source {
    requirePresent(tasks, "tasks")
    val list = tasks.asList()
    requireElements(list, "tasks")
    return ListSource(list)
}

internal fun sourceOf(items: Iterable<*>): Source =
    when {
        isPlainList(items) -> ListSource(items as List<*>)
        items !is Collection<*> -> LazySource(items, -1)
        items.isEmpty() -> ListSource(emptyList())
        else -> LazySource(items, minOf(items.size, TRUSTED_SIZE))
    }

/** A list whose elements are just there, not computed, so that several threads may read it at once. */
private fun isPlainList(items: Iterable<*>): Boolean =
    items.javaClass == ArrayList::class.java || items.javaClass.name in PLAIN_LISTS

private const val TRUSTED_SIZE = 1 shl 20

/** What `listOf` and `List.of` give; views may lead to somebody else's code. */
private val PLAIN_LISTS =
    setOf(
        "java.util.Arrays\$ArrayList",
        "java.util.ImmutableCollections\$ListN",
        "java.util.ImmutableCollections\$List12",
    )
