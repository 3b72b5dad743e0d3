package dev.gather;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  @Test
  void aSuccessHasItsValue() {
    Outcome<String> outcome = new Outcome.Success<>("page");
    assertTrue(outcome.isSuccess());
    assertEquals("page", outcome.getOrThrow());
    assertEquals("page", outcome.getOrElse("other"));
  }

  @Test
  void nullIsAValueLikeAnyOther() {
    Outcome<@Nullable String> outcome = new Outcome.Success<>(null);
    assertTrue(outcome.isSuccess());
    assertNull(outcome.getOrThrow());
    assertNull(outcome.getOrElse("other"));
  }

  @Test
  void anExceptionThatWasReturnedIsASuccess() {
    IOException returned = new IOException("returned, not thrown");
    Outcome<Exception> outcome = new Outcome.Success<>(returned);
    assertTrue(outcome.isSuccess());
    assertSame(returned, outcome.getOrThrow());
  }

  @Test
  void aFailureThrowsAsJoinDoesWithTheSameCause() {
    IOException cause = new IOException("no route");
    Outcome<String> outcome = new Outcome.Failure<>(cause);
    assertFalse(outcome.isSuccess());
    assertSame(cause, assertThrows(CompletionException.class, outcome::getOrThrow).getCause());
    assertEquals("other", outcome.getOrElse("other"));
  }

  @Test
  void aFailureDoesNotTouchItsCause() {
    IOException cause = new IOException("no route");
    assertThrows(CompletionException.class, new Outcome.Failure<>(cause)::getOrThrow);
    assertNull(cause.getCause());
    assertEquals(0, cause.getSuppressed().length);
  }

  @Test
  void aCancelledOutcomeSaysWhyAndWhetherItHadStarted() {
    Outcome<String> running = new Outcome.Cancelled<>(CancelReason.GATHER, true);
    Outcome<String> queued = new Outcome.Cancelled<>(CancelReason.TIMEOUT, false);
    assertFalse(running.isSuccess());
    assertEquals("other", running.getOrElse("other"));
    assertEquals("the task was cancelled (GATHER)", cancellation(running).getMessage());
    assertEquals(
        "the task was cancelled (TIMEOUT, it had not started)", cancellation(queued).getMessage());
  }

  /** Never as it is: whoever asks has not been cancelled. */
  private static CancellationException cancellation(Outcome<?> outcome) {
    CompletionException thrown = assertThrows(CompletionException.class, outcome::getOrThrow);
    return assertInstanceOf(CancellationException.class, thrown.getCause());
  }

  @Test
  void theValueOrNullOrAnotherThatIsMadeIfNeedBe() {
    Outcome<String> success = new Outcome.Success<>("page");
    Outcome<String> failure = new Outcome.Failure<>(new IOException());
    Outcome<String> cancelled = new Outcome.Cancelled<>(CancelReason.TASK, true);
    assertEquals("page", success.getOrNull());
    assertEquals("page", success.getOrElseGet(() -> fail("not needed")));
    for (Outcome<String> none : List.of(failure, cancelled)) {
      assertNull(none.getOrNull());
      assertEquals("other", none.getOrElseGet(() -> "other"));
    }
    assertNull(new Outcome.Success<@Nullable String>(null).getOrElseGet(() -> "other"));
  }

  @Test
  void mapChangesTheValueAndNothingElse() {
    Outcome<String> success = new Outcome.Success<>("page");
    Outcome<Number> length = success.map(String::length);
    assertEquals(new Outcome.Success<>(4), length);
    Outcome<String> failure = new Outcome.Failure<>(new IOException());
    assertSame(failure, failure.map(String::length));
    Outcome<String> cancelled = new Outcome.Cancelled<>(CancelReason.TASK, true);
    assertSame(cancelled, cancelled.map(String::length));
    IllegalStateException error = new IllegalStateException();
    assertSame(
        error,
        assertThrows(
            IllegalStateException.class,
            () ->
                success.map(
                    value -> {
                      throw error;
                    })));
  }

  @Test
  void foldIsOneOfThree() {
    IOException cause = new IOException("no route");
    assertEquals("page", folded(new Outcome.Success<>("page")));
    assertEquals("failed: no route", folded(new Outcome.Failure<>(cause)));
    assertEquals("TASK", folded(new Outcome.Cancelled<>(CancelReason.TASK, true)));
  }

  private static String folded(Outcome<String> outcome) {
    return outcome.fold(
        value -> value,
        cause -> "failed: " + cause.getMessage(),
        cancelled -> cancelled.reason().name());
  }

  @Test
  void aCauseAndAReasonAreRequired() {
    assertEquals(
        "cause must not be null",
        assertThrows(NullPointerException.class, () -> new Outcome.Failure<>(nothing()))
            .getMessage());
    assertEquals(
        "reason must not be null",
        assertThrows(NullPointerException.class, () -> new Outcome.Cancelled<>(nothing(), true))
            .getMessage());
  }

  @Test
  void thereAreThreeKindsAndNoOther() {
    assertArrayEquals(
        new Class<?>[] {Outcome.Success.class, Outcome.Failure.class, Outcome.Cancelled.class},
        Outcome.class.getPermittedSubclasses());
  }

  @Test
  void theKindsCanBeToldApart() {
    IOException cause = new IOException("no route");
    assertEquals("page", describe(new Outcome.Success<>("page")));
    assertEquals("failed: no route", describe(new Outcome.Failure<>(cause)));
    assertEquals("TASK", describe(new Outcome.Cancelled<>(CancelReason.TASK, true)));
  }

  @Test
  void outcomesAreValues() {
    IOException cause = new IOException("no route");
    assertEquals(new Outcome.Success<>(1), new Outcome.Success<>(1));
    assertEquals(new Outcome.Failure<>(cause), new Outcome.Failure<>(cause));
    assertEquals("Success[value=1]", new Outcome.Success<>(1).toString());
    assertEquals(
        "Failure[cause=java.io.IOException: no route]", new Outcome.Failure<>(cause).toString());
    assertEquals(
        "Cancelled[reason=OTHER_FAILED, started=false]",
        new Outcome.Cancelled<>(CancelReason.OTHER_FAILED, false).toString());
  }

  private static String describe(Outcome<String> outcome) {
    if (outcome instanceof Outcome.Success<String> success) {
      return success.value();
    }
    if (outcome instanceof Outcome.Failure<String> failure) {
      return "failed: " + failure.cause().getMessage();
    }
    return ((Outcome.Cancelled<String>) outcome).reason().name();
  }

  private static <T> T nothing() {
    return null;
  }
}
