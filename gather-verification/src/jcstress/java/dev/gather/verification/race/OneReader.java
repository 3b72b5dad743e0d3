package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Baton;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * One who reads the input × another: they read one after the other, each sees what the other has
 * read, and who leaves is known to who reads.
 */
@JCStressTest
@Outcome(id = "0, 0, 2", expect = ACCEPTABLE, desc = "one after the other")
@Outcome(id = "1, -1, 1", expect = ACCEPTABLE, desc = "the second has left")
@Outcome(id = "-1, 1, 1", expect = ACCEPTABLE, desc = "the first has left")
@Outcome(expect = FORBIDDEN, desc = "both read at once, or nobody knows of one that has left")
@State
public class OneReader {
  private static final int LEFT = -1;

  private final Baton baton = new Baton(1); // who waits for longer never leaves: a read is short

  // A plain field, as an iterator has them: the baton alone publishes it.
  private int read;

  @Actor
  public void reads(III_Result r) {
    r.r1 = takeAndRead();
  }

  @Actor
  public void readsToo(III_Result r) {
    r.r2 = takeAndRead();
  }

  @Arbiter
  public void isAtItsEnd(III_Result r) {
    r.r3 = read;
  }

  private int takeAndRead() {
    if (!baton.takeOrLeave()) {
      return LEFT;
    }
    read++;
    return baton.giveBack();
  }
}
