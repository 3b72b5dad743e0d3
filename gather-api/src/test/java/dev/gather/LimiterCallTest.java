package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.Limiter.Permit;
import dev.gather.threads.Clock;
import java.io.IOException;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Permits that are there at once are only counted, until somebody has more to ask than whether
 * there is one.
 */
@Timeout(60)
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

  @Test
  void aRateThatIsSetMeanwhileIsForTheNext() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    CompletableFuture<Permit> next =
        limiter.call(
            () -> {
              limiter.setPerSecond(1e-6);
              limiter.setConcurrent(2);
              assertTrue(limiter.acquire(null).isDone(), "the first of the rate");
              return askedByAnother(limiter);
            });
    assertEquals(1, limiter.active(), "what was only counted has been given back");
    assertFalse(next.isDone());
    next.cancel(false);
  }

  @Test
  void whatTheBodyThrowsIsNotLostWhereGivingBackThrows() {
    Limiter limiter = new Limiter(new PermitQueue(1, null), new StoppedClock());
    IOException thrown = new IOException("of the body");
    Exception seen =
        assertThrows(
            Exception.class,
            () ->
                limiter.call(
                    () -> {
                      limiter.setPerSecond(1);
                      limiter.setConcurrent(2);
                      assertTrue(limiter.acquire(null).isDone());
                      assertFalse(askedByAnother(limiter).isDone());
                      throw thrown;
                    }));
    assertSame(thrown, seen);
    assertEquals(StoppedClock.REFUSAL, seen.getSuppressed()[0].getMessage());
  }

  /** Each way to have a permit against each other, on few: the bound holds, and nothing is lost. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void callsAndAsksOfManyThreads(int max) throws Exception {
    Limiter limiter = Limiter.concurrent(max);
    AtomicInteger most = new AtomicInteger();
    Callable<Object> body = counting(most);
    Callable<?> counted = () -> limiter.call(body);
    runAtOnce(
        500,
        counted,
        counted,
        counted,
        () -> limiter.call(() -> limiter.call(body)),
        () -> limiter.call(() -> limiter.held() == null ? null : body.call()),
        () ->
            limiter.call(
                () -> {
                  body.call();
                  limiter.held().close();
                  return 0;
                }),
        () -> {
          try (Permit permit = limiter.acquire().get(20, TimeUnit.SECONDS)) {
            return permit.call(body);
          }
        },
        () -> {
          Permit permit = limiter.tryAcquire();
          if (permit != null) {
            body.call();
            permit.close();
          }
          return 0;
        },
        () -> giveUp(limiter),
        () -> most.accumulateAndGet(limiter.active(), Math::max));
    assertTrue(most.get() <= max, () -> most + " at once, of " + max);
    assertAllAreFree(limiter, max);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void boundsThatChangeMeanwhile(int max) throws Exception {
    Limiter limiter = Limiter.concurrent(max);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger next = new AtomicInteger();
    Callable<Object> body = counting(most);
    Callable<?> counted = () -> limiter.call(body);
    Callable<?> nested = () -> limiter.call(() -> limiter.call(body));
    runAtOnce(
        500,
        counted,
        counted,
        counted,
        nested,
        nested,
        () -> giveUp(limiter),
        () -> {
          limiter.setConcurrent(1 + next.getAndIncrement() % 3);
          return 0;
        });
    assertTrue(most.get() <= 3, () -> most + " at once, of 3 at most");
    limiter.setConcurrent(max);
    assertAllAreFree(limiter, max);
  }

  /** How many are inside of it at most. */
  private static Callable<Object> counting(AtomicInteger most) {
    AtomicInteger inside = new AtomicInteger();
    return () -> {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      Thread.yield();
      return inside.decrementAndGet();
    };
  }

  private static Object giveUp(Limiter limiter) {
    CompletableFuture<Permit> asked = limiter.acquire();
    if (!asked.cancel(false)) {
      asked.join().close();
    }
    return 0;
  }

  private static void assertAllAreFree(Limiter limiter, int max) {
    assertEquals("Limiter[concurrent=" + max + ", active=0, waiting=0]", limiter.toString());
    for (int i = 0; i < max; i++) {
      assertTrue(limiter.acquire(null).isDone());
    }
    assertNull(limiter.tryAcquire());
  }

  /** Time does not pass, and nobody waits for it. */
  private static final class StoppedClock implements Clock {
    static final String REFUSAL = "nobody waits here";

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public Runnable schedule(long delayNanos, Runnable action) {
      throw new IllegalStateException(REFUSAL);
    }
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
