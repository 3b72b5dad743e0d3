package dev.gather.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClockTest {
  private final Clock system = Clock.current();

  private record Standing(long nanos) implements Clock {
    @Override
    public Runnable schedule(long delayNanos, Runnable action) {
      throw new AssertionError("it never comes");
    }
  }

  @Test
  void withoutAnythingElseItIsTheTimeOfTheSystem() throws Exception {
    long before = System.nanoTime();
    long now = system.nanos();
    assertTrue(now - before >= 0 && System.nanoTime() - now >= 0);
    CompletableFuture<String> thread = new CompletableFuture<>();
    system.schedule(1, () -> thread.complete(Thread.currentThread().getName()));
    assertTrue(thread.get(20, TimeUnit.SECONDS).startsWith("gather-daemon-"));
    CompletableFuture<String> takenBack = new CompletableFuture<>();
    system.schedule(TimeUnit.DAYS.toNanos(1), () -> takenBack.complete("run")).run();
    assertSame(system, Clock.current());
  }

  @Test
  void whatIsCalledInAnotherTimeHasThatAndNobodyElseHas() throws Exception {
    Clock outer = new Standing(1);
    Clock inner = new Standing(2);
    String value =
        outer.call(
            () -> {
              assertSame(outer, Clock.current());
              assertSame(inner, inner.call(Clock::current));
              assertSame(outer, Clock.current());
              Clock elsewhere =
                  CompletableFuture.supplyAsync(Clock::current, DaemonThreads.EXECUTOR).join();
              assertNotSame(outer, elsewhere);
              return "value";
            });
    assertEquals("value", value);
    assertSame(system, Clock.current());
  }

  @Test
  void whatABodyThrowsLeavesNothingBehind() {
    IllegalStateException error = new IllegalStateException();
    Clock other = new Standing(1);
    assertSame(
        error,
        assertThrows(
            IllegalStateException.class,
            () ->
                other.call(
                    () -> {
                      throw error;
                    })));
    assertSame(system, Clock.current());
  }
}
