package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Tokens;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * One of the last two to go, who gives up a third, × the other: one of them is told that only such
 * are left.
 */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "who has given it up was last")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the other was last")
@Outcome(expect = FORBIDDEN, desc = "both or nobody was told")
@State
public class RestIsGivenUp {
  private final Tokens tokens = new Tokens(); // the first is held by who does not stop

  public RestIsGivenUp() {
    tokens.take();
    tokens.take();
  }

  @Actor
  public void givesUp(ZZ_Result r) {
    tokens.giveUp();
    tokens.giveBack();
    r.r1 = tokens.isRestGivenUp();
  }

  @Actor
  public void ends(ZZ_Result r) {
    tokens.giveBack();
    r.r2 = tokens.isRestGivenUp();
  }
}
