package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Verdict;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/**
 * An error of the JVM × another, after the failure of a task: one of them takes its place, and it
 * is the one that is kept.
 */
@JCStressTest
@Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "the first")
@Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "the second")
@Outcome(expect = FORBIDDEN, desc = "not exactly one")
@State
public class FirstErrorOfJvmWins {
  private final Verdict verdict = new Verdict();

  public FirstErrorOfJvmWins() {
    verdict.tryFail(new Verdict.FirstFailure(0, null, new Exception(), false));
  }

  @Actor
  public void fails(ZZI_Result r) {
    r.r1 = verdict.tryFail(new Verdict.FirstFailure(1, null, new StackOverflowError(), true));
  }

  @Actor
  public void failsToo(ZZI_Result r) {
    r.r2 = verdict.tryFail(new Verdict.FirstFailure(2, null, new OutOfMemoryError(), true));
  }

  @Arbiter
  public void decides(ZZI_Result r) {
    r.r3 = verdict.failure().index();
  }
}
