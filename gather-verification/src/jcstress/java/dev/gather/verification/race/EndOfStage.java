package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.StageCell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * The cancel of a task, which is given up at once, × the end of its stage: the task ends once, and
 * both know how.
 */
@JCStressTest
@Outcome(id = "false, false, ended", expect = ACCEPTABLE, desc = "the stage ended first")
@Outcome(id = "true, false, cancelled", expect = ACCEPTABLE, desc = "cancelled, and then it ended")
@Outcome(id = "true, true, back", expect = ACCEPTABLE, desc = "given up, and then it came back")
@Outcome(expect = FORBIDDEN, desc = "they disagree, or the end was lost")
@State
public class EndOfStage {
  private final StageCell task = new StageCell();

  @Actor
  public void cancels(ZZL_Result r) {
    r.r1 = task.tryCancel();
    r.r2 = task.tryAbandon();
  }

  @Actor
  public void ends(ZZL_Result r) {
    if (task.tryEnd()) {
      r.r3 = task.wasCancelled() ? "cancelled" : "ended";
    } else if (task.tryComeBack()) {
      r.r3 = "back";
    }
  }
}
