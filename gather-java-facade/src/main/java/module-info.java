import org.jspecify.annotations.NullMarked;

/**
 * The door of Gather for Java: {@link dev.gather.future.Gather} describes what to run and returns a
 * {@link dev.gather.future.GatherFuture}, which is a {@link
 * java.util.concurrent.CompletableFuture}.
 */
@NullMarked
module dev.gather.future {
  requires transitive dev.gather.api;
  requires static transitive org.jspecify;

  exports dev.gather.future;

  uses dev.gather.spi.GatherEngine;
}
