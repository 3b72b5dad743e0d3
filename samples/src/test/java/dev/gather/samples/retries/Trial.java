package dev.gather.samples.retries;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the tests of retries have in common: a scheduler to look into, and waits that end. */
final class Trial implements AutoCloseable {
  static final Duration LONG = Duration.ofHours(1);
  static final PrintStream NOWHERE = new PrintStream(PrintStream.nullOutputStream());

  final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);

  Trial() {
    scheduler.setRemoveOnCancelPolicy(true); // so that the queue shows what is still to come
  }

  static String printedBy(Consumer<PrintStream> program) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    program.accept(new PrintStream(printed, true, StandardCharsets.UTF_8));
    return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  /** Waits until as many attempts wait for their time. */
  void awaitWaiting(int attempts) {
    BooleanSupplier isSo = () -> scheduler.getQueue().size() == attempts;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!isSo.getAsBoolean() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(1_000_000); // there is nothing that could be waited for
    }
    assertTrue(isSo.getAsBoolean(), () -> "waiting: " + scheduler.getQueue());
  }

  /** The time has come for every attempt that waits. */
  void timePasses() {
    List.copyOf(scheduler.getQueue()).forEach(Runnable::run);
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
