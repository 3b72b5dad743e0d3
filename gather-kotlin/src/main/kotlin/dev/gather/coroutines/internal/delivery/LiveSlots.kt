package dev.gather.coroutines.internal.delivery

import dev.gather.coroutines.internal.cells.Slots
import java.lang.invoke.VarHandle
import java.util.concurrent.ConcurrentHashMap
import java.util.function.ObjIntConsumer

/** Cells of the tasks that are running, and of no others: the input may be without end. */
internal class LiveSlots : Slots(0) {
    private val cells = ConcurrentHashMap<Int, Any>()

    override fun reserve(index: Int) {}

    override fun get(index: Int): Any? = cells[index]

    override fun set(
        index: Int,
        value: Any,
    ) {
        cells[index] = value
        VarHandle.fullFence() // as promised there
    }

    override fun end(
        index: Int,
        value: Any,
    ) {
        cells.remove(index)
    }

    override fun forEach(
        size: Int,
        action: ObjIntConsumer<Any>,
    ) {
        cells.forEach { (index, cell) -> action.accept(cell, index) }
    }
}

/** No cells: tasks that are cancelled with their job need none. */
internal class NoSlots : Slots(0) {
    override fun areKept(): Boolean = false

    override fun reserve(index: Int) {}

    override fun get(index: Int): Any? = null

    override fun set(
        index: Int,
        value: Any,
    ) {}

    override fun end(
        index: Int,
        value: Any,
    ) {}

    override fun forEach(
        size: Int,
        action: ObjIntConsumer<Any>,
    ) {}
}
