package dev.gather.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HeldPermitsTest {
  private static final Object ONE = new Object();
  private static final Object TWO = new Object();

  @Test
  void theInnermostOfEachLimiter() throws Exception {
    assertNull(HeldPermits.current());
    HeldPermits.with(
        ONE,
        "outer",
        () ->
            HeldPermits.with(
                TWO,
                "middle",
                () -> {
                  assertEquals("outer", HeldPermits.of(ONE));
                  HeldPermits.with(
                      ONE, "inner", () -> assertAll("inner of one, and of two", "inner", "middle"));
                  return assertAll("as before", "outer", "middle");
                }));
    assertAll("none", null, null);
    assertNull(HeldPermits.current());
  }

  @Test
  void whatABodyThrowsLeavesNothingBehind() {
    IOException error = new IOException();
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                HeldPermits.with(
                    ONE,
                    "permit",
                    () -> {
                      throw error;
                    }));
    assertSame(error, thrown);
    assertNull(HeldPermits.current());
  }

  @Test
  void anotherThreadIsGivenTheSame() throws Exception {
    HeldPermits captured = HeldPermits.with(ONE, "permit", HeldPermits::current);
    CompletableFuture<Object> seen =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return HeldPermits.with(
                    TWO,
                    "its own",
                    () -> {
                      captured.call(() -> assertAll("those and no others", "permit", null));
                      return assertAll("its own again", null, "its own");
                    });
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    seen.get(20, TimeUnit.SECONDS);
  }

  @Test
  void oneMoreIsMadeOnceAndOnlyIfSomebodyLooks() throws Exception {
    AtomicInteger made = new AtomicInteger();
    HeldPermits one = HeldPermits.pattern(ONE, made::incrementAndGet);
    assertNull(seenOf(one, () -> HeldPermits.with(TWO, "other", () -> HeldPermits.of(TWO))));
    assertEquals(0, made.get());
    assertEquals(
        1, seenOf(one, () -> HeldPermits.with(TWO, "other", () -> assertAll("both", 1, "other"))));
    assertEquals(2, seenOf(one, () -> assertAll("the next has one of its own", 2, null)));
    HeldPermits.with(
        TWO,
        "other",
        () -> {
          assertEquals(3, seenOf(one, () -> assertAll("within", 3, "other")));
          return null;
        });
    assertEquals(3, made.get());
    assertNull(HeldPermits.current());
  }

  @Test
  void oneMoreWithinAnotherIsMadeOnItsOwn() throws Exception {
    AtomicInteger made = new AtomicInteger();
    HeldPermits one = HeldPermits.pattern(ONE, () -> "one " + made.incrementAndGet());
    HeldPermits two = HeldPermits.pattern(TWO, () -> "two " + made.incrementAndGet());
    Object[] place = HeldPermits.place();
    assertEquals(
        "one 2",
        seenOf(
            one,
            () -> {
              assertEquals("two 1", seenOf(two, () -> HeldPermits.of(TWO)));
              assertNull(seenOf(two, () -> HeldPermits.holds(place, ONE)));
              return seenOf(two, () -> HeldPermits.of(ONE));
            }));
    assertNull(HeldPermits.current());
  }

  @Test
  void whatIsHeldIsKnownWithoutALook() throws Exception {
    AtomicInteger made = new AtomicInteger();
    HeldPermits one = HeldPermits.pattern(ONE, made::incrementAndGet);
    Object[] place = HeldPermits.place();
    assertFalse(HeldPermits.holds(place, ONE));
    HeldPermits.with(ONE, "outer", () -> assertHolds(place, true, false));
    seenOf(one, () -> assertHolds(place, true, false));
    HeldPermits.with(TWO, "outer", () -> seenOf(one, () -> assertHolds(place, true, true)));
    assertFalse(HeldPermits.holds(place, ONE));
    assertEquals(0, made.get());
  }

  @Test
  void oneMoreIsThereForAnotherThread() throws Exception {
    HeldPermits one = HeldPermits.pattern(ONE, () -> "one");
    HeldPermits two = HeldPermits.pattern(TWO, () -> "two");
    AtomicReference<HeldPermits> captured = new AtomicReference<>();
    assertEquals("two", seenOf(two, () -> seenOf(one, () -> capture(captured))));
    CompletableFuture<Object> seen = new CompletableFuture<>();
    new Thread(() -> seen.complete(captured.get().permitOf(ONE))).start();
    assertEquals("one", seen.get(20, TimeUnit.SECONDS));
    assertEquals("two", captured.get().permitOf(TWO));
  }

  @Test
  void workOfOthersSeesNothingOfOneMore() throws Exception {
    HeldPermits one = HeldPermits.pattern(ONE, () -> "one");
    assertEquals(
        "one",
        seenOf(
            one,
            () -> {
              HeldPermits.without(() -> assertAll("of others", null, null));
              return HeldPermits.of(ONE);
            }));
  }

  private static Object capture(AtomicReference<HeldPermits> to) {
    to.set(HeldPermits.current());
    return "captured";
  }

  /** The permit that the body has looked for, if it has. */
  private static Object seenOf(HeldPermits pattern, Callable<?> body) throws Exception {
    Object[] place = HeldPermits.place();
    HeldPermits held = pattern.on(place);
    Object before = place[0];
    place[0] = held;
    Object last;
    try {
      body.call();
    } finally {
      last = place[0];
      place[0] = before;
    }
    return HeldPermits.made(last);
  }

  private static Object assertHolds(Object[] place, boolean one, boolean two) {
    assertEquals(one, HeldPermits.holds(place, ONE));
    assertEquals(two, HeldPermits.holds(place, TWO));
    return "holds";
  }

  private static Object assertAll(String message, Object ofOne, Object ofTwo) {
    assertEquals(ofOne, HeldPermits.of(ONE), message);
    assertEquals(ofTwo, HeldPermits.of(TWO), message);
    return message;
  }
}
