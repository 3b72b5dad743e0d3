package dev.gather.samples.retries;

import dev.gather.future.Gather;
import dev.gather.future.Task;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Retries of Resilience4j around what a task does.
 *
 * @param out where to print
 * @param scheduler where asynchronous attempts wait for their time
 */
public record Resilience4jRetries(PrintStream out, ScheduledExecutorService scheduler) {

  static Retry retry(Duration pause) {
    // region retry
    RetryConfig config =
        RetryConfig.custom()
            .retryExceptions(IOException.class) // by default an interrupt as well
            .maxAttempts(3)
            .waitDuration(pause)
            .build();
    Retry retry = Retry.of("endpoints", config);
    // endregion
    return retry;
  }

  static Gather<String> blocking(List<Endpoint> endpoints, Retry retry) {
    // region blocking
    Gather<String> answers =
        Gather.each(endpoints, endpoint -> retry.executeCallable(endpoint::fetch));
    // endregion
    return answers;
  }

  Task<String> async(Endpoint endpoint, Retry retry) {
    // region async
    Attempts<String> attempts = new Attempts<>(endpoint::fetchAsync);
    Task<String> answer =
        Task.<String>async(Retry.decorateCompletionStage(retry, scheduler, attempts))
            .onCancel(attempts::stop);
    // endregion
    return answer;
  }

  void run() {
    out.println("=== blocking ===");
    new Scenes(out, (endpoint, pause) -> blocking(List.of(endpoint), retry(pause))).play();
    out.println("=== asynchronous ===");
    new Scenes(out, (endpoint, pause) -> Gather.of(List.of(async(endpoint, retry(pause))))).play();
  }

  public static void main(String[] args) {
    ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    try {
      new Resilience4jRetries(System.out, scheduler).run();
    } finally {
      scheduler.shutdownNow();
    }
  }
}
