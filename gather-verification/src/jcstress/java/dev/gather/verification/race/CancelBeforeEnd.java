package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Tokens;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * The last task ends × a cancel from outside, which needs a token: the run ends once, and the
 * cancel is over by then or does nothing.
 */
@JCStressTest
@Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "the run had ended")
@Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "the task ends the run")
@Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "the cancel ends the run")
@Outcome(expect = FORBIDDEN, desc = "the run did not end once")
@State
public class CancelBeforeEnd {
  private final Tokens tokens = new Tokens();

  @Actor
  public void ends(ZZZ_Result r) {
    r.r1 = tokens.giveBack();
  }

  @Actor
  public void cancels(ZZZ_Result r) {
    r.r2 = tokens.tryTake();
    r.r3 = r.r2 && tokens.giveBack();
  }
}
