package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.CancelReason;
import dev.gather.coroutines.internal.cells.Slots;
import dev.gather.coroutines.internal.cells.StageCell;
import dev.gather.coroutines.internal.cells.Verdict;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The stop of a run × the start of a task: one of the two sees the other, and cancels the task. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the task has seen the stop")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the stop has seen the task")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "the task was missed")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "the task was cancelled twice")
@State
public class StopOfTask {
  private final Verdict verdict = new Verdict();
  private final Slots slots = new Slots(1);

  @Actor
  public void starts(ZZ_Result r) {
    StageCell task = new StageCell();
    slots.set(0, task);
    if (verdict.stop() != null) {
      r.r1 = task.tryCancel();
    }
  }

  @Actor
  public void stops(ZZ_Result r) {
    if (verdict.tryStop(CancelReason.GATHER) && slots.get(0) instanceof StageCell task) {
      r.r2 = task.tryCancel();
    }
  }
}
