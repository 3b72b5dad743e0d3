package dev.gather.spi;

import java.util.List;

/** Where the engine delivers: at most one of the first two, and always, once, the last. */
public interface GatherSink {
  /**
   * All values, or all outcomes if the plan is settled; unmodifiable.
   *
   * @return whether anybody gets them; if not, {@link #terminated} comes once more, after what
   *     becomes of them
   */
  boolean succeeded(List<?> results);

  /** The gather failed. */
  void failed(Throwable failure);

  /**
   * No task of the gather is running any more; comes before the result wherever it can.
   *
   * @param resultFollows whether the result comes now, on this thread: whoever hears of the end may
   *     look at it, so nobody hears before it is there
   */
  void terminated(boolean resultFollows);
}
