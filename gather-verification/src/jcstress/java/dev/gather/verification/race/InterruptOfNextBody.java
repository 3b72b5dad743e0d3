package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.InterruptCell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** The interrupt of a body × the next one on the same thread: it is never hit by it. */
@JCStressTest
@Outcome(id = "false, false, (true|false)", expect = ACCEPTABLE, desc = "the next body runs on")
@Outcome(expect = FORBIDDEN, desc = "the wrong body was interrupted")
@State
public class InterruptOfNextBody {
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
    cell.end(1);
    cell.begin(2);
    r.r1 = Thread.currentThread().isInterrupted();
    r.r2 = cell.end(2) | Thread.interrupted();
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
