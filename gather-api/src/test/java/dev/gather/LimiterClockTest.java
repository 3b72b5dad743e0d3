package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.Limiter.Permit;
import dev.gather.threads.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rate is kept in the time of whoever asks. */
@Timeout(60)
class LimiterClockTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private final FakeTime one = new FakeTime();
  private final FakeTime two = new FakeTime();

  @Test
  void whoeverAsksWaitsInTheirOwnTime() {
    Limiter limiter = Limiter.perSecond(1); // made in the time of the system
    CompletableFuture<Permit> first = one.call(limiter::acquire);
    CompletableFuture<Permit> second = one.call(limiter::acquire);
    assertTrue(first.isDone());
    assertFalse(second.isDone());
    one.pass(SECOND - 1);
    assertFalse(second.isDone());
    one.pass(1);
    assertTrue(second.isDone());
    assertEquals(0, one.pending());
  }

  @Test
  void callAndTryAcquireAskInTheirTimeToo() throws Exception {
    Limiter limiter = Limiter.perSecond(1);
    assertNotNull(one.call(limiter::tryAcquire));
    assertNull(one.call(limiter::tryAcquire));
    one.pass(SECOND);
    String value =
        one.call(
            () -> {
              try {
                return limiter.call(() -> "value"); // it need not wait
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    assertEquals("value", value);
    assertNull(one.call(limiter::tryAcquire));
  }

  @Test
  void whatWasGrantedInOneTimeCountsInAnother() {
    Limiter limiter = Limiter.perSecond(1);
    one.call(limiter::acquire).join();
    one.pass(SECOND / 4);
    two.pass(12_345 * SECOND);
    CompletableFuture<Permit> next = two.call(limiter::acquire);
    assertFalse(next.isDone());
    two.pass(3 * SECOND / 4 - 1);
    assertFalse(next.isDone());
    two.pass(1);
    assertTrue(next.isDone());
  }

  @Test
  void theOneThatWaitsIsWokenInTheTimeOfTheOneThatCameLast() {
    Limiter limiter = Limiter.perSecond(1);
    one.call(limiter::acquire).join();
    CompletableFuture<Permit> waits = one.call(limiter::acquire);
    one.pass(SECOND / 2);
    CompletableFuture<Permit> comesLast = two.call(limiter::acquire);
    assertEquals(0, one.pending());
    assertEquals(1, two.pending());
    one.pass(1_000 * SECOND);
    assertFalse(waits.isDone());
    two.pass(SECOND / 2);
    assertTrue(waits.isDone());
    assertFalse(comesLast.isDone());
    two.pass(SECOND);
    assertTrue(comesLast.isDone());
    assertEquals(1, two.most);
  }

  @Test
  void whoeverOnlyLooksTakesTheTimerAlong() {
    Limiter limiter = Limiter.perSecond(1);
    one.call(limiter::acquire).join();
    CompletableFuture<Permit> waits = one.call(limiter::acquire);
    assertNull(two.call(limiter::tryAcquire));
    assertEquals(0, one.pending());
    two.pass(SECOND);
    assertTrue(waits.isDone());
  }

  @Test
  void whoeverGivesBackOrSetsSomethingDoesNotChangeTheTime() {
    Limiter limiter = Limiter.concurrent(1).andPerSecond(1);
    Permit permit = one.call(limiter::acquire).join();
    CompletableFuture<Permit> waits = one.call(limiter::acquire);
    two.call(
        () -> {
          permit.close();
          limiter.setPerSecond(2);
          limiter.setConcurrent(2);
          assertEquals(1, limiter.waiting());
          return null;
        });
    assertEquals(0, two.set);
    one.pass(SECOND / 2);
    assertTrue(waits.isDone());
  }

  @Test
  void aBurstThatIsReadyIsReadyInEveryTime() {
    Limiter limiter = Limiter.perSecond(1, 3);
    assertNotNull(one.call(limiter::tryAcquire));
    assertNotNull(two.call(limiter::tryAcquire));
    assertNotNull(limiter.tryAcquire()); // in the time of the system
    assertNull(one.call(limiter::tryAcquire));
  }

  @Test
  void whoWaitsInTheTimeOfATestIsServedWhenOneOfTheSystemComes() throws Exception {
    Limiter limiter = Limiter.perSecond(1_000);
    one.call(limiter::acquire).join();
    CompletableFuture<Permit> waits = one.call(limiter::acquire); // its time does not pass
    CompletableFuture<Permit> comesLast = limiter.acquire();
    comesLast.get(20, TimeUnit.SECONDS);
    assertTrue(waits.isDone());
  }

  @Test
  void withoutARateNobodyAsksForTheTime() {
    Clock none =
        new Clock() {
          @Override
          public long nanos() {
            throw new AssertionError("nobody needs it");
          }

          @Override
          public Runnable schedule(long delayNanos, Runnable action) {
            throw new AssertionError("nobody needs it");
          }
        };
    Limiter limiter = Limiter.concurrent(1);
    CompletableFuture<Permit> first = none.call(limiter::acquire);
    CompletableFuture<Permit> second = none.call(limiter::acquire);
    none.call(
        () -> {
          first.join().close();
          return null;
        });
    assertTrue(second.isDone());
  }
}
