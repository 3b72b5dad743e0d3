package dev.gather.coroutines.internal.input

import java.util.AbstractMap
import java.util.Collections

/** A copy of what stands in a map under its keys, in its order. */
internal class KeyedItems<K> private constructor(
    private val items: List<Any?>,
    private val names: List<String>,
    private val keys: Set<K>,
) {
    fun source(): ListSource = Source(items, names)

    /** Puts what came of the items, which stands in their order, under their keys. */
    fun <R> byKey(results: List<R>): Map<K, R> {
        val found = LinkedHashMap<K, R>()
        keys.forEachIndexed { index, key -> found[key] = results[index] }
        return Collections.unmodifiableMap(found)
    }

    private class Source(
        items: List<Any?>,
        private val names: List<String>,
    ) : ListSource(items) {
        override fun nameOf(index: Int): String = names[index]
    }

    companion object {
        /** The items are the bodies. */
        fun <K> ofTasks(tasks: Map<K, (suspend () -> Any?)?>): KeyedItems<K> =
            read("tasks", tasks) { name, _, body ->
                body ?: throw NullPointerException("tasks[$name] must not be null")
            }

        /** The items are the entries: others than those of the map, which may change with it, or with its iterator. */
        fun <K, V> ofEntries(map: Map<K, V>): KeyedItems<K> =
            read("map", map) { _, key, value -> AbstractMap.SimpleImmutableEntry(key, value) }

        private inline fun <K, V> read(
            what: String,
            map: Map<K, V>,
            itemOf: (name: String, K, V) -> Any,
        ): KeyedItems<K> {
            val items = ArrayList<Any>()
            val names = ArrayList<String>()
            val keys = LinkedHashSet<K>()
            for ((key, value) in map) {
                val name = key.toString() // here and not while tasks run: it is code of a user
                items.add(itemOf(name, key, value))
                names.add(name)
                require(keys.add(key)) { "the keys of $what must differ, but two are equal to $name" }
            }
            return KeyedItems(items, names, keys)
        }
    }
}
