package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Tokens;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A worker that takes idle tokens and gives them back × one that was refused a thread, who looks
 * whether there is anybody else: the worker is there all the time.
 */
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "the worker was seen")
@Outcome(expect = FORBIDDEN, desc = "the worker was missed")
@State
public class NobodyElseIsBusy {
  // Whoever looks is inside of the other's steps for a moment only.
  private static final int TIMES = 16;

  private final Tokens tokens = new Tokens(); // the first is held by the worker

  public NobodyElseIsBusy() {
    tokens.take(); // by who was refused
  }

  @Actor
  public void works() {
    for (int i = 0; i < TIMES; i++) {
      tokens.takeIdle(1);
      tokens.getBusy();
      tokens.giveBack();
    }
  }

  @Actor
  public void looks(Z_Result r) {
    for (int i = 0; i < TIMES; i++) {
      r.r1 |= tokens.isForsaken();
    }
  }
}
