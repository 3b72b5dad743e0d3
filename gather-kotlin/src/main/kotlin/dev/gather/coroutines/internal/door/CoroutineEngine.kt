package dev.gather.coroutines.internal.door

import dev.gather.spi.GatherEngine
import dev.gather.spi.GatherRun
import dev.gather.spi.GatherSink
import dev.gather.spi.Plan
import dev.gather.spi.StreamRun
import dev.gather.spi.StreamSink

/** What the facade finds through ServiceLoader. */
public class CoroutineEngine : GatherEngine {
    override fun prepare(
        plan: Plan,
        sink: GatherSink,
    ): GatherRun = ResultGather(plan, sink)

    override fun prepareStream(
        plan: Plan,
        sink: StreamSink,
    ): StreamRun = StreamGather(plan, sink)
}
