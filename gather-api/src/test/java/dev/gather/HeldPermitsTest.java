package dev.gather;

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
    assertNull(HeldPermits.of(ONE));
  }

  @Test
  void anotherThreadHoldsNothing() throws Exception {
    HeldPermits.with(
        ONE,
        "permit",
        () ->
            CompletableFuture.supplyAsync(() -> assertAll("elsewhere", null, null))
                .get(20, TimeUnit.SECONDS));
  }

  private static Object assertAll(String message, Object ofOne, Object ofTwo) {
    assertEquals(ofOne, HeldPermits.of(ONE), message);
    assertEquals(ofTwo, HeldPermits.of(TWO), message);
    return message;
  }
}
