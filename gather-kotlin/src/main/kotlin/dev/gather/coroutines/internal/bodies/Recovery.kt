package dev.gather.coroutines.internal.bodies

import dev.gather.spi.Work

/** Code of the user that has a value for a failure, and is a part of the task, as its body is. */
internal class Recovery(
    private val work: Work,
    private val failure: Throwable,
) : Work {
    override fun kind() = Work.Kind.BLOCKING

    override fun name(): String? = work.name()

    override fun isNamed(): Boolean = work.isNamed

    override fun call(): Any? = work.recover(failure)
}
