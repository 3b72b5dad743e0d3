package dev.gather.samples.retries;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.GatherException;
import dev.gather.GatherTimeoutException;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.Task;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class Resilience4jRetriesTest {
  private final Trial trial = new Trial();
  private final Resilience4jRetries retries =
      new Resilience4jRetries(Trial.NOWHERE, trial.scheduler);
  private final Retry patient = Resilience4jRetries.retry(Trial.LONG);
  private final FlakyEndpoint down = FlakyEndpoint.down(Trial.NOWHERE, "down");
  private final HangingEndpoint hanging = new HangingEndpoint();

  @AfterEach
  void shutDown() {
    trial.close();
  }

  @Test
  void allThatItPrints() {
    assertEquals(
        """
        === blocking ===
        --- the third attempt answers ---
        users: attempt 1 fails
        users: attempt 2 fails
        users: attempt 3 answers
        [users]
        --- the deadline passes between two attempts ---
        prices: attempt 1 fails
        gather timed out after 500ms: 0/1 done; unfinished: task[0], attempts: 1
        --- the caller cancels between two attempts ---
        stock: attempt 1 fails
        cancelled, attempts: 1
        === asynchronous ===
        --- the third attempt answers ---
        users: attempt 1 fails
        users: attempt 2 fails
        users: attempt 3 answers
        [users]
        --- the deadline passes between two attempts ---
        prices: attempt 1 fails
        gather timed out after 500ms: 0/1 done; unfinished: task[0], attempts: 1
        --- the caller cancels between two attempts ---
        stock: attempt 1 fails
        cancelled, attempts: 1
        """,
        Trial.printedBy(out -> new Resilience4jRetries(out, trial.scheduler).run()));
  }

  @Test
  void aCancelInterruptsAnAttemptAndNoneFollows() throws Exception {
    GatherFuture<List<String>> all = Resilience4jRetries.blocking(List.of(hanging), patient).all();
    Trial.soon(hanging.asked);
    all.cancel(true);
    Trial.soon(all.terminated());
    assertEquals(1, hanging.attempts.get());
  }

  @Test
  void byDefaultAnAttemptThatWasInterruptedIsMadeAgain() throws Exception {
    RetryConfig config = RetryConfig.custom().waitDuration(Duration.ofMillis(10)).build();
    Retry everything = Retry.of("everything", config);
    GatherFuture<List<String>> all =
        Resilience4jRetries.blocking(List.of(hanging), everything).all();
    Trial.soon(hanging.asked);
    all.cancel(true);
    Trial.soon(all.terminated());
    assertEquals(2, hanging.attempts.get());
  }

  @Test
  void thePauseEndsWithWhatTheLastAttemptThrew() {
    Gather<String> gather =
        Resilience4jRetries.blocking(List.of(down), patient).timeout(Duration.ofMillis(500));
    Throwable thrown = assertThrows(CompletionException.class, gather.all()::join).getCause();
    assertInstanceOf(GatherTimeoutException.class, thrown);
    assertArrayEquals(
        new String[] {"java.io.IOException: down is down"},
        Arrays.stream(thrown.getSuppressed()).map(Throwable::toString).toArray());
    assertEquals(1, down.attempts());
  }

  @Test
  void afterACancelTheNextAttemptIsNotMadeWhenItsTimeComes() throws Exception {
    GatherFuture<List<String>> all = Gather.of(List.of(retries.async(down, patient))).all();
    trial.awaitWaiting(1);
    all.cancel(true);
    Trial.soon(all.terminated());
    trial.timePasses();
    assertEquals(1, down.attempts());
  }

  @Test
  void afterTheDeadlineTheNextAttemptIsNotMadeWhenItsTimeComes() {
    Gather<String> gather =
        Gather.of(List.of(retries.async(down, patient))).timeout(Duration.ofMillis(500));
    Throwable thrown = assertThrows(CompletionException.class, gather.all()::join).getCause();
    assertInstanceOf(GatherTimeoutException.class, thrown);
    trial.awaitWaiting(1);
    trial.timePasses();
    assertEquals(1, down.attempts());
  }

  @Test
  void aCancelReachesTheStageOfAnAttempt() throws Exception {
    GatherFuture<List<String>> all = Gather.of(List.of(retries.async(hanging, patient))).all();
    Trial.soon(hanging.asked);
    all.cancel(true);
    Trial.soon(all.terminated());
    assertTrue(hanging.pending.isCancelled());
    trial.timePasses();
    assertEquals(1, hanging.attempts.get());
  }

  @Test
  void withoutTheHookACancelReachesNothing() throws Exception {
    Supplier<CompletionStage<String>> stages =
        Retry.decorateCompletionStage(patient, trial.scheduler, down::fetchAsync);
    GatherFuture<List<String>> all = Gather.of(List.of(Task.<String>async(stages))).all();
    trial.awaitWaiting(1);
    all.cancel(true);
    Trial.soon(all.terminated());
    trial.timePasses();
    assertEquals(2, down.attempts());

    Supplier<CompletionStage<String>> hangs =
        Retry.decorateCompletionStage(patient, trial.scheduler, hanging::fetchAsync);
    GatherFuture<List<String>> other = Gather.of(List.of(Task.<String>async(hangs))).all();
    Trial.soon(hanging.asked);
    other.cancel(true);
    Trial.soon(other.terminated());
    assertFalse(hanging.pending.isDone());
  }

  @Test
  void whatTheLastAttemptThrowsReachesTheCaller() {
    Retry hasty = Resilience4jRetries.retry(Duration.ofMillis(10));
    GatherFuture<List<String>> all = Resilience4jRetries.blocking(List.of(down), hasty).all();
    Throwable cause = assertThrows(GatherException.class, all::join).getCause();
    assertInstanceOf(IOException.class, cause);
    assertEquals(3, down.attempts());
  }
}
