package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.HelperCell;
import dev.gather.coroutines.internal.cells.Tokens;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * The call and the arrival of a helper × their revocation: each that was called arrives or is
 * revoked, with its token, and none is called after that.
 */
@JCStressTest
@Outcome(id = "1, 1, 1, 0", expect = ACCEPTABLE, desc = "one has arrived, the other is revoked")
@Outcome(id = "1, 0, 2, 0", expect = ACCEPTABLE, desc = "both are revoked")
@Outcome(id = "0, 0, 1, 0", expect = ACCEPTABLE, desc = "no other is called any more")
@Outcome(expect = FORBIDDEN, desc = "a helper or its token was lost, or counted twice")
@State
public class RevokeOfHelper {
  private static final int WRONG = -1;

  private final Tokens tokens = new Tokens(); // the first is held by the worker that calls
  private final HelperCell helpers = new HelperCell(tokens);
  private boolean hasEnded;

  public RevokeOfHelper() {
    helpers.tryCall(1);
  }

  @Actor
  public void calls(IIII_Result r) {
    r.r1 = helpers.tryCall(2) ? 1 : 0;
    r.r2 = helpers.tryArrive() ? 1 : 0;
    giveBack(r.r2);
  }

  @Actor
  public void revokes(IIII_Result r) {
    r.r3 = helpers.revoke();
    giveBack(r.r3);
  }

  @Arbiter
  public void areStillComing(IIII_Result r) {
    while (helpers.tryArrive()) {
      r.r4++;
    }
    giveBack(r.r4);
    if (hasEnded || !tokens.isLast()) {
      r.r4 = WRONG;
    }
  }

  private void giveBack(int helpers) {
    for (int i = 0; i < helpers; i++) {
      if (tokens.giveBack()) {
        hasEnded = true;
      }
    }
  }
}
