package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Slots;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * The reader of the input makes room for more tasks than were known × the end of one: neither end
 * is lost.
 */
@JCStressTest
@Outcome(id = "first, later", expect = ACCEPTABLE, desc = "both are there")
@Outcome(expect = FORBIDDEN, desc = "one was lost when there came more blocks")
@State
public class RoomForMore {
  private static final int FIRST = 0;
  private static final int LATER = 4 * 1024; // in the block for which there must be more blocks

  private final Slots slots = new Slots(0);

  public RoomForMore() {
    slots.reserve(FIRST);
  }

  @Actor
  public void reads(LL_Result r) {
    slots.reserve(LATER);
    slots.end(LATER, "later");
  }

  @Actor
  public void ends(LL_Result r) {
    slots.end(FIRST, "first");
  }

  @Arbiter
  public void areThere(LL_Result r) {
    r.r1 = slots.get(FIRST);
    r.r2 = slots.get(LATER);
  }
}
