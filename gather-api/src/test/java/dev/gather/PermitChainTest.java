package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.Limiter.Permit;
import dev.gather.threads.HeldPermits;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work that goes on and on inside of itself: a permit that has been given back is kept by none. */
@Timeout(60)
class PermitChainTest {
  private static final int MANY = 2_000;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void eachIsAcquiredInsideThePreviousWhichIsGivenBackThen(int max) {
    Limiter limiter = Limiter.concurrent(max);
    List<WeakReference<Permit>> before = new ArrayList<>();
    Permit permit = limiter.acquire(null).join();
    for (int i = 0; i < MANY; i++) {
      Permit inner = limiter.acquire(permit).join();
      before.add(new WeakReference<>(permit));
      permit.close();
      permit = inner;
    }
    assertCleared(before, 1);
    assertEquals(1, limiter.active());
    // What is left is a permit like others: it lends, and it is free when all have given back.
    Permit inner = limiter.acquire(permit).join();
    permit.close();
    assertEquals(1, limiter.active());
    inner.close();
    assertEquals(0, limiter.active());
  }

  @Test
  void twoAreOutAtATimeAllTheTime() {
    Limiter limiter = Limiter.concurrent(2);
    List<WeakReference<Permit>> before = new ArrayList<>();
    Permit outer = limiter.acquire(null).join();
    Permit inner = limiter.acquire(outer).join();
    for (int i = 0; i < MANY; i++) {
      // Its outer one lends already, so this one has a slot of its own; the next one borrows it.
      Permit beside = limiter.acquire(outer).join();
      before.add(new WeakReference<>(outer));
      before.add(new WeakReference<>(inner));
      outer.close();
      inner.close();
      outer = beside;
      inner = limiter.acquire(outer).join();
    }
    assertCleared(before, 2);
    inner.close();
    outer.close();
    assertEquals(0, limiter.active());
  }

  @Test
  void allAreGivenBackFromTheOutsideIn() {
    Limiter limiter = Limiter.concurrent(1);
    List<Permit> permits = new ArrayList<>();
    Permit last = null;
    for (int i = 0; i < MANY; i++) {
      last = limiter.acquire(last).join();
      permits.add(last);
    }
    permits.remove(last);
    List<WeakReference<Permit>> before = new ArrayList<>();
    permits.forEach(permit -> before.add(new WeakReference<>(permit)));
    permits.forEach(Permit::close);
    permits.clear();
    assertCleared(before, 1);
    assertEquals(1, limiter.active());
    last.close();
    assertEquals(0, limiter.active());
  }

  @Test
  void allButTheInnermostAreGivenBackFromTheInsideOut() {
    Limiter limiter = Limiter.concurrent(1);
    List<Permit> permits = new ArrayList<>();
    Permit last = null;
    for (int i = 0; i < MANY; i++) {
      last = limiter.acquire(last).join();
      permits.add(0, last);
    }
    permits.remove(last);
    List<WeakReference<Permit>> before = new ArrayList<>();
    permits.forEach(permit -> before.add(new WeakReference<>(permit)));
    permits.forEach(Permit::close);
    permits.clear();
    assertCleared(before, 1);
    last.close();
    assertEquals(0, limiter.active());
  }

  /** As a body that starts the next, on another thread, as work that holds its permit. */
  @Test
  void whatAThreadHoldsIsOfEachLimiterTheInnermost() throws Exception {
    Limiter limiter = Limiter.concurrent(1);
    Limiter other = Limiter.concurrent(1);
    Permit ofOther = other.acquire().join();
    List<WeakReference<Permit>> before = new ArrayList<>();
    HeldPermits here = ofOther.call(HeldPermits::current);
    Permit permit = null;
    for (int i = 0; i < MANY; i++) {
      Permit inner = here.call(limiter::acquire).join();
      here = here.call(() -> inner.call(HeldPermits::current));
      if (permit != null) {
        before.add(new WeakReference<>(permit));
        permit.close();
      }
      permit = inner;
    }
    assertCleared(before, 1);
    assertEquals(permit, here.permitOf(limiter));
    assertEquals(ofOther, here.permitOf(other));
  }

  @Test
  void whoeverIsInsideOfWhatWasGivenBackIsInsideOfWhatIsAroundIt() {
    Limiter limiter = Limiter.concurrent(1);
    Permit outer = limiter.acquire(null).join();
    Permit middle = limiter.acquire(outer).join();
    Permit inner = limiter.acquire(middle).join();
    CompletableFuture<Permit> stranger = limiter.acquire(null);
    middle.close();
    assertFalse(limiter.acquire(outer).isDone()); // it lends to the inner one now
    assertTrue(limiter.acquire(inner).isDone());
    assertFalse(limiter.acquire(middle).isDone());
    assertFalse(stranger.isDone());
    assertEquals(1, limiter.active());
  }

  /** But for a few at the end, which the last one may keep. */
  private static void assertCleared(List<WeakReference<Permit>> references, int but) {
    List<WeakReference<Permit>> gone = references.subList(0, references.size() - but);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (gone.stream().anyMatch(it -> it.get() != null) && System.nanoTime() - end < 0) {
      System.gc();
      LockSupport.parkNanos(1_000_000); // there is nothing that could be waited for
    }
    gone.forEach(reference -> assertNull(reference.get()));
  }
}
