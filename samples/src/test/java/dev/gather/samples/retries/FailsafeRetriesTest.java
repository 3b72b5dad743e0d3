package dev.gather.samples.retries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.gather.GatherException;
import dev.gather.GatherTimeoutException;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FailsafeRetriesTest {
  private final Trial trial = new Trial();
  private final FailsafeRetries retries = new FailsafeRetries(Trial.NOWHERE, trial.scheduler);
  private final RetryPolicy<String> patient = FailsafeRetries.policy(Trial.LONG);
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
        --- no attempt answers, and there is a fallback ---
        orders: attempt 1 fails
        orders: attempt 2 fails
        orders: attempt 3 fails
        [nothing]
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
        Trial.printedBy(out -> new FailsafeRetries(out, trial.scheduler).run()));
  }

  @Test
  void aCancelInterruptsAnAttemptAndNoneFollows() throws Exception {
    GatherFuture<List<String>> all = FailsafeRetries.blocking(List.of(hanging), patient).all();
    Trial.soon(hanging.asked);
    all.cancel(true);
    Trial.soon(all.terminated());
    assertEquals(1, hanging.attempts.get());
  }

  @Test
  void noneFollowsEvenIfThePolicyHandlesEverything() throws Exception {
    RetryPolicy<String> everything = RetryPolicy.ofDefaults(); // and without a pause
    GatherFuture<List<String>> all = FailsafeRetries.blocking(List.of(hanging), everything).all();
    Trial.soon(hanging.asked);
    all.cancel(true);
    Trial.soon(all.terminated());
    assertEquals(1, hanging.attempts.get());
  }

  @Test
  void aFailureOfAnotherTaskEndsThePause() throws Exception {
    GatherFuture<List<String>> all =
        Gather.<String>of(
                () -> Failsafe.with(patient).get(down::fetch),
                () -> {
                  Trial.soon(down.failed());
                  throw new IllegalStateException("another task");
                })
            .all();
    assertThrows(Exception.class, () -> Trial.soon(all));
    assertEquals(1, down.attempts());
  }

  @Test
  void aCancelTakesBackTheNextAttempt() throws Exception {
    GatherFuture<List<String>> all = retries.async(List.of(down), patient).all();
    Trial.soon(down.failed()); // before that it is the first attempt that may be waiting
    trial.awaitWaiting(1);
    all.cancel(true);
    Trial.soon(all.terminated());
    assertEquals(0, trial.scheduler.getQueue().size());
    assertEquals(1, down.attempts());
  }

  @Test
  void theDeadlineTakesBackTheNextAttempt() {
    Gather<String> gather = retries.async(List.of(down), patient).timeout(Duration.ofMillis(500));
    Throwable thrown = assertThrows(CompletionException.class, gather.all()::join).getCause();
    assertInstanceOf(GatherTimeoutException.class, thrown);
    trial.awaitWaiting(0);
    assertEquals(1, down.attempts());
  }

  @Test
  void aCancelReachesTheStageOfAnAttempt() throws Exception {
    GatherFuture<List<String>> all = retries.async(List.of(hanging), patient).all();
    Trial.soon(hanging.asked);
    all.cancel(true);
    boolean isReached = Trial.soon(hanging.pending.handle((v, e) -> hanging.pending.isCancelled()));
    assertTrue(isReached);
    Trial.soon(all.terminated());
    assertEquals(1, hanging.attempts.get());
    assertEquals(0, trial.scheduler.getQueue().size());
  }

  @Test
  void whatTheLastAttemptThrowsIsWrappedIfItBlocked() {
    RetryPolicy<String> hasty = FailsafeRetries.policy(Duration.ofMillis(1));
    GatherFuture<List<String>> all = FailsafeRetries.blocking(List.of(down), hasty).all();
    Throwable cause = assertThrows(GatherException.class, all::join).getCause();
    assertInstanceOf(FailsafeException.class, cause);
    assertInstanceOf(IOException.class, cause.getCause());
    assertEquals(3, down.attempts());
  }

  @Test
  void whatTheLastAttemptThrowsIsNotWrappedIfItWasAsynchronous() {
    RetryPolicy<String> hasty = FailsafeRetries.policy(Duration.ofMillis(1));
    GatherFuture<List<String>> all = retries.async(List.of(down), hasty).all();
    Throwable cause = assertThrows(GatherException.class, all::join).getCause();
    assertInstanceOf(IOException.class, cause);
    assertEquals(3, down.attempts());
  }
}
