package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.Limiter.Permit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Permits that are there at once are only counted, until somebody has more to ask than whether
 * there is one.
 */
class LimiterCallTest {
  @Test
  void theOneThatIsHeldIsTheSameForWhoeverLooks() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    AtomicReference<Permit> seen = new AtomicReference<>();
    limiter.call(
        () -> {
          Permit held = limiter.held();
          assertSame(held, limiter.held());
          seen.set(held);
          assertEquals(1, limiter.active());
          return null;
        });
    assertNull(limiter.held());
    assertEquals(0, limiter.active());
    Permit other = limiter.tryAcquire();
    assertFalse(limiter.acquire(seen.get()).isDone(), "it has been given back, and lends nothing");
    assertEquals(1, limiter.waiting());
    other.close();
  }

  @Test
  void whoWaitsMeanwhileGetsWhatIsGivenBack() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    CompletableFuture<Permit> waits =
        limiter.call(
            () -> {
              CompletableFuture<Permit> asked = askedByAnother(limiter);
              assertFalse(asked.isDone());
              return asked;
            });
    waits.get(20, TimeUnit.SECONDS).close();
    assertEquals("Limiter[concurrent=1, active=0, waiting=0]", limiter.toString());
  }

  @Test
  void fewerAreAllowedMeanwhile() throws Exception {
    Limiter limiter = Limiter.concurrent(2);
    limiter.call(
        () -> {
          limiter.setConcurrent(1);
          assertEquals(1, limiter.active());
          assertFalse(askedByAnother(limiter).isDone());
          return null;
        });
    assertEquals(1, limiter.active());
    assertEquals(0, limiter.waiting());
  }

  /** Each kind of step against each other, on few permits: the bound holds, and nothing is lost. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void callsAndAsksAndBoundsThatChange(int max) throws Exception {
    Limiter limiter = Limiter.concurrent(max);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger tooMany = new AtomicInteger();
    Callable<Object> body =
        () -> {
          if (inside.incrementAndGet() > 3) {
            tooMany.incrementAndGet();
          }
          inside.decrementAndGet();
          return 0;
        };
    runAtOnce(
        5_000,
        () -> limiter.call(body),
        () -> limiter.call(() -> limiter.call(body)),
        () -> {
          try (Permit permit = limiter.acquire().get(20, TimeUnit.SECONDS)) {
            return permit.call(body);
          }
        },
        () -> {
          CompletableFuture<Permit> asked = limiter.acquire();
          if (!asked.cancel(false)) {
            asked.join().close();
          }
          return 0;
        },
        () -> {
          limiter.setConcurrent(1 + inside.get() % 3);
          return limiter.active();
        });
    assertEquals(0, tooMany.get());
    limiter.setConcurrent(max);
    assertEquals("Limiter[concurrent=" + max + ", active=0, waiting=0]", limiter.toString());
    for (int i = 0; i < max; i++) {
      assertTrue(limiter.acquire(null).isDone());
    }
    assertNull(limiter.tryAcquire());
  }

  private static CompletableFuture<Permit> askedByAnother(Limiter limiter) {
    return limiter.acquire(null);
  }

  private static void runAtOnce(int times, Callable<?>... steps) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(steps.length);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (Callable<?> step : steps) {
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < times; i++) {
                    step.call();
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
