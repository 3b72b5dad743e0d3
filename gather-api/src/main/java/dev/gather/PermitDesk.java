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

  /** What the queue says of its slots while this is closed; open, it knows better. */
  private final FreePermits free = new FreePermits();

  private final WakeUp wakeUp = new WakeUp(() -> change(() -> {}));

  /** Null where the time is that of whoever asks. */
  private final @Nullable Clock own;

  /** In which the rate is kept: that of whoever has asked last. Guarded by the lock. */
  private Clock clock;

  PermitDesk(PermitQueue queue, @Nullable Clock own) {
    this.queue = queue;
    this.own = own;
    this.clock = clockOfAsker();
    openUp();
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
      closeUp();
      int active = queue.active();
      openUp();
      return active;
    }
  }

  int waiting() {
    synchronized (queue) {
      return queue.waiting();
    }
  }

  /** Takes a permit for which there is no claim yet; false if that takes more than a look. */
  boolean tryTake() {
    return free.tryTake();
  }

  /** Gives back what was taken without a claim. */
  void giveBack() {
    if (!free.tryGiveBack()) {
      change(queue::giveBackSlot);
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
    if (claim.outer == null) {
      claim.state = Claim.State.HELD; // first: whoever has the lock after it was taken finds it so
      if (free.tryTake()) {
        return true;
      }
      claim.state = Claim.State.WAITING;
    }
    List<Claim> others;
    boolean atOnce;
    synchronized (queue) {
      closeUp();
      followAsker();
      long now = now();
      if (queue.tryTake(claim, now)) {
        openUp();
        return true;
      }
      queue.ask(claim);
      others = grant(now);
      atOnce = others.remove(claim);
      if (!mayWait) {
        queue.leave(claim);
      }
      wakeUp.after(clock, queue.delay(now), now);
      openUp();
    }
    Grants.tell(others);
    return atOnce;
  }

  private void change(Runnable step) {
    List<Claim> granted;
    synchronized (queue) {
      closeUp();
      step.run();
      if (queue.waiting() == 0 && !wakeUp.isSet()) {
        openUp();
        return;
      }
      long now = now();
      granted = grant(now);
      wakeUp.after(clock, queue.delay(now), now);
      openUp();
    }
    Grants.tell(granted);
  }

  /** Before the queue is asked for more than who waits; guarded by the lock. */
  private void closeUp() {
    int left = free.close();
    if (left >= 0) {
      queue.setFree(left);
    }
  }

  /** The last step under the lock. */
  private void openUp() {
    if (queue.isPlain() && queue.free() >= 0) {
      free.open(queue.free());
    }
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
      closeUp();
      queue.describe(text);
      openUp();
    }
    return text.toString();
  }
}
