package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.Limiter.Permit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LimiterTest {
  private final FakeTime time = new FakeTime();

  /** One permit in ten nanoseconds. */
  private Limiter timed(int max, int burst) {
    return new Limiter(new PermitQueue(max, new RateClock(1e8, burst)), time);
  }

  // ---- how many at a time

  @Test
  void asManyAsThereAreAndTheRestInTheirTurn() {
    Limiter limiter = Limiter.concurrent(2);
    List<CompletableFuture<Permit>> futures = acquire(limiter, 5);
    assertDone(futures, 2);
    assertCounts(limiter, 2, 3);
    futures.get(1).join().close();
    assertDone(futures, 3);
    futures.get(0).join().close();
    futures.get(2).join().close();
    assertDone(futures, 5);
    assertCounts(limiter, 2, 0);
    futures.forEach(future -> future.join().close());
    assertCounts(limiter, 0, 0);
  }

  @Test
  void aSecondCloseGivesNothingBack() {
    Limiter limiter = Limiter.concurrent(1);
    Permit permit = limiter.acquire().join();
    List<CompletableFuture<Permit>> futures = acquire(limiter, 2);
    permit.close();
    permit.close();
    assertDone(futures, 1);
    assertCounts(limiter, 1, 1);
  }

  @Test
  void resized() {
    Limiter limiter = Limiter.concurrent(1);
    List<CompletableFuture<Permit>> futures = acquire(limiter, 6);
    limiter.setConcurrent(4);
    assertDone(futures, 4);
    limiter.setConcurrent(2);
    assertCounts(limiter, 4, 2);
    futures.get(0).join().close();
    futures.get(1).join().close();
    assertDone(futures, 4);
    futures.get(2).join().close();
    assertDone(futures, 5);
    limiter.setConcurrent(Integer.MAX_VALUE);
    assertDone(futures, 6);
    assertCounts(limiter, 3, 0);
  }

  @Test
  void aRateAloneGetsABoundWhenItIsSet() {
    Limiter limiter = timed(PermitQueue.UNLIMITED, 5);
    limiter.setConcurrent(2);
    assertDone(acquire(limiter, 3), 2);
    assertEquals(
        "Limiter[concurrent=2, perSecond=1.0E8, burst=5, active=2, waiting=1]", limiter.toString());
  }

  // ---- how many in a second

  @Test
  void evenlySpacedByOneTimerAtATime() {
    Limiter limiter = timed(PermitQueue.UNLIMITED, 1);
    List<CompletableFuture<Permit>> futures = acquire(limiter, 5);
    for (int i = 1; i < 5; i++) {
      assertDone(futures, i);
      time.pass(9);
      assertDone(futures, i);
      time.pass(1);
    }
    assertDone(futures, 5);
    assertEquals(1, time.most);
    assertEquals(4, time.set);
    assertEquals(0, time.pending());
  }

  @Test
  void aBurstAfterAPause() {
    Limiter limiter = timed(PermitQueue.UNLIMITED, 3);
    assertDone(acquire(limiter, 3), 3);
    time.pass(1_000);
    List<CompletableFuture<Permit>> futures = acquire(limiter, 5);
    assertDone(futures, 3);
    time.pass(10);
    assertDone(futures, 4);
    time.pass(10);
    assertDone(futures, 5);
  }

  @Test
  void bothBoundsAreKept() {
    Limiter limiter = timed(2, 1);
    List<CompletableFuture<Permit>> futures = acquire(limiter, 4);
    time.pass(10);
    assertDone(futures, 2);
    assertEquals(0, time.pending()); // what is waited for now is not the time
    time.pass(3);
    futures.get(0).join().close();
    assertDone(futures, 2);
    assertEquals(1, time.pending());
    time.pass(7);
    assertDone(futures, 3);
    time.pass(1_000);
    assertDone(futures, 3);
    futures.get(1).join().close();
    assertDone(futures, 4);
  }

  @Test
  void noTimerWhenNobodyWaitsAnyMore() {
    Limiter limiter = timed(PermitQueue.UNLIMITED, 1);
    List<CompletableFuture<Permit>> futures = acquire(limiter, 3);
    assertEquals(1, time.pending());
    futures.get(1).cancel(false);
    assertEquals(1, time.pending());
    futures.get(2).cancel(false);
    assertEquals(0, time.pending());
    assertNull(limiter.tryAcquire());
    assertEquals(0, time.pending());
  }

  @Test
  void aFasterRateWakesThoseThatWait() {
    Limiter limiter = timed(PermitQueue.UNLIMITED, 1);
    List<CompletableFuture<Permit>> futures = acquire(limiter, 3);
    limiter.setPerSecond(1e-6);
    time.pass(1_000_000_000);
    assertDone(futures, 1);
    limiter.setPerSecond(5e8);
    time.pass(2);
    assertDone(futures, 2);
    time.pass(2);
    assertDone(futures, 3);
    assertEquals(1, time.most);
  }

  @Test
  void aRateThatIsSetLaterHasABurstOfOne() {
    Limiter limiter = new Limiter(new PermitQueue(5, null), time);
    limiter.setPerSecond(1e8);
    List<CompletableFuture<Permit>> futures = acquire(limiter, 3);
    assertDone(futures, 1);
    time.pass(10);
    assertDone(futures, 2);
    assertEquals(
        "Limiter[concurrent=5, perSecond=1.0E8, burst=1, active=2, waiting=1]", limiter.toString());
  }

  @Test
  void theOldLimiterHasNothingToDoWithOneThatHasARateAsWell() {
    Limiter old = Limiter.concurrent(2);
    old.tryAcquire();
    Limiter limiter = old.andPerSecond(1e-9, 2);
    assertEquals(
        "Limiter[concurrent=2, perSecond=1.0E-9, burst=2, active=0, waiting=0]",
        limiter.toString());
    assertNotNull(limiter.tryAcquire());
    assertNotNull(limiter.tryAcquire());
    assertEquals("Limiter[concurrent=2, active=1, waiting=0]", old.toString());
    assertEquals(
        "Limiter[concurrent=2, perSecond=3.0, burst=1, active=0, waiting=0]",
        limiter.andPerSecond(3).toString());
    assertEquals(
        "Limiter[perSecond=3.0, burst=1, active=0, waiting=0]", Limiter.perSecond(3).toString());
  }

  @Test
  void theTimerOfTheJdkWakesThoseThatWaitAndCallsNobody() throws Exception {
    Limiter limiter = Limiter.perSecond(1e-9);
    limiter.acquire().join().close();
    List<CompletableFuture<String>> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(
          limiter
              .acquire()
              .thenApply(
                  permit -> {
                    permit.close();
                    return Thread.currentThread().getName();
                  }));
    }
    limiter.setPerSecond(200);
    for (CompletableFuture<String> thread : threads) {
      assertOfGather(thread.get(20, TimeUnit.SECONDS));
    }
    assertCounts(limiter, 0, 0);
  }

  // ---- who does not wait

  @Test
  void tryAcquireTakesWhatIsFreeAndPassesNobodyBy() {
    Limiter limiter = Limiter.concurrent(2);
    Permit one = assertNotNullPermit(limiter.tryAcquire());
    assertNotNullPermit(limiter.tryAcquire());
    assertNull(limiter.tryAcquire());
    assertCounts(limiter, 2, 0);
    CompletableFuture<Permit> waits = limiter.acquire();
    one.close();
    assertTrue(waits.isDone());
    assertNull(limiter.tryAcquire());
    waits.join().close();
    assertNotNullPermit(limiter.tryAcquire());
  }

  @Test
  void tryAcquireDoesNotPassByWhoWaitsForTheRate() {
    Limiter limiter = timed(PermitQueue.UNLIMITED, 1);
    List<CompletableFuture<Permit>> futures = acquire(limiter, 2);
    assertNull(limiter.tryAcquire());
    time.pass(10);
    assertDone(futures, 2);
    assertNull(limiter.tryAcquire());
    time.pass(10);
    assertNotNullPermit(limiter.tryAcquire());
  }

  // ---- who gives up

  @Test
  void whoeverIsCompletedFromOutsideLeavesNothingBehind() {
    List<Consumer<CompletableFuture<Permit>>> ways =
        List.of(
            future -> assertTrue(future.cancel(true)),
            future -> assertTrue(future.complete(null)),
            future -> assertTrue(future.completeExceptionally(new IOException())),
            future -> future.completeAsync(() -> null, Runnable::run),
            future -> future.obtrudeValue(null),
            future -> future.obtrudeException(new IOException()));
    for (Consumer<CompletableFuture<Permit>> way : ways) {
      Limiter limiter = Limiter.concurrent(1);
      Permit permit = limiter.acquire().join();
      CompletableFuture<Permit> leaves = limiter.acquire();
      CompletableFuture<Permit> stays = limiter.acquire();
      way.accept(leaves);
      assertTrue(leaves.isDone());
      assertCounts(limiter, 1, 1);
      permit.close();
      assertTrue(stays.isDone());
      stays.join().close();
      assertCounts(limiter, 0, 0);
    }
  }

  @Test
  void whoeverHearsOfItFindsTheQueueLeft() {
    Limiter limiter = Limiter.concurrent(1);
    Permit permit = limiter.acquire().join();
    CompletableFuture<Permit> future = limiter.acquire();
    List<Integer> waiting = new ArrayList<>();
    future.whenComplete((given, failure) -> waiting.add(limiter.waiting()));
    future.cancel(false);
    assertEquals(List.of(0), waiting);
    permit.close();
  }

  @Test
  void whatIsGrantedIsNotTakenAway() {
    Limiter limiter = Limiter.concurrent(1);
    CompletableFuture<Permit> future = limiter.acquire();
    assertFalse(future.cancel(false));
    assertFalse(future.complete(null));
    assertFalse(future.completeExceptionally(new IOException()));
    assertCounts(limiter, 1, 0);
    future.join().close();
    assertCounts(limiter, 0, 0);
  }

  @Test
  void whatAGrantRunsIsNotTheWorkOfWhoeverMadeRoom() throws Exception {
    Limiter outer = Limiter.concurrent(1);
    Limiter limiter = Limiter.concurrent(1);
    Permit permit = limiter.acquire().join();
    List<Object> seen = new ArrayList<>();
    CompletableFuture<Void> next =
        limiter
            .acquire()
            .thenAccept(
                granted -> {
                  seen.add(outer.held() == null);
                  seen.add(Thread.currentThread().isInterrupted());
                });
    outer.call(
        () -> {
          Thread.currentThread().interrupt();
          permit.close();
          seen.add(outer.held() != null);
          seen.add(Thread.interrupted());
          return null;
        });
    next.join();
    assertEquals(List.of(true, false, true, true), seen);
  }

  @Test
  void aPermitThatComesTooLateGoesToTheNext() {
    Limiter limiter = Limiter.concurrent(1);
    Permit permit = limiter.acquire().join();
    CompletableFuture<Permit> first = limiter.acquire();
    CompletableFuture<Permit> second = limiter.acquire();
    CompletableFuture<Permit> third = limiter.acquire();
    // Three are granted at once; the first cancels the second before that hears of it.
    first.thenRun(() -> second.cancel(false));
    limiter.setConcurrent(3);
    assertTrue(second.isCancelled());
    assertTrue(third.isDone());
    assertCounts(limiter, 3, 0);
    CompletableFuture<Permit> fourth = limiter.acquire();
    assertFalse(fourth.isDone());
    permit.close();
    assertTrue(fourth.isDone());
  }

  @Test
  void afterATimeoutNobodyIsCalledByTheTimer() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    limiter.acquire().join();
    List<CompletableFuture<?>> ways =
        List.of(
            limiter.acquire().orTimeout(1, TimeUnit.MILLISECONDS),
            limiter.acquire().completeOnTimeout(null, 1, TimeUnit.MILLISECONDS),
            limiter.acquire().thenApply(it -> it).orTimeout(-1, TimeUnit.MILLISECONDS));
    for (CompletableFuture<?> way : ways) {
      assertOfGather(
          way.handle((permit, failure) -> Thread.currentThread().getName())
              .get(20, TimeUnit.SECONDS));
    }
    CompletionException thrown = assertThrows(CompletionException.class, () -> ways.get(0).join());
    assertTrue(thrown.getCause() instanceof TimeoutException);
    assertCounts(limiter, 1, 1); // a derived stage knows nothing of the permit
  }

  @Test
  void aTimeoutOfAFutureThatIsDoneIsNothing() {
    CompletableFuture<Permit> future = Limiter.concurrent(1).acquire();
    assertSame(future, future.orTimeout(0, TimeUnit.NANOSECONDS));
    assertNotNull(future.join());
    String message =
        assertThrows(NullPointerException.class, () -> future.orTimeout(0, null)).getMessage();
    assertEquals("unit must not be null", message);
  }

  @Test
  void asyncDependentsStayOffTheCommonPool() throws Exception {
    String name =
        Limiter.concurrent(1)
            .acquire()
            .thenApply(permit -> permit)
            .thenApplyAsync(permit -> Thread.currentThread().getName())
            .get(20, TimeUnit.SECONDS);
    assertTrue(name.startsWith("gather-daemon-"), name);
  }

  // ---- calls

  @Test
  void aCallHasAPermitWhileItRuns() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    assertNull(limiter.held());
    assertEquals(
        "value",
        limiter.call(
            () -> {
              assertCounts(limiter, 1, 0);
              assertNotNull(limiter.held());
              return "value";
            }));
    assertNull(limiter.held());
    assertCounts(limiter, 0, 0);
    assertNull(limiter.<Object>call(() -> null));
  }

  @Test
  void whatABodyThrowsIsThrownAndThePermitIsBack() {
    Limiter limiter = Limiter.concurrent(1);
    for (Throwable error : List.of(new IOException("x"), new AssertionError("x"))) {
      Throwable thrown = assertThrows(Throwable.class, () -> limiter.call(() -> sneaky(error)));
      assertSame(error, thrown);
      assertNull(limiter.held());
      assertCounts(limiter, 0, 0);
    }
  }

  @Test
  void aCallThatIsInterruptedWhileItWaitsLeavesNothingBehind() {
    Limiter limiter = Limiter.concurrent(1);
    Permit permit = assertNotNullPermit(limiter.tryAcquire());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> limiter.call(() -> "not called"));
    assertFalse(Thread.interrupted());
    assertCounts(limiter, 1, 0);
    permit.close();
  }

  @Test
  void aCallThatNeedNotWaitLeavesAnInterruptToTheBody() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    Thread.currentThread().interrupt();
    boolean seen = limiter.call(Thread::interrupted);
    assertTrue(seen);
  }

  // ---- nesting

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 1_000})
  void callsNest(int depth) throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    assertEquals(depth, nested(limiter, depth));
    assertCounts(limiter, 0, 0);
    assertNull(limiter.held());
  }

  private static int nested(Limiter limiter, int depth) throws Exception {
    return limiter.call(
        () -> {
          assertCounts(limiter, 1, 0);
          return depth == 1 ? 1 : 1 + nested(limiter, depth - 1);
        });
  }

  @Test
  void severalLimitersNestInOneThread() throws Exception {
    Limiter one = Limiter.concurrent(1);
    Limiter two = Limiter.concurrent(1);
    one.call(
        () ->
            two.call(
                () -> {
                  Permit ofOne = one.held();
                  assertEquals("again", one.call(() -> two.call(() -> "again")));
                  assertSame(ofOne, one.held());
                  assertCounts(one, 1, 0);
                  return null;
                }));
    assertNull(one.held());
    assertNull(two.held());
  }

  @Test
  void whatIsHeldIsPassedOnToAnotherThread() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    CompletableFuture<Permit> stranger =
        limiter.call(
            () -> {
              Permit held = limiter.held();
              CompletableFuture<Permit> waits = limiter.acquire(null);
              String seen =
                  CompletableFuture.supplyAsync(
                          () ->
                              unchecked(
                                  () -> {
                                    limiter.acquire(held).join().close();
                                    return held.call(() -> limiter.call(() -> "inside"));
                                  }))
                      .get(20, TimeUnit.SECONDS);
              assertEquals("inside", seen);
              assertFalse(waits.isDone());
              return waits;
            });
    assertTrue(stranger.isDone());
    stranger.join().close();
    assertCounts(limiter, 0, 0);
  }

  @Test
  void tryAcquireBorrowsToo() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    limiter.call(
        () -> {
          CompletableFuture<Permit> stranger = limiter.acquire(null);
          Permit inner = assertNotNullPermit(limiter.tryAcquire());
          assertNull(limiter.tryAcquire());
          inner.close();
          assertNotNullPermit(limiter.tryAcquire()).close();
          assertTrue(stranger.cancel(false));
          return null;
        });
    assertCounts(limiter, 0, 0);
  }

  @Test
  void aPermitThatHasBeenGivenBackLendsNothing() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    Permit permit = assertNotNullPermit(limiter.tryAcquire());
    permit.close();
    Permit other = assertNotNullPermit(limiter.tryAcquire());
    assertNull(permit.call(limiter::tryAcquire));
    other.close();
    assertNotNullPermit(permit.call(limiter::tryAcquire));
  }

  // ---- many

  @Test
  void manyThatAreGrantedOneAfterTheOtherDoNotFillTheStack() throws Exception {
    int many = 100_000;
    Limiter limiter = Limiter.concurrent(1);
    Permit first = limiter.acquire().join();
    List<Integer> order = new ArrayList<>(); // guarded by the only permit
    CompletableFuture<?> last = null;
    for (int i = 0; i < many; i++) {
      int number = i;
      last =
          limiter
              .acquire()
              .thenAccept(
                  permit -> {
                    order.add(number);
                    permit.close();
                  });
    }
    first.close();
    last.get(20, TimeUnit.SECONDS);
    assertEquals(many, order.size());
    for (int i = 0; i < many; i++) {
      assertEquals(i, order.get(i));
    }
    assertCounts(limiter, 0, 0);
  }

  @Test
  void manyThatAreGrantedAtOnce() throws Exception {
    int many = 100_000;
    Limiter limiter = Limiter.concurrent(1);
    List<CompletableFuture<Permit>> futures = acquire(limiter, many);
    limiter.setConcurrent(many);
    assertDone(futures, many);
    assertCounts(limiter, many, 0);
  }

  @Test
  void whoBlocksADependentDoesNotKeepTheNextFromItsPermit() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    Permit first = limiter.acquire().join();
    CompletableFuture<Permit> next = new CompletableFuture<>();
    CompletableFuture<Permit> blocks =
        limiter
            .acquire()
            .thenApply(
                permit -> {
                  permit.close();
                  return next.join(); // it is granted although this has not returned
                });
    limiter.acquire().thenAccept(next::complete);
    first.close();
    blocks.get(20, TimeUnit.SECONDS).close();
    assertCounts(limiter, 0, 0);
  }

  // ---- bad input

  @Test
  void whatIsOutOfRangeIsNamed() {
    Limiter limiter = Limiter.concurrent(1);
    assertRefused("max must be at least 1, but was 0", () -> Limiter.concurrent(0));
    assertRefused("max must be at least 1, but was -3", () -> limiter.setConcurrent(-3));
    assertRefused("burst must be at least 1, but was 0", () -> Limiter.perSecond(1, 0));
    assertRefused("burst must be at least 1, but was -1", () -> limiter.andPerSecond(1, -1));
    for (double bad : new double[] {0, -1, -0.0, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message = "permits must be positive and finite, but was " + bad;
      assertRefused(message, () -> Limiter.perSecond(bad));
      assertRefused(message, () -> Limiter.perSecond(bad, 1));
      assertRefused(message, () -> limiter.andPerSecond(bad));
      assertRefused(message, () -> limiter.andPerSecond(bad, 1));
      assertRefused(message, () -> limiter.setPerSecond(bad));
    }
    assertEquals("Limiter[concurrent=1, active=0, waiting=0]", limiter.toString());
  }

  @Test
  void aPermitOfAnotherLimiterIsNotBorrowed() {
    Permit other = Limiter.concurrent(3).tryAcquire();
    Limiter limiter = Limiter.concurrent(1);
    assertRefused(
        "outer must be a permit of this limiter, but was one of "
            + "Limiter[concurrent=3, active=1, waiting=0]",
        () -> limiter.acquire(other));
    assertCounts(limiter, 0, 0);
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  // ---- shorter

  private static List<CompletableFuture<Permit>> acquire(Limiter limiter, int many) {
    List<CompletableFuture<Permit>> futures = new ArrayList<>(many);
    for (int i = 0; i < many; i++) {
      futures.add(limiter.acquire());
    }
    return futures;
  }

  /** The first so many and no others. */
  private static void assertDone(List<CompletableFuture<Permit>> futures, int many) {
    for (int i = 0; i < futures.size(); i++) {
      int number = i;
      assertEquals(i < many, futures.get(i).isDone(), () -> "number " + number);
    }
  }

  private static void assertCounts(Limiter limiter, int active, int waiting) {
    assertEquals(active, limiter.active(), "active");
    assertEquals(waiting, limiter.waiting(), "waiting");
  }

  private static Permit assertNotNullPermit(Permit permit) {
    assertNotNull(permit);
    return permit;
  }

  /** Or the one of the test, which may be too late to be called by another. */
  private static void assertOfGather(String thread) {
    String own = Thread.currentThread().getName();
    assertTrue(thread.startsWith("gather-daemon-") || thread.equals(own), thread);
  }

  private interface Unsafe<T> {
    T get() throws Exception;
  }

  private static <T> T unchecked(Unsafe<T> body) {
    try {
      return body.get();
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> Object sneaky(Throwable error) throws E {
    throw (E) error;
  }
}
