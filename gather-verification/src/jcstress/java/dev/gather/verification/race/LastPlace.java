package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Places;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;

/** A worker that wants a place × another, and a task that ends: no place is lost or taken twice. */
@JCStressTest
@Outcome(id = "1, 1, false", expect = ACCEPTABLE, desc = "each has one")
@Outcome(id = "0, 2, false", expect = ACCEPTABLE, desc = "the second has both")
@Outcome(expect = FORBIDDEN, desc = "a place was lost, or taken twice")
@State
public class LastPlace {
  private final Places places = Places.of(2);

  public LastPlace() {
    places.tryAcquire();
  }

  @Actor
  public void acquires(IIZ_Result r) {
    r.r1 = places.tryAcquire() ? 1 : 0;
  }

  @Actor
  public void releasesAndAcquires(IIZ_Result r) {
    places.release();
    r.r2 = (places.tryAcquire() ? 1 : 0) + (places.tryAcquire() ? 1 : 0);
  }

  @Arbiter
  public void areTaken(IIZ_Result r) {
    r.r3 = places.anyFree();
  }
}
