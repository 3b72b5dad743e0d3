package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.CancelReason;
import dev.gather.GatherException;
import dev.gather.GatherTimeoutException;
import dev.gather.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors that refuse, lose, repeat or do at once what they are given. */
@Timeout(60)
class BadExecutorTest {
  private static final RejectedExecutionException FULL = new RejectedExecutionException("full");
  private static final Callable<String> BODY = () -> "x";

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static Executor refusing(Throwable refusal) {
    return task -> BadExecutorTest.<RuntimeException>sneaky(refusal);
  }

  @SuppressWarnings("unchecked") // throws it whatever it is
  private static <E extends Throwable> void sneaky(Throwable throwable) throws E {
    throw (E) throwable;
  }

  // ---- refuses

  @Test
  void aRefusalIsTheFailureOfTheTask() throws Exception {
    for (Throwable refusal : List.of(FULL, new NullPointerException(), new AssertionError())) {
      Gather<String> gather = Gather.of(BODY, BODY, BODY).executor(refusing(refusal));
      GatherException failure = assertThrows(GatherException.class, () -> gather.all().join());
      assertSame(refusal, failure.getCause());
      assertEquals(0, failure.index());
      assertEquals(
          Collections.nCopies(3, new Outcome.Failure<String>(refusal)), soon(gather.settled()));
      assertEquals(
          Collections.nCopies(3, new Outcome.Failure<String>(refusal)),
          soon(gather.limit(1).settled()));
    }
  }

  @Test
  void noMoreThreadsIsARefusal() throws Exception {
    OutOfMemoryError none = new OutOfMemoryError("unable to create native thread");
    for (Outcome<?> outcome : soon(Gather.of(BODY, BODY).executor(refusing(none)).settled())) {
      Throwable cause = ((Outcome.Failure<?>) outcome).cause();
      assertSame(RejectedExecutionException.class, cause.getClass());
      assertSame(none, cause.getCause());
    }
  }

  @Test
  void noMemoryIsFatal() throws Exception {
    OutOfMemoryError fatal = new OutOfMemoryError("Java heap space");
    GatherFuture<?> future = Gather.of(BODY, BODY).executor(refusing(fatal)).settled();
    assertSame(fatal, assertThrows(GatherException.class, future::join).getCause());
    assertTrue(future.terminated().isDone());
  }

