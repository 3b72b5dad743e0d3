package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Handover;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The suspension of a body × its resumption: who comes second goes on, and sees what both have
 * done.
 */
@JCStressTest
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "resumed before the start had returned")
@Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "resumed after it")
@Outcome(expect = FORBIDDEN, desc = "both or nobody went on, or not everything was seen")
@State
public class ResumeOfBody extends Handover {
  // Plain fields: what a worker and its task know is published by the handover alone.
  private int byStart;
  private int byResumption;

  @Actor
  public void starts(II_Result r) {
    byStart = 1;
    if (suspended() != null) {
      r.r1 = byStart + byResumption;
    }
  }

  @Actor
  public void resumes(II_Result r) {
    byResumption = 1;
    if (!isSuspended() && tryLeave("early")) {
      return;
    }
    resumed();
    r.r2 = byStart + byResumption;
  }
}
