package dev.gather.samples.cli.running;

import dev.gather.CancelReason;
import dev.gather.GatherListener;
import dev.gather.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how and after how long each task ended, and tells the {@link ProgressView}. A gather
 * that is cancelled yields no list, so this is what Ctrl-C has to report from.
 */
public final class Ledger implements GatherListener {
  /** Words for the end of one task, for progress lines. */
  public interface Wording {
    String of(int index, Outcome<?> outcome, Duration elapsed);
  }

  private record Entry(Outcome<?> outcome, Duration elapsed) {}

  private final AtomicReferenceArray<@Nullable Entry> entries;
  private final ProgressView view;
  private final Wording wording;

  public Ledger(int size, ProgressView view, Wording wording) {
    this.entries = new AtomicReferenceArray<>(size);
    this.view = view;
    this.wording = wording;
  }

  @Override
  public void onEnd(int index, @Nullable String taskName, Outcome<?> outcome, Duration elapsed) {
    entries.set(index, new Entry(outcome, elapsed));
    view.ended(outcome.isSuccess(), wording.of(index, outcome, elapsed));
  }

  public int size() {
    return entries.length();
  }

  /** How it ended; cancelled before its start, as far as anybody can tell, if it has not. */
  public Outcome<?> outcome(int index) {
    Entry entry = entries.get(index);
    return entry == null ? new Outcome.Cancelled<>(CancelReason.GATHER, false) : entry.outcome();
  }

  /** Zero if it has not ended. */
  public Duration elapsed(int index) {
    Entry entry = entries.get(index);
    return entry == null ? Duration.ZERO : entry.elapsed();
  }

  /** How many have ended well. */
  public int succeeded() {
    int count = 0;
    for (int i = 0; i < size(); i++) {
      count += outcome(i).isSuccess() ? 1 : 0;
    }
    return count;
  }
}
