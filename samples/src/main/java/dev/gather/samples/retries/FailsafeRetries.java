package dev.gather.samples.retries;

import dev.failsafe.Failsafe;
import dev.failsafe.Fallback;
import dev.failsafe.RetryPolicy;
import dev.gather.future.Gather;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Retries and a fallback of Failsafe around what a task does.
 *
 * @param out where to print
 * @param scheduler where asynchronous attempts start
 */
public record FailsafeRetries(PrintStream out, ScheduledExecutorService scheduler) {

  static RetryPolicy<String> policy(Duration pause) {
    // region policy
    RetryPolicy<String> policy =
        RetryPolicy.<String>builder()
            .handle(IOException.class) // what is worth another attempt, by name
            .withMaxAttempts(3)
            .withDelay(pause)
            .build();
    // endregion
    return policy;
  }

  static Gather<String> blocking(List<Endpoint> endpoints, RetryPolicy<String> policy) {
    // region blocking
    Gather<String> answers =
        Gather.each(endpoints, endpoint -> Failsafe.with(policy).get(endpoint::fetch));
    // endregion
    return answers;
  }

  static Gather<String> orElse(List<Endpoint> endpoints, RetryPolicy<String> policy) {
    // region fallback
    Fallback<String> nothing =
        Fallback.<String>builder("nothing").handle(IOException.class).build();

    Gather<String> answers =
        Gather.each(
            endpoints, endpoint -> Failsafe.with(nothing).compose(policy).get(endpoint::fetch));
    // endregion
    return answers;
  }

  Gather<String> async(List<Endpoint> endpoints, RetryPolicy<String> policy) {
    // region async
    Gather<String> answers =
        Gather.eachAsync(
            endpoints,
            endpoint -> Failsafe.with(policy).with(scheduler).getStageAsync(endpoint::fetchAsync));
    // endregion
    return answers;
  }

  void run() {
    out.println("=== blocking ===");
    new Scenes(out, (endpoint, pause) -> blocking(List.of(endpoint), policy(pause))).play();
    out.println("--- no attempt answers, and there is a fallback ---");
    Endpoint orders = FlakyEndpoint.down(out, "orders");
    out.println(orElse(List.of(orders), policy(Duration.ofMillis(10))).all().join());
    out.println("=== asynchronous ===");
    new Scenes(out, (endpoint, pause) -> async(List.of(endpoint), policy(pause))).play();
  }

  public static void main(String[] args) {
    ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    try {
      new FailsafeRetries(System.out, scheduler).run();
    } finally {
      scheduler.shutdownNow();
    }
  }
}
