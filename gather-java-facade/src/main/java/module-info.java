import org.jspecify.annotations.NullMarked;

/**
 * The door of Gather for Java: {@link dev.gather.future.Gather} describes what to run and returns a
 * {@link dev.gather.future.GatherFuture}, which is a {@link
 * java.util.concurrent.CompletableFuture}.
 */
@NullMarked
@SuppressWarnings("requires-automatic") // context-propagation is no named module yet
module dev.gather.future {
  requires transitive dev.gather.api;
  requires static transitive org.jspecify;
  requires static context.propagation;

  exports dev.gather.future;

  uses dev.gather.spi.GatherEngine;
}
