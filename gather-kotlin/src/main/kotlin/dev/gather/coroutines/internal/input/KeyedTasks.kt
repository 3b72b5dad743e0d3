package dev.gather.coroutines.internal.input

import java.util.Collections

/** A body, and the key it stands under as people read it. */
internal class KeyedTask(
    val name: String,
    val body: suspend () -> Any?,
)

/** A copy of the tasks of a map, in its order. */
internal class KeyedTasks<K>(
    tasks: Map<K, (suspend () -> Any?)?>,
) {
    private val byKey = LinkedHashMap<K, KeyedTask>()

    init {
        for ((key, body) in tasks) {
            val name = key.toString() // here and not while tasks run: it is code of a user
            if (body == null) throw NullPointerException("tasks[$name] must not be null")
            require(byKey.put(key, KeyedTask(name, body)) == null) {
                "the keys of tasks must differ, but two are equal to $name"
            }
        }
    }

    fun source(): ListSource = Source(byKey.values.toList())

    /** Puts what came of the tasks, which stands in their order, under their keys. */
    fun <R> byKey(results: List<R>): Map<K, R> {
        val found = LinkedHashMap<K, R>()
        byKey.keys.forEachIndexed { index, key -> found[key] = results[index] }
        return Collections.unmodifiableMap(found)
    }

    private class Source(
        private val tasks: List<KeyedTask>,
    ) : ListSource(tasks) {
        override fun nameOf(index: Int): String = tasks[index].name
    }
}