  @Test
  void everySecondRefused() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Executor moody =
        task -> {
          if (calls.getAndIncrement() % 2 == 0) {
            throw FULL;
          }
          new Thread(task).start();
        };
    for (int limit : new int[] {1, 2, 100}) {
      List<Outcome<Integer>> outcomes =
          soon(
              Gather.each(IntStream.range(0, 100).boxed().toList(), item -> item)
                  .limit(limit)
                  .executor(moody)
                  .settled());
      assertEquals(100, outcomes.size());
      for (int i = 0; i < 100; i++) {
        Outcome<Integer> outcome = outcomes.get(i);
        assertTrue(
            outcome.equals(new Outcome.Success<>(i))
                || outcome.equals(new Outcome.Failure<Integer>(FULL)),
            outcome::toString);
      }
    }
  }

  @Test
  void stagesNeedNoExecutor() throws Exception {
    CompletableFuture<String> running = new CompletableFuture<>();
    GatherFuture<List<String>> future =
        Gather.started(List.of(running)).executor(refusing(FULL)).all();
    running.complete("value");
    assertEquals(List.of("value"), soon(future));
  }

  // ---- loses

  @Test
  void aGatherWhoseTasksAreLostCanBeCancelled() throws Exception {
    GatherFuture<List<String>> future = Gather.of(BODY, BODY).executor(task -> {}).all();
    assertFalse(future.isDone());
    assertTrue(future.cancel(true));
    soon(future.terminated());
    assertEquals(0, future.progress().started());
    assertEquals(2, future.progress().cancelled());
  }

  @Test
  void aGatherWhoseTasksAreLostRunsOutOfTime() throws Exception {
    Gather<String> gather =
        Gather.of(BODY, BODY).executor(task -> {}).timeout(Duration.ofMillis(1));
    assertEquals(
        Collections.nCopies(2, new Outcome.Cancelled<String>(CancelReason.TIMEOUT, false)),
        soon(gather.settled()));
    GatherFuture<List<String>> all = gather.all();
    Throwable failure = soon(all.handle((value, e) -> e));
    assertInstanceOf(GatherException.class, failure);
    assertInstanceOf(GatherTimeoutException.class, failure.getCause());
  }

  @Test
  void aScopeWithLostTasksCloses() {
    GatherFuture<List<String>> future;
    try (GatherScope scope = new GatherScope()) {
      future = Gather.of(BODY).executor(task -> {}).scope(scope).all();
    }
    assertTrue(future.isCancelled());
    assertTrue(future.terminated().isDone());
  }

  @Test
  void whatComesBackAfterTheEndDoesNothing() throws Exception {
    List<Runnable> lost = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger calls = new AtomicInteger();
    GatherFuture<List<Integer>> future =
        Gather.<Integer>of(Task.of(calls::incrementAndGet)).executor(lost::add).all();
    assertTrue(future.cancel(true));
    soon(future.terminated());
    lost.forEach(Runnable::run);
    assertEquals(0, calls.get());
  }

  // ---- does it at once, twice, or with an error

  @Test
  void anExecutorThatRunsThingsInline() {
    Thread here = Thread.currentThread();
    GatherFuture<List<Boolean>> future =
        Gather.each(IntStream.range(0, 1000).boxed().toList(), i -> Thread.currentThread() == here)
            .executor(Runnable::run)
            .all();
    assertTrue(future.isDone());
    assertEquals(Collections.nCopies(1000, true), future.join());
  }

  @Test
  void anExecutorThatRunsThingsTwice() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Executor twice =
        task -> {
          new Thread(task).start();
          new Thread(task).start();
        };
    for (int limit : new int[] {1, 3, 100}) {
      calls.set(0);
      List<Integer> items = IntStream.range(0, 100).boxed().toList();
      assertEquals(
          items,
          soon(
              Gather.each(
                      items,
                      item -> {
                        calls.incrementAndGet();
                        return item;
                      })
                  .limit(limit)
                  .executor(twice)
                  .all()));
      assertEquals(100, calls.get());
    }
  }

  @Test
  void anExecutorThatRunsThingsAndThenThrows() throws Exception {
    Executor inline =
        task -> {
          task.run();
          throw FULL;
        };
    Executor elsewhere =
        task -> {
          new Thread(task).start();
          throw FULL;
        };
    for (Executor executor : List.of(inline, elsewhere)) {
      List<Outcome<String>> outcomes =
          soon(Gather.of(BODY, BODY, BODY, BODY).executor(executor).settled());
      for (Outcome<String> outcome : outcomes) {
        assertTrue(
            outcome.equals(new Outcome.Success<>("x"))
                || outcome.equals(new Outcome.Failure<String>(FULL)),
            outcome::toString);
      }
    }
  }

  // ---- pools without threads

  private static ThreadPoolExecutor withoutThreads(int core, BlockingQueue<Runnable> queue) {
    return new ThreadPoolExecutor(core, 1, 0, TimeUnit.SECONDS, queue, task -> null);
  }

  @Test
  void aThreadFactoryThatReturnsNullLetsThePoolQueueForEver() throws Exception {
    ThreadPoolExecutor pool = withoutThreads(1, new LinkedBlockingQueue<>());
    GatherFuture<List<String>> future = Gather.of(BODY, BODY).executor(pool).all();
    assertFalse(future.isDone()); // the pool took the work, and nobody does it
    assertEquals(0, pool.getPoolSize());
    assertTrue(future.cancel(true));
    soon(future.terminated());
    Gather<String> timed = Gather.of(BODY).executor(pool).timeout(Duration.ofMillis(1));
    assertEquals(
        List.of(new Outcome.Cancelled<String>(CancelReason.TIMEOUT, false)), soon(timed.settled()));
    pool.shutdownNow();
  }

  @Test
  void aThreadFactoryThatReturnsNullMakesAPoolWithoutQueueRefuse() throws Exception {
    ThreadPoolExecutor pool = withoutThreads(0, new SynchronousQueue<>());
    Outcome<String> outcome = soon(Gather.of(BODY).executor(pool).settled()).get(0);
    Throwable refusal = assertInstanceOf(Outcome.Failure.class, outcome).cause();
    assertInstanceOf(RejectedExecutionException.class, refusal);
    pool.shutdownNow();
  }

  @Test
  void aPoolThatIsShutDownWhileItWorks() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    GatherFuture<List<Outcome<String>>> future =
        Gather.each(
                List.of(1, 2, 3),
                item -> {
                  started.countDown();
                  if (item == 1) {
                    new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                  }
                  return "not interrupted";
                })
            .executor(pool)
            .settled();
    assertTrue(started.await(20, TimeUnit.SECONDS));
    pool.shutdownNow();
    List<Outcome<String>> outcomes = soon(future);
    assertInstanceOf(
        InterruptedException.class,
        assertInstanceOf(Outcome.Failure.class, outcomes.get(0)).cause());
    for (Outcome<String> outcome : outcomes.subList(1, 3)) {
      assertInstanceOf(
          RejectedExecutionException.class,
          assertInstanceOf(Outcome.Failure.class, outcome).cause());
    }
  }

  @Test
  void aPoolOfOneThreadThatWaitsForTheGatherNext() throws Exception {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    CountDownLatch go = new CountDownLatch(1);
    pool.execute(() -> assertTrue(awaited(go)));
    GatherFuture<List<String>> future = Gather.of(BODY, BODY, BODY).executor(pool).all();
    CompletableFuture<List<String>> waiting = CompletableFuture.supplyAsync(future::join, pool);
    go.countDown();
    assertEquals(List.of("x", "x", "x"), soon(waiting));
    pool.shutdownNow();
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
