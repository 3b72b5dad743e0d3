package dev.gather.threads;

import org.jspecify.annotations.Nullable;

/**
 * An element of a coroutine's context that says where a thread is, and so has no meaning for code
 * that runs for the coroutine on another thread.
 */
public interface OfThread {
  /** {@return what that code is to find in its place; null for nothing} */
  default @Nullable BodyContext forOthers() {
    return null;
  }
}
