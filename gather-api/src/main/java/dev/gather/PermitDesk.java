package dev.gather;

import dev.gather.threads.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link Limiter} is asked for permits, and gets them back: keeps its {@link PermitQueue}
 * under a lock, knows what time it is, and tells those who are granted something when the lock is
 * free again.
 */
final class PermitDesk {
  private final PermitQueue queue; // also the lock, for a few steps at a time and no code of users
  private final WakeUp wakeUp = new WakeUp(() -> change(() -> {}));

  /** Null where the time is that of whoever asks. */
  private final @Nullable Clock own;

  /** In which the rate is kept: that of whoever has asked last. Guarded by the lock. */
  private Clock clock;

  PermitDesk(PermitQueue queue, @Nullable Clock own) {
    this.queue = queue;
    this.own = own;
    this.clock = clockOfAsker();
  }

  /** Another one, of as many permits and this rate. */
  PermitDesk with(RateClock rate) {
    synchronized (queue) {
      return new PermitDesk(new PermitQueue(queue.max(), rate), own);
    }
  }

  void setConcurrent(int max) {
    change(() -> queue.setMax(max));
  }

  void setPerSecond(double permits) {
    change(() -> queue.setRate(permits, clock.nanos()));
  }

  int active() {
    synchronized (queue) {
      return queue.active();
    }
  }

  int waiting() {
    synchronized (queue) {
      return queue.waiting();
    }
  }

  /** A claim that waits will not be granted any more; nothing if it has been granted. */
  void leave(Claim claim) {
    change(() -> queue.leave(claim));
  }

  /** A second time does nothing. */
  void giveBack(Claim claim) {
    change(() -> queue.giveBack(claim));
  }

  /**
   * Whether a claim is granted at once; it is told so only if it is later. If it is not, it waits,
   * or leaves if it must not wait.
   */
  boolean ask(Claim claim, boolean mayWait) {
    List<Claim> others;
    boolean atOnce;
    synchronized (queue) {
      followAsker();
      long now = now();
      if (queue.tryTake(claim, now)) {
        return true;
      }
      queue.ask(claim);
      others = grant(now);
      atOnce = others.remove(claim);
      if (!mayWait) {
        queue.leave(claim);
      }
      wakeUp.after(clock, queue.delay(now), now);
    }
    Grants.tell(others);
    return atOnce;
  }

  private void change(Runnable step) {
    List<Claim> granted;
    synchronized (queue) {
      step.run();
      if (queue.waiting() == 0 && !wakeUp.isSet()) {
        return;
      }
      long now = now();
      granted = grant(now);
      wakeUp.after(clock, queue.delay(now), now);
    }
    Grants.tell(granted);
  }

  private Clock clockOfAsker() {
    return own == null ? Clock.current() : own;
  }

  /** Nobody waits longer or shorter because another comes who has another time; guarded. */
  private void followAsker() {
    if (!queue.hasRate()) {
      return;
    }
    Clock asker = clockOfAsker();
    if (!asker.equals(clock)) {
      long now = asker.nanos();
      queue.moveTime(clock.nanos(), now);
      clock = asker;
      if (wakeUp.isSet()) {
        wakeUp.takeBack();
        wakeUp.after(clock, queue.delay(now), now);
      }
    }
  }

  /** To ask for the time would take as long as all the rest; guarded by the lock. */
  private long now() {
    return queue.hasRate() ? clock.nanos() : 0;
  }

  /** Everybody whose turn it is; guarded by the lock. */
  private List<Claim> grant(long now) {
    List<Claim> granted = new ArrayList<>(1);
    for (Claim claim = queue.next(now); claim != null; claim = queue.next(now)) {
      granted.add(claim);
    }
    return granted;
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "Limiter[", "]");
    synchronized (queue) {
      queue.describe(text);
    }
    return text.toString();
  }
}
