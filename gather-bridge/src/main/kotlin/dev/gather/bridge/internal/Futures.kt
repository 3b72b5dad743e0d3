package dev.gather.bridge.internal

import dev.gather.future.GatherFuture
import dev.gather.spi.FutureMaker
import dev.gather.spi.FutureMakers
import dev.gather.spi.Life
import java.lang.invoke.MethodHandles

/** The futures of the Java door, which has to be there first. */
internal val futures: FutureMaker =
    MethodHandles.lookup().ensureInitialized(GatherFuture::class.java).let { FutureMakers.get() }

internal fun <T> FutureMaker.newGatherFuture(life: Life): GatherFuture<T> = newFuture<T>(life) as GatherFuture<T>

/** Whether it stands for a call of a door, or is derived from what does; else it stands for a gather. */
internal val GatherFuture<*>.isCall: Boolean get() = futures.lifeOf(this) is FutureCoroutine<*>
