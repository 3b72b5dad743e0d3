package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Credits;
import dev.gather.coroutines.internal.cells.Places;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * New demand × a worker that leaves for want of it: one of the two sees the other, and the task
 * starts.
 */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the worker has seen the demand")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the demand has seen the place")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both; who acquires the place goes on")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "nobody is left to start the task")
@State
public class DemandFindsPlace {
  private final Places places = Places.of(1);
  private final Credits credits = new Credits();

  public DemandFindsPlace() {
    places.tryAcquire();
  }

  @Actor
  public void leaves(ZZ_Result r) {
    places.release();
    r.r1 = credits.anyLeft();
  }

  @Actor
  public void asks(ZZ_Result r) {
    credits.add(1);
    r.r2 = places.anyFree();
  }
}
