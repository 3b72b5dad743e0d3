package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.InterruptCell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZZ_Result;

/**
 * A body that has been interrupted is given up × it returns: both know which came first, and so who
 * ends its task.
 */
@JCStressTest
@Outcome(id = "false, false, false, false", expect = ACCEPTABLE, desc = "the body ended first")
@Outcome(id = "true, false, true, false", expect = ACCEPTABLE, desc = "it ended when interrupted")
@Outcome(
    id = "true, true, true, true",
    expect = ACCEPTABLE,
    desc = "given up, and then it returned")
@Outcome(expect = FORBIDDEN, desc = "they disagree")
@State
public class ReturnOfGivenUpBody {
  // The body is short, and they would hardly ever meet: each waits for the other, but not for long.
  private static final int TRIES = 200;

  private final InterruptCell cell = new InterruptCell();
  private volatile boolean hasBegun;

  @Actor
  public void runs(ZZZZ_Result r) {
    cell.begin(1);
    hasBegun = true;
    for (int i = 0; i < TRIES && !cell.isInterrupted(1); i++) {
      Thread.onSpinWait();
    }
    r.r1 = cell.end(1);
    r.r2 = cell.wasAbandoned() | Thread.interrupted();
  }

  @Actor
  public void givesUp(ZZZZ_Result r) {
    for (int i = 0; i < TRIES && !hasBegun; i++) {
      Thread.onSpinWait();
    }
    r.r3 = cell.interruptBody(1);
    r.r4 = cell.abandon(1);
  }
}
