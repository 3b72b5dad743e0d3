package dev.gather.future;

import dev.gather.spi.Work;
import java.util.concurrent.CompletionStage;

/** Work whose stage may be another gather: that one has ended only when its tasks have. */
abstract class StageWork implements Work {
  @Override
  public CompletionStage<?> terminated(CompletionStage<?> stage) {
    return stage instanceof GatherFuture<?> gather ? gather.terminated() : stage;
  }
}
