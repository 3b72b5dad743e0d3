package dev.gather.samples.future;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Plays a program on a thread of its own, while the test moves the time and reads what is printed.
 *
 * <p>The test says everything the program prints, and when: each {@link #prints} takes the lines
 * that follow, and {@link #ends} finds none left.
 */
final class Rehearsal {
  private static final long BOUND_SECONDS = 30; // only a broken program gets there

  private final ManualClock clock = new ManualClock();
  private final Lines lines = new Lines();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private Rehearsal(BiConsumer<PrintStream, SampleClock> program) {
    PrintStream out = new PrintStream(lines, true, StandardCharsets.UTF_8);
    Thread thread =
        new Thread(
            () -> {
              try {
                program.accept(out, clock);
                end.complete(null);
              } catch (Throwable e) {
                end.completeExceptionally(e);
              } finally {
                lines.close();
              }
            },
            "program");
    thread.setDaemon(true);
    thread.start();
  }

  static Rehearsal of(BiConsumer<PrintStream, SampleClock> program) {
    return new Rehearsal(program);
  }

  /** This many tasks lie in their sleep now. */
  Rehearsal asleep(int count) throws InterruptedException {
    clock.awaitAsleep(count, BOUND_SECONDS);
    return this;
  }

  /** Nothing has happened meanwhile; now the time goes on. */
  Rehearsal secondsPass(double seconds) {
    clock.advance(seconds);
    return this;
  }

  /** These are the next lines. */
  Rehearsal prints(String... expected) throws InterruptedException {
    String next = lines.take(expected.length, BOUND_SECONDS);
    assertEquals(String.join("\n", expected) + "\n", next, "printed at " + clock.now() + " s");
    return this;
  }

  /** The program has ended by itself, and there was nothing else. */
  void ends() throws Exception {
    end.get(BOUND_SECONDS, TimeUnit.SECONDS);
    assertEquals("", lines.take(Integer.MAX_VALUE, BOUND_SECONDS), "printed at the end");
    asleep(0);
  }

  /** What was printed and not yet taken. */
  private static final class Lines extends ByteArrayOutputStream {
    private boolean closed;

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      notifyAll();
    }

    @Override
    public synchronized void close() {
      closed = true;
      notifyAll();
    }

    /** As many lines; fewer if the program ends before or does not print them in time. */
    synchronized String take(int wanted, long timeoutSeconds) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
      while (true) {
        String printed = toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (printed.lines().count() >= wanted && printed.endsWith("\n") || closed || left <= 0) {
          return takeFrom(printed, wanted);
        }
        wait(left);
      }
    }

    private String takeFrom(String printed, int wanted) {
      int length = 0;
      for (int i = 0; i < wanted && length < printed.length(); i++) {
        int end = printed.indexOf('\n', length);
        length = end < 0 ? printed.length() : end + 1;
      }
      reset();
      writeBytes(printed.substring(length).getBytes(StandardCharsets.UTF_8));
      return printed.substring(0, length);
    }
  }
}
