package dev.gather.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
    HeldPermits unseen = oneMore(ONE, made);
    unseen.callHere(() -> HeldPermits.with(TWO, "other", () -> HeldPermits.of(TWO)));
    assertNull(unseen.made());
    HeldPermits seen = oneMore(ONE, made);
    seen.callHere(() -> HeldPermits.with(TWO, "other", () -> assertAll("both", 1, "other")));
    assertEquals(1, seen.made());
    HeldPermits.with(
        TWO, "other", () -> oneMore(ONE, made).callHere(() -> assertAll("in", 2, "other")));
    assertEquals(2, made.get());
    assertNull(HeldPermits.current());
  }

  @Test
  void whoHoldsOneGetsNoneMoreOfTheSameLimiter() throws Exception {
    AtomicInteger made = new AtomicInteger();
    HeldPermits.with(ONE, "outer", () -> assertNone(made));
    assertEquals(0, made.get());
    oneMore(ONE, made).callHere(() -> assertNone(made));
    assertEquals(1, made.get());
  }

  @Test
  void oneMoreIsThereForAnotherThread() throws Exception {
    AtomicInteger made = new AtomicInteger();
    HeldPermits captured =
        oneMore(TWO, made).callHere(() -> oneMore(ONE, made).callHere(HeldPermits::current));
    assertEquals(2, made.get());
    CompletableFuture<Object> seen = new CompletableFuture<>();
    new Thread(() -> seen.complete(captured.permitOf(ONE))).start();
    assertEquals(1, seen.get(20, TimeUnit.SECONDS));
    assertEquals(1, captured.made());
  }

  private static Object assertNone(AtomicInteger made) {
    assertNull(HeldPermits.withOneMore(ONE, made::incrementAndGet));
    return "none";
  }

  private static HeldPermits oneMore(Object limiter, AtomicInteger made) {
    return Objects.requireNonNull(HeldPermits.withOneMore(limiter, made::incrementAndGet));
  }

  private static Object assertAll(String message, Object ofOne, Object ofTwo) {
    assertEquals(ofOne, HeldPermits.of(ONE), message);
    assertEquals(ofTwo, HeldPermits.of(TWO), message);
    return message;
  }
}
