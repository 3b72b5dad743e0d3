package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.CancelReason;
import dev.gather.GatherException;
import dev.gather.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks of futures that are nothing but that: whatever a thread can wait for. */
@Timeout(60)
class FutureTasksTest {
  private static <T> T soon(Future<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aFutureThatIsDoneNeedsNoThread() throws Exception {
    FutureTask<String> done = new FutureTask<>(() -> "a");
    done.run();
    GatherFuture<List<String>> all = Gather.of(Task.future(done), Task.future(done)).all();
    assertTrue(all.isDone());
    assertEquals(List.of("a", "a"), all.join());
    Thread.currentThread().interrupt();
    GatherFuture<List<String>> interrupted = Gather.of(Task.future(done)).all();
    assertTrue(Thread.interrupted(), "the flag of the caller is its own");
    assertTrue(interrupted.isDone());
  }

  @Test
  void aFutureThatCannotSayWhetherItIsDoneFailsEachRun() {
    IllegalStateException broken = new IllegalStateException("broken");
    Future<String> odd =
        new FutureTask<>(() -> "a") {
          @Override
          public boolean isDone() {
            throw broken;
          }
        };
    Gather<String> gather = Gather.of(Task.future(odd));
    for (int run = 0; run < 2; run++) {
      ExecutionException thrown = assertThrows(ExecutionException.class, () -> soon(gather.all()));
      assertSame(broken, thrown.getCause());
    }
  }

  @Test
  void aFutureIsAwaitedByEachRun() throws Exception {
    FutureTask<String> running = new FutureTask<>(() -> "a");
    Gather<String> gather = Gather.of(Task.future(running));
    GatherFuture<List<String>> first = gather.all();
    GatherFuture<List<String>> second = gather.all();
    assertFalse(first.isDone());
    running.run();
    assertEquals(List.of("a"), soon(first));
    assertEquals(List.of("a"), soon(second));
  }

  @Test
  void itsFailureIsTheCauseOfTheExecutionException() throws Exception {
    IOException error = new IOException();
    FutureTask<String> failing =
        new FutureTask<>(
            () -> {
              throw error;
            });
    GatherFuture<List<String>> all = Gather.of(Task.future(failing)).all();
    failing.run();
    assertSame(error, assertThrows(GatherException.class, all::join).getCause());
    FutureTask<String> cancelled = new FutureTask<>(() -> "a");
    GatherFuture<List<Outcome<String>>> settled = Gather.of(Task.future(cancelled)).settled();
    cancelled.cancel(true);
    assertEquals(List.of(new Outcome.Cancelled<>(CancelReason.TASK, true)), soon(settled));
  }

  @Test
  void aCancelReachesEveryFutureWhateverTheLimit() throws Exception {
    List<FutureTask<Integer>> running =
        IntStream.range(0, 5).mapToObj(i -> new FutureTask<>(() -> i)).toList();
    GatherFuture<List<Integer>> all =
        Gather.of(running.stream().map(Task::future).toList()).limit(1).all();
    all.cancel(true);
    soon(all.terminated());
    assertTrue(running.stream().allMatch(Future::isCancelled));
  }

  @Test
  void aCancelInterruptsWhatComputesTheFuture() throws Exception {
    CountDownLatch hasBegun = new CountDownLatch(1);
    CompletableFuture<String> interrupted = new CompletableFuture<>();
    FutureTask<String> running =
        new FutureTask<>(
            () -> {
              hasBegun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.complete("interrupted");
              }
              return "a";
            });
    Thread thread = new Thread(running);
    thread.start();
    hasBegun.await();
    GatherFuture<List<String>> all = Gather.of(Task.future(running)).all();
    all.cancel(true);
    assertEquals("interrupted", soon(interrupted));
    thread.join();
  }

  @Test
  void aFutureThatCannotBeCancelledHoldsNobodyUp() throws Exception {
    Stubborn stubborn = new Stubborn();
    GatherFuture<List<Outcome<String>>> settled =
        Gather.of(Task.future(stubborn)).taskTimeout(Duration.ofMillis(20)).settled();
    Outcome.Failure<?> failure = assertInstanceOf(Outcome.Failure.class, soon(settled).get(0));
    assertInstanceOf(TimeoutException.class, failure.cause());
    assertEquals("interrupted", soon(stubborn.released), "the thread that waited is free again");
  }

  @Test
  void aFutureThatIsAStageNeedsNoThread() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Future<String> future = stage;
    GatherFuture<List<String>> all = Gather.of(Task.future(future)).all();
    assertTrue(stage.getNumberOfDependents() > 0);
    stage.complete("a");
    assertEquals(List.of("a"), all.join());
  }

  /** Never done, and deaf to cancel. */
  private static final class Stubborn implements Future<String> {
    private final CompletableFuture<String> released = new CompletableFuture<>();

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return false;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public String get() throws InterruptedException {
      try {
        new CountDownLatch(1).await();
        return "never";
      } catch (InterruptedException e) {
        released.complete("interrupted");
        throw e;
      }
    }

    @Override
    public String get(long timeout, TimeUnit unit) throws InterruptedException {
      return get();
    }
  }
}
