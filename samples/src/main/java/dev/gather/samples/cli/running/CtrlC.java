package dev.gather.samples.cli.running;

import dev.gather.future.GatherFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a running gather at Ctrl-C (and at any other signal that ends the JVM): it is
 * cancelled, its tasks have ended, the command says how far it was. Then the JVM goes, with 130.
 *
 * <p>It is a shutdown hook, since those run for every signal without a handler of our own, and the
 * JVM waits for them. Whoever closes this first, by having the result, makes it harmless.
 */
public final class CtrlC implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  private final Runnable report;
  private final Thread hook = new Thread(this::interrupted, "gather-ctrl-c");
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable GatherFuture<?> gather; // guarded by this
  private @Nullable BaseStream<?, ?> open; // guarded by this
  private boolean going; // guarded by this

  /**
   * From now on until it is closed.
   *
   * @param report says how far the gather was; called when its tasks have ended
   */
  public CtrlC(Runnable report) {
    this.report = report;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** What to cancel. */
  public <R> GatherFuture<R> cancels(GatherFuture<R> future) {
    boolean tooLate;
    synchronized (this) {
      gather = future;
      tooLate = going;
    }
    if (tooLate) {
      future.cancel(true);
    }
    return future;
  }

  /** What to close, which cancels it and waits for its end. */
  public <S extends BaseStream<?, ?>> S closes(S stream) {
    boolean tooLate;
    synchronized (this) {
      open = stream;
      tooLate = going;
    }
    if (tooLate) {
      stream.close();
    }
    return stream;
  }

  private void interrupted() {
    GatherFuture<?> running;
    BaseStream<?, ?> results;
    synchronized (this) {
      going = true;
      running = gather;
      results = open;
    }
    try {
      if (results != null) {
        results.close();
      }
      if (running == null || running.cancel(true)) {
        if (running != null) {
          running.terminated().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        report.run();
      } else {
        // The result was there first; let it be printed.
        closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (TimeoutException e) {
      report.run();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("nobody interrupts a shutdown hook; terminated() never fails", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyGoing) {
      // The JVM is on its way and the hook is running: it decides what is said.
    }
  }
}
