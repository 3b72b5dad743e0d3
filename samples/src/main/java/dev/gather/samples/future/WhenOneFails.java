package dev.gather.samples.future;

import dev.gather.FailurePolicy;
import dev.gather.GatherException;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.GatherScope;
import java.io.PrintStream;
import java.util.List;

/**
 * What happens to the others when one fails? Tutorial 003 says that they are cancelled, 002 and 004
 * say that they run on. Here a caller chooses; the default is the first.
 */
public record WhenOneFails(PrintStream out, SampleClock clock) {

  String fetchOrFail(String endpoint, double delay, boolean shouldFail)
      throws InterruptedException {
    try {
      clock.sleep(delay);
    } catch (InterruptedException e) {
      out.println(endpoint + " was cancelled");
      throw e;
    }
    if (shouldFail) {
      out.println(endpoint + " failed");
      throw new IllegalArgumentException("Failed to fetch from " + endpoint);
    }
    out.println(endpoint + " finished");
    return endpoint;
  }

  void run(FailurePolicy policy) {
    out.println("--- " + policy + " ---");
    try (GatherScope scope = new GatherScope()) { // owns what LEAVE_OTHERS leaves
      GatherFuture<List<String>> all =
          Gather.<String>of(
                  () -> fetchOrFail("users", 1, false),
                  () -> fetchOrFail("products", 1.5, true),
                  () -> fetchOrFail("orders", 2, false))
              .onFailure(policy)
              .scope(scope)
              .all();
      try {
        all.join();
      } catch (GatherException e) {
        out.println("The caller sees: " + e.getCause().getMessage());
      }
      all.terminated().join(); // without this, closing the scope would cancel what still runs
    }
  }

  void run() {
    run(FailurePolicy.CANCEL_OTHERS); // the default: 003
    run(FailurePolicy.AWAIT_OTHERS);
    run(FailurePolicy.LEAVE_OTHERS); // CPython: 002 and 004
  }

  public static void main(String[] args) {
    new WhenOneFails(System.out, SampleClock.real()).run();
  }
}
