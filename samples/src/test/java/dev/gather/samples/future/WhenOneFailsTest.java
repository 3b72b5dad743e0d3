package dev.gather.samples.future;

import org.junit.jupiter.api.Test;

/** Where the tutorials contradict each other: what happens to the others when one fails. */
class WhenOneFailsTest {

  @Test
  void eachPolicyInTurn() throws Exception {
    Rehearsal program = Rehearsal.of((out, clock) -> new WhenOneFails(out, clock).run());

    program
        .prints("--- CANCEL_OTHERS ---")
        .asleep(3)
        .secondsPass(1)
        .prints("users finished")
        .secondsPass(0.5)
        .prints(
            "products failed",
            "orders was cancelled",
            "The caller sees: Failed to fetch from products");

    program
        .prints("--- AWAIT_OTHERS ---")
        .asleep(3)
        .secondsPass(1)
        .prints("users finished")
        .secondsPass(0.5)
        .prints("products failed")
        .secondsPass(0.5)
        .prints("orders finished", "The caller sees: Failed to fetch from products");

    program
        .prints("--- LEAVE_OTHERS ---")
        .asleep(3)
        .secondsPass(1)
        .prints("users finished")
        .secondsPass(0.5)
        .prints("products failed", "The caller sees: Failed to fetch from products")
        .secondsPass(0.5)
        .prints("orders finished");

    program.ends();
  }
}
