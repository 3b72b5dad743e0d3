package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Credits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;

/** One who passes × another, and new demand: exactly as many pass as were asked for. */
@JCStressTest
@Outcome(id = "1, 1, false", expect = ACCEPTABLE, desc = "each has passed")
@Outcome(id = "0, 2, false", expect = ACCEPTABLE, desc = "the second has passed twice")
@Outcome(expect = FORBIDDEN, desc = "demand was lost, or used twice")
@State
public class LastCredit {
  private final Credits credits = new Credits();

  public LastCredit() {
    credits.add(1);
  }

  @Actor
  public void passes(IIZ_Result r) {
    r.r1 = credits.tryTake() ? 1 : 0;
  }

  @Actor
  public void asksAndPasses(IIZ_Result r) {
    credits.add(1);
    r.r2 = (credits.tryTake() ? 1 : 0) + (credits.tryTake() ? 1 : 0);
  }

  @Arbiter
  public void areUsed(IIZ_Result r) {
    r.r3 = credits.anyLeft();
  }
}
