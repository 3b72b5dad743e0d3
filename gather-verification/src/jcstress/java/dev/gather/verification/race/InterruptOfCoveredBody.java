package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Covers;
import dev.gather.coroutines.internal.cells.InterruptCell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZZ_Result;

/**
 * The interrupt of a body × another that begins and ends inside of it, on the same thread: it never
 * hits that one, and waits until the first is on top again.
 */
@JCStressTest
@Outcome(id = "false, false, false, false", expect = ACCEPTABLE, desc = "the body ended first")
@Outcome(id = "false, false, true, true", expect = ACCEPTABLE, desc = "interrupted")
@Outcome(expect = FORBIDDEN, desc = "the wrong body was interrupted, or the interrupt was lost")
@State
public class InterruptOfCoveredBody {
  // They would hardly ever meet: each waits for the other, but not for long.
  private static final int TRIES = 200;

  private final InterruptCell below = new InterruptCell();
  private final InterruptCell onTop = new InterruptCell();
  private volatile boolean hasBegun;
  private volatile boolean isComing;
  private volatile boolean isSent;
  private boolean hasHit;

  @Actor
  public void runs(ZZZZ_Result r) {
    below.begin(1);
    hasBegun = true;
    Covers.around(
        () -> {
          onTop.begin(2);
          for (int i = 0; i < TRIES && !isComing; i++) {
            Thread.onSpinWait();
          }
          hasHit = Thread.currentThread().isInterrupted();
          hasHit |= onTop.end(2) | onTop.wasDisturbed();
        });
    r.r1 = hasHit;
    r.r2 = isSent && !Thread.currentThread().isInterrupted();
    r.r3 = below.end(1) | Thread.interrupted();
  }

  @Actor
  public void cancels(ZZZZ_Result r) {
    for (int i = 0; i < TRIES && !hasBegun; i++) {
      Thread.onSpinWait();
    }
    isComing = true;
    r.r4 = below.interruptBody(1);
    isSent = r.r4;
  }
}
