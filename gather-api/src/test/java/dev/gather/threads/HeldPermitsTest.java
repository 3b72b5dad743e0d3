package dev.gather.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  private static Object assertAll(String message, Object ofOne, Object ofTwo) {
    assertEquals(ofOne, HeldPermits.of(ONE), message);
    assertEquals(ofTwo, HeldPermits.of(TWO), message);
    return message;
  }
}
