package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.FailurePolicy;
import dev.gather.GatherException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatherScopeTest {
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final CountDownLatch cleanedUp = new CountDownLatch(1);

  /** When it is cancelled it takes its time to clean up. */
  private String slowToStop() throws InterruptedException {
    started.countDown();
    try {
      new CountDownLatch(1).await();
      return "never";
    } catch (InterruptedException e) {
      cancelled.countDown();
      assertTrue(cleanedUp.await(20, TimeUnit.SECONDS));
      throw e;
    }
  }

  @Test
  void closeCancelsAndWaits() throws Exception {
    GatherScope scope = new GatherScope();
    GatherFuture<List<String>> future = Gather.of(this::slowToStop).scope(scope).all();
    assertTrue(started.await(20, TimeUnit.SECONDS));
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread closer =
        new Thread(
            () -> {
              scope.close();
              ended.complete(future.terminated().isDone());
            });
    closer.start();
    assertTrue(cancelled.await(20, TimeUnit.SECONDS));
    assertTrue(scope.isClosed());
    assertFalse(ended.isDone());
    cleanedUp.countDown();
    assertTrue(ended.get(20, TimeUnit.SECONDS));
    assertTrue(future.isCancelled());
    assertEquals("GatherScope[closed, 0 running]", scope.toString());
  }

  @Test
  void anInterruptDoesNotEndTheWaitAndIsNotLost() throws Exception {
    GatherScope scope = new GatherScope();
    GatherFuture<List<String>> future = Gather.of(this::slowToStop).scope(scope).all();
    assertTrue(started.await(20, TimeUnit.SECONDS));
    CompletableFuture<List<Boolean>> ended = new CompletableFuture<>();
    Thread closer =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              scope.close();
              ended.complete(List.of(future.terminated().isDone(), Thread.interrupted()));
            });
    closer.start();
    assertTrue(cancelled.await(20, TimeUnit.SECONDS));
    cleanedUp.countDown();
    assertEquals(List.of(true, true), ended.get(20, TimeUnit.SECONDS));
  }

  @Test
  void aThreadThatWasNotInterruptedIsNotAfterwards() {
    GatherScope scope = new GatherScope();
    Gather.started(List.of(new CompletableFuture<>())).scope(scope).all();
    scope.close();
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aClosedScopeRefusesAndStartsNothing() {
    GatherScope scope = new GatherScope("requests");
    assertFalse(scope.isClosed());
    scope.close();
    scope.close();
    assertTrue(scope.isClosed());
    AtomicInteger calls = new AtomicInteger();
    Gather<Integer> gather = Gather.of(calls::incrementAndGet).scope(scope);
    IllegalStateException refusal = assertThrows(IllegalStateException.class, gather::all);
    assertEquals(
        "the scope is closed: GatherScope[requests, closed, 0 running]", refusal.getMessage());
    assertThrows(IllegalStateException.class, gather::settled);
    assertEquals(0, calls.get());
  }

  @Test
  void itForgetsWhatHasEnded() {
    try (GatherScope scope = new GatherScope("requests")) {
      CompletableFuture<String> source = new CompletableFuture<>();
      GatherFuture<List<String>> future = Gather.started(List.of(source)).scope(scope).all();
      assertEquals("GatherScope[requests, 1 running]", scope.toString());
      source.complete("x");
      assertEquals(List.of("x"), future.join());
      assertEquals("GatherScope[requests, 0 running]", scope.toString());
    }
    assertEquals("GatherScope[0 running]", new GatherScope().toString());
  }

  @Test
  void itOwnsWhatAFailureLeavesRunning() {
    CompletableFuture<String> left = new CompletableFuture<>();
    GatherScope scope = new GatherScope();
    GatherFuture<List<String>> future =
        Gather.<String>started(
                List.of(left, CompletableFuture.failedFuture(new IllegalStateException())))
            .onFailure(FailurePolicy.LEAVE_OTHERS)
            .scope(scope)
            .all();
    assertThrows(GatherException.class, future::join);
    assertFalse(future.terminated().isDone());
    assertFalse(future.cancel(true));
    assertFalse(left.isDone());
    scope.close();
    assertTrue(left.isCancelled());
    assertTrue(future.terminated().isDone());
    assertFalse(future.isCancelled());
  }
}
