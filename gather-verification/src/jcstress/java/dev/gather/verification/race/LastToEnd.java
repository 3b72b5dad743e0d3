package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Slots;
import dev.gather.coroutines.internal.cells.Tokens;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The end of one task × the end of another: the last of them ends the run, and sees both results.
 */
@JCStressTest
@Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "the first was last")
@Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "the second was last")
@Outcome(expect = FORBIDDEN, desc = "a result was lost, or the run did not end once")
@State
public class LastToEnd {
  private final Slots slots = new Slots(2);
  private final Tokens tokens = new Tokens();

  public LastToEnd() {
    tokens.take();
  }

  @Actor
  public void ends(II_Result r) {
    slots.end(0, 1);
    if (tokens.giveBack()) {
      r.r1 = sum();
    }
  }

  @Actor
  public void endsToo(II_Result r) {
    slots.end(1, 2);
    if (tokens.giveBack()) {
      r.r2 = sum();
    }
  }

  private int sum() {
    return slots.asList(2).stream().mapToInt(value -> value == null ? 0 : (Integer) value).sum();
  }
}
