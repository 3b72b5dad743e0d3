package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.Limiter.Permit;
import dev.gather.threads.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several are granted a permit by one change, and what depends on one waits for another. */
@Timeout(60)
class GrantsTest {
  private final Limiter limiter = Limiter.concurrent(1);
  private final Permit first = limiter.acquire().join();

  static Stream<Arguments> waysToWait() {
    Map<String, BiConsumer<CompletableFuture<Permit>, Limiter>> ways =
        Map.of(
            "for the future",
            (next, limiter) -> await(next),
            "for what is derived from it",
            (next, limiter) -> await(next.thenApply(permit -> permit)),
            "for all of some",
            (next, limiter) -> await(CompletableFuture.allOf(next, next)),
            "for what a dependent does",
            (next, limiter) -> {
              CountDownLatch done = new CountDownLatch(1);
              next.thenRun(done::countDown);
              await(done);
            },
            "for another thread that waits for it",
            (next, limiter) ->
                await(CompletableFuture.runAsync(() -> await(next), DaemonThreads.EXECUTOR)),
            "without giving up its thread",
            (next, limiter) -> {
              long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
              while (!next.isDone()) {
                assertTrue(System.nanoTime() - end < 0, "in vain");
                Thread.onSpinWait();
              }
            });
    return ways.entrySet().stream().map(way -> Arguments.of(way.getKey(), way.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waysToWait")
  void aDependentOfTheFirstWaitsForTheSecond(
      String name, BiConsumer<CompletableFuture<Permit>, Limiter> wait) throws Exception {
    CompletableFuture<Permit> second = limiter.acquire();
    CompletableFuture<Permit> third = limiter.acquire();
    CompletableFuture<String> waited =
        second.thenApply(
            permit -> {
              wait.accept(third, limiter);
              return "waited";
            });
    limiter.setConcurrent(3);
    assertEquals("waited", soon(waited));
    assertTrue(third.isDone());
    assertEquals(3, limiter.active());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 30})
  void eachWaitsForTheNext(int many) throws Exception {
    List<CompletableFuture<Permit>> futures = acquire(many);
    List<CompletableFuture<Integer>> seen = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      CompletableFuture<?> next = i + 1 < many ? futures.get(i + 1) : null;
      int number = i;
      seen.add(
          futures
              .get(i)
              .thenApply(
                  permit -> {
                    if (next != null) {
                      await(next.thenRun(() -> {}));
                    }
                    return number;
                  }));
    }
    limiter.setConcurrent(many + 1);
    for (int i = 0; i < many; i++) {
      assertEquals(i, soon(seen.get(i)));
    }
    assertEquals(many + 1, limiter.active());
  }

  @Test
  void allAreToldInTheirTurnOnTheThreadThatMadeRoomWhenNothingWaits() {
    int many = 10_000;
    List<Integer> order = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    List<CompletableFuture<Permit>> futures = acquire(many);
    for (int i = 0; i < many; i++) {
      int number = i;
      futures
          .get(i)
          .thenRun(
              () -> {
                order.add(number);
                threads.add(Thread.currentThread());
              });
    }
    limiter.setConcurrent(many + 1);
    assertEquals(Stream.iterate(0, i -> i + 1).limit(many).toList(), order);
    assertEquals(List.of(Thread.currentThread()), threads.stream().distinct().toList());
  }

  @Test
  void whatWaitsForeverKeepsNobodyElse() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    List<CompletableFuture<Permit>> futures = acquire(6);
    CompletableFuture<Void> stuck = futures.get(0).thenRun(() -> await(never));
    CompletableFuture<Void> alsoStuck = futures.get(3).thenRun(() -> await(never));
    List<CompletableFuture<Boolean>> held = new ArrayList<>();
    for (CompletableFuture<Permit> future : futures) {
      held.add(future.thenApply(permit -> limiter.held() != null));
    }
    CompletableFuture<Void> changed =
        CompletableFuture.runAsync(() -> limiter.setConcurrent(7), DaemonThreads.EXECUTOR);
    for (int i : List.of(1, 2, 4, 5)) {
      assertEquals(false, soon(held.get(i)));
    }
    assertFalse(stuck.isDone());
    never.countDown();
    soon(stuck);
    soon(alsoStuck);
    soon(changed);
  }

  @Test
  void oneAloneIsToldWithoutAnotherThread() {
    CompletableFuture<Permit> second = limiter.acquire();
    List<Thread> seen = new ArrayList<>();
    second.thenRun(() -> seen.add(Thread.currentThread()));
    first.close();
    assertEquals(List.of(Thread.currentThread()), seen);
    assertNull(limiter.held());
  }

  private List<CompletableFuture<Permit>> acquire(int many) {
    return Stream.generate(limiter::acquire).limit(many).toList();
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static void await(CompletableFuture<?> future) {
    try {
      soon(future);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
