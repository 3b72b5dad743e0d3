package dev.gather.coroutines.internal.door

import dev.gather.GatherOptions
import dev.gather.coroutines.internal.input.KeyedItems
import dev.gather.coroutines.internal.input.LazySource
import dev.gather.coroutines.internal.input.ListSource
import dev.gather.coroutines.internal.run.Source
import dev.gather.spi.Snapshot
import kotlin.time.Duration

// What is given to the suspend door. The compiler checks no parameter of a suspend function, and what comes from
// Java may be null.

internal fun requirePresent(
    argument: Any?,
    name: String,
) {
    requirePresent(argument) { name }
}

/** For a name that is put together only where it is needed: most are not. */
internal inline fun requirePresent(
    argument: Any?,
    name: () -> String,
) {
    if (argument == null) throw NullPointerException("${name()} must not be null")
}

internal fun requireElements(
    list: List<Any?>,
    name: String,
) {
    for (at in list.indices) requirePresent(list[at]) { "$name[$at]" }
}

/** A call has the threads of its caller, and returns when its tasks have ended. */
internal fun requireMeaningful(options: GatherOptions?) {
    if (options == null) throw NullPointerException("options must not be null")
    require(options.executor() == null) {
        "options must not have an executor: bodies run on the caller's dispatcher, but it was ${options.executor()}"
    }
    require(options.grace() == null) {
        "options must not have a grace: the call returns when its tasks have ended, but it was ${options.grace()}"
    }
}

internal fun requireNotNegative(
    duration: Duration?,
    name: String,
) = require(duration == null || !duration.isNegative()) { "$name must not be negative, but was $duration" }

internal fun listed(tasks: Array<out Any?>): Source {
    requirePresent(tasks, "tasks")
    val list = tasks.asList()
    requireElements(list, "tasks")
    return ListSource(list)
}

/** A collection is read at the call; what is no more than iterable, as there is room for its items. */
internal fun sourceOf(items: Iterable<*>): Source =
    if (items is Collection<*>) ListSource(Snapshot.of(items)) else LazySource(items)

/** A sequence is read as there is room for its items, like an iterable that is no collection. */
internal fun <A> asItems(items: Sequence<A>): Iterable<A> {
    requirePresent(items, "items")
    return items.asIterable()
}

/** An array is read at the call, like a collection. */
internal fun <A> asItems(items: Array<out A>): Iterable<A> {
    requirePresent(items, "items")
    return items.asList()
}

internal fun <K> keyedTasks(tasks: Map<K, suspend () -> Any?>): KeyedItems<K> {
    requirePresent(tasks, "tasks")
    return KeyedItems.ofTasks(tasks)
}

internal fun <K> keyedEntries(
    map: Map<K, *>,
    body: Any,
): KeyedItems<K> {
    requirePresent(map, "map")
    requirePresent(body, "body") // before the map is read
    return KeyedItems.ofEntries(map)
}
