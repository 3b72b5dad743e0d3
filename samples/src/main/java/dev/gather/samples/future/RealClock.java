package dev.gather.samples.future;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Time as it passes, on one daemon thread that plays the part of Python's event loop. */
final class RealClock implements SampleClock {
  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "sample-clock");
            thread.setDaemon(true);
            return thread;
          });

  @Override
  public double now() {
    return System.nanoTime() / 1e9;
  }

  @Override
  public void sleep(double seconds) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
  }

  @Override
  public CompletableFuture<Void> after(double seconds) {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    loop.schedule(() -> passed.complete(null), (long) (seconds * 1e9), TimeUnit.NANOSECONDS);
    return passed;
  }
}
