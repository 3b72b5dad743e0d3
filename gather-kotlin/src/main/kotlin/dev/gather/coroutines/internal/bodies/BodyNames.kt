package dev.gather.coroutines.internal.bodies

import dev.gather.spi.Work
import dev.gather.threads.Station
import kotlinx.coroutines.CoroutineName
import kotlin.coroutines.CoroutineContext

// What bodies are called, for whoever looks at coroutines, or at a dump of the threads.

/** @param name that of the task, or its key */
internal fun bodyName(
    gather: String,
    index: Int,
    name: String?,
): String = "$gather[${name ?: index}]"

/** Null if nobody has given a name to the gather or to the task. */
internal fun bodyName(
    gather: String?,
    index: Int,
    work: Work,
): String? = if (gather == null && !work.isNamed) null else bodyName(gather ?: "gather", index, work.name())

/** Null if the coroutine has none. */
internal fun bodyName(context: CoroutineContext): String? = context[CoroutineName]?.name

/** The current thread is called so while it runs this; as before, if that is null. */
internal inline fun <T> onNamedThread(
    name: String?,
    action: () -> T,
): T {
    val named = NamedThread.of(name)
    try {
        return action()
    } finally {
        named?.leave()
    }
}

/** The same on a thread that has run a body, or what that has launched, up to its end: it has its own name again. */
internal inline fun <T> onThreadOfItsOwnName(
    isNamed: Boolean,
    action: () -> T,
): T = onNamedThread(if (isNamed) Station.here()?.get(Station.NAME_BEFORE) as String? else null, action)

/** The current thread is called so, up to the call of [leave] there. */
internal open class NamedThread protected constructor(
    private val name: String,
) {
    private val thread = Thread.currentThread()
    protected val nameBefore: String = thread.name

    init {
        thread.name = name
    }

    /** Others may have given it a name that is there to stay: a scheduler calls its workers as it has room for them. */
    fun leave() {
        if (thread.name == name) thread.name = nameBefore
    }

    /** For a coroutine that goes on there: so that one knows what the thread was called when it ends. */
    class OfCoroutine(
        name: String,
        /** What [Station.leave] needs. */
        val entered: Any,
    ) : NamedThread(name) {
        private val station = Station.open()
        private val before = station[Station.NAME_BEFORE]

        init {
            station[Station.NAME_BEFORE] = nameBefore
        }

        fun leaveCoroutine() {
            station[Station.NAME_BEFORE] = before
            leave()
        }
    }

    companion object {
        fun of(name: String?): NamedThread? = if (name == null || isTaken()) null else NamedThread(name)

        fun ofCoroutine(
            name: String,
            entered: Any,
        ): OfCoroutine? = if (isTaken()) null else OfCoroutine(name, entered)

        /** The thread that keeps the time is known by its name. */
        private fun isTaken() = Timely.isTimer(Thread.currentThread())
    }
}
