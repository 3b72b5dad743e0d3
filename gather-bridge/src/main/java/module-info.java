import org.jspecify.annotations.NullMarked;

/** Suspend functions for Java callers, and what Java returns for callers in Kotlin. */
@NullMarked
module dev.gather.bridge {
  requires transitive dev.gather.coroutines;
  requires transitive dev.gather.future;

  exports dev.gather.bridge;
}
