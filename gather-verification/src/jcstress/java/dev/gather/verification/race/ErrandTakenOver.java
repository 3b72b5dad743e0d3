package dev.gather.verification.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gather.coroutines.internal.cells.Errand;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/**
 * One gather that leaves an errand and another that takes it over × its arrival: it serves who
 * waits for it, and knows all about the order.
 */
@JCStressTest
@Outcome(id = "false, false, 1", expect = ACCEPTABLE, desc = "it has served the first")
@Outcome(id = "true, false, 0", expect = ACCEPTABLE, desc = "it has served nobody")
@Outcome(id = "true, true, 2", expect = ACCEPTABLE, desc = "it has served the second")
@Outcome(expect = FORBIDDEN, desc = "who waited was not served, or who did not was")
@State
public class ErrandTakenOver {
  private final Order first = new Order(1);
  private final Errand<Order> errand = new Errand<>(first);

  @Actor
  public void passesOn(ZZI_Result r) {
    r.r1 = errand.leave(first);
    r.r2 = errand.adopt(new Order(2));
  }

  @Actor
  public void arrives(ZZI_Result r) {
    Order order = errand.arrive();
    r.r3 = order == null ? 0 : order.number;
  }

  private static final class Order {
    // Not final: the errand alone publishes it.
    int number;

    Order(int number) {
      this.number = number;
    }
  }
}
