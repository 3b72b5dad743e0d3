package dev.gather.spi;

import dev.gather.threads.BodyContext;
import org.jspecify.annotations.Nullable;

/**
 * What code of a user finds in its thread, wherever it is called for a gather: the context class
 * loader of the caller, their thread locals where there is somebody who knows those, and what the
 * context of their coroutine puts into its thread, if they are one that Gather knows. As they were
 * at the terminal call: what was not there is not there, whatever the thread has been used for
 * before.
 */
public final class CallerContext {
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final @Nullable BodyContext ofCoroutine;
  private final @Nullable BodyContext locals;

  /**
   * That of the calling thread, as it is now.
   *
   * @param locals its thread locals, and what its coroutine has; null for nothing in particular
   * @param ofCoroutine what its coroutine has; null for nothing
   */
  public CallerContext(@Nullable BodyContext locals, @Nullable BodyContext ofCoroutine) {
    this.locals = locals;
    this.ofCoroutine = ofCoroutine;
  }

  /** {@return the part of it that the caller has as a coroutine; null for nothing} */
  public @Nullable BodyContext ofCoroutine() {
    return ofCoroutine;
  }

  /**
   * Whether a thread has all of this already, as far as anybody can know: then nothing need be
   * entered there.
   *
   * @param before its context class loader
   * @return whether there are no thread locals, and the loader is the same
   */
  public boolean isHere(@Nullable ClassLoader before) {
    return locals == null && before == loader;
  }

  /**
   * Runs code in this context; the thread has its own again afterwards.
   *
   * @param code what to run
   */
  public void run(Runnable code) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    Runnable restore = null;
    try {
      restore = enter(thread, before);
      code.run();
    } finally {
      leave(thread, before, restore);
    }
  }

  /**
   * Runs code that must run in any case: without this context, where that cannot be put in place.
   * (It has failed the bodies already, so that somebody hears of it.)
   *
   * @param code what to run
   */
  public void runAnyway(Runnable code) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    Runnable restore = null;
    try {
      try {
        restore = enter(thread, before);
      } catch (Throwable cannotBeSet) {
        restore = null;
      }
      code.run();
    } finally {
      leave(thread, before, restore);
    }
  }

  /**
   * The first half of {@link #run}, for a caller who must not allocate anything. Whether it returns
   * or throws, {@link #leave} has to follow.
   *
   * @param thread the current one
   * @param before its context class loader
   * @return what is to be restored besides
   */
  public @Nullable Runnable enter(Thread thread, @Nullable ClassLoader before) {
    if (before != loader) {
      thread.setContextClassLoader(loader);
    }
    return locals == null ? null : locals.install();
  }

  /**
   * The other half; whatever the code has set meanwhile is gone.
   *
   * @param thread the current one
   * @param before its context class loader as it was
   * @param restore what {@link #enter} has returned
   */
  public void leave(Thread thread, @Nullable ClassLoader before, @Nullable Runnable restore) {
    try {
      if (restore != null) {
        restore.run();
      }
    } finally {
      if (thread.getContextClassLoader() != before) {
        thread.setContextClassLoader(before);
      }
    }
  }
}
