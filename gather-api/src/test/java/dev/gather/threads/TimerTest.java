package dev.gather.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TimerTest {
  private static final long DAY = 86_400_000_000_000L;

  /** What is over already, what is soon, and what the JDK may not be asked to add up. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 1_000_000})
  void theActionRunsOnTheExecutorAndNowhereElse(long delay) throws Exception {
    AtomicReference<Thread> called = new AtomicReference<>();
    CompletableFuture<Thread> seen = new CompletableFuture<>();
    Executor ofItsOwn =
        action -> {
          Thread thread = new Thread(action, "its own");
          called.set(thread);
          thread.start();
        };
    Timer.schedule(delay, ofItsOwn, () -> seen.complete(Thread.currentThread()));
    assertSame(soon(seen), called.get());
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 1_000_000})
  void neitherTheTimerNorTheCallerRunsItWhereTheExecutorRunsThingsAtOnce(long delay)
      throws Exception {
    CompletableFuture<Thread> seen = new CompletableFuture<>();
    Timer.schedule(delay, Runnable::run, () -> seen.complete(Thread.currentThread()));
    assertDaemon(soon(seen));
  }

  @Test
  void anExecutorThatBlocksHoldsUpNobodyElse() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    CompletableFuture<String> late = new CompletableFuture<>();
    Executor blocks =
        action -> {
          blocked.countDown();
          await(free);
          action.run();
        };
    Timer.schedule(0, blocks, () -> late.complete("late"));
    await(blocked);
    CompletableFuture<String> other = new CompletableFuture<>();
    Timer.schedule(1, DaemonThreads.EXECUTOR, () -> other.complete("on time"));
    assertEquals("on time", soon(other));
    assertFalse(late.isDone());
    free.countDown();
    assertEquals("late", soon(late));
  }

  @Test
  void anExecutorThatRefusesLosesNothing() throws Exception {
    List<Executor> bad =
        List.of(
            action -> {
              throw new RejectedExecutionException("full");
            },
            action -> {
              throw new IllegalStateException("broken");
            });
    for (Executor executor : bad) {
      CompletableFuture<Thread> seen = new CompletableFuture<>();
      Timer.schedule(1, executor, () -> seen.complete(Thread.currentThread()));
      assertDaemon(soon(seen));
    }
  }

  @Test
  void anActionThatFailsRunsOnce() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    List<String> runs = new ArrayList<>(); // by one thread
    IllegalStateException failure = new IllegalStateException("of the action");
    Executor inline =
        action ->
            new Thread(
                    () -> {
                      try {
                        action.run();
                      } catch (IllegalStateException e) {
                        runs.add("failed");
                        thrown.complete(e);
                      }
                    })
                .start();
    Timer.schedule(
        0,
        inline,
        () -> {
          runs.add("run");
          throw failure;
        });
    assertSame(failure, soon(thrown));
    assertEquals(List.of("run", "failed"), runs);
  }

  @Test
  void whatIsTakenBackAfterItRangDoesNotBegin() throws Exception {
    CompletableFuture<Runnable> rang = new CompletableFuture<>();
    List<String> runs = new ArrayList<>();
    Runnable takeBack = Timer.schedule(0, rang::complete, () -> runs.add("run"));
    Runnable begin = soon(rang);
    takeBack.run();
    takeBack.run();
    begin.run();
    assertEquals(List.of(), runs);
  }

  @Test
  void whatHasBegunIsNotDisturbed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    Runnable takeBack =
        Timer.schedule(
            0,
            DaemonThreads.EXECUTOR,
            () -> {
              begun.countDown();
              await(goOn);
              seen.complete(Thread.currentThread().isInterrupted());
            });
    await(begun);
    takeBack.run();
    goOn.countDown();
    assertEquals(false, soon(seen));
  }

  /** The JDK's queue would hold the one that is returned, and that holds the rest. */
  @ParameterizedTest
  @ValueSource(longs = {DAY, Long.MAX_VALUE})
  void whatIsTakenBackLeavesNothingInTheQueueOfTheJdk(long delay) {
    List<WeakReference<?>> left = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Runnable action = new CountDownLatch(1)::countDown;
      Runnable takeBack = Timer.schedule(delay, DaemonThreads.EXECUTOR, action);
      takeBack.run();
      left.add(new WeakReference<>(takeBack));
      left.add(new WeakReference<>(action));
    }
    assertCleared(left);
  }

  @Test
  void whatHasRunLeavesNothingThere() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    WeakReference<?> left =
        new WeakReference<>(Timer.schedule(1, DaemonThreads.EXECUTOR, () -> seen.complete("run")));
    soon(seen);
    assertCleared(List.of(left));
  }

  private static void assertCleared(List<? extends WeakReference<?>> references) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (references.stream().anyMatch(reference -> reference.get() != null)
        && System.nanoTime() - end < 0) {
      System.gc();
      LockSupport.parkNanos(1_000_000); // there is nothing that could be waited for
    }
    for (WeakReference<?> reference : references) {
      assertNull(reference.get());
    }
  }

  private static void assertDaemon(Thread thread) {
    assertTrue(thread.getName().startsWith("gather-daemon-"), thread.getName());
    assertTrue(thread.isDaemon());
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
