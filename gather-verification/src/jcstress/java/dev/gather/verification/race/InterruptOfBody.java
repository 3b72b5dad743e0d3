package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.InterruptCell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** The interrupt of a body × its end: both know whether it was sent, and it never arrives later. */
@JCStressTest
@Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "the body ended first")
@Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "interrupted")
@Outcome(expect = FORBIDDEN, desc = "they disagree, or the flag stays set")
@State
public class InterruptOfBody {
  // The body is short, and they would hardly ever meet: each waits for the other, but not for long.
  private static final int TRIES = 200;

  private final InterruptCell cell = new InterruptCell();
  private volatile boolean hasBegun;
  private volatile boolean isComing;

  @Actor
  public void runs(ZZZ_Result r) {
    cell.begin(1);
    hasBegun = true;
    for (int i = 0; i < TRIES && !isComing; i++) {
      Thread.onSpinWait();
    }
    r.r1 = cell.end(1);
    r.r2 = Thread.interrupted();
  }

  @Actor
  public void cancels(ZZZ_Result r) {
    for (int i = 0; i < TRIES && !hasBegun; i++) {
      Thread.onSpinWait();
    }
    isComing = true;
    r.r3 = cell.interruptBody(1);
  }
}
