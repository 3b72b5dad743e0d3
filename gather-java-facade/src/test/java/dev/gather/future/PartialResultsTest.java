package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.CancelReason;
import dev.gather.GatherException;
import dev.gather.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What came of each task, with its own type, where not all of them have a value. */
@Timeout(60)
class PartialResultsTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  private final IOException error = new IOException("boom");
  private final Task<String> user = Task.of(() -> "Ada");
  private final Task<List<Integer>> orders = Task.of(() -> List.of(1, 2));
  private final Task<Integer> failing =
      Task.of(
          () -> {
            throw error;
          });
  private final Task<Integer> never = Task.started(new CompletableFuture<>());

  private static <T> T soon(Future<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void eachTaskHasItsOutcomeAndItsType() throws Exception {
    GatherFuture<String> page =
        Gather.of(user, failing, orders)
            .combineSettled(
                results -> {
                  Outcome<Integer> failed = results.outcome(failing);
                  assertSame(error, ((Outcome.Failure<Integer>) failed).cause());
                  int total = results.outcome(orders).getOrElse(List.of()).size();
                  return results.get(user) + ", " + failed.getOrElse(0) + ", " + total;
                });
    assertEquals("Ada, 0, 2", soon(page));
  }

  @Test
  void atTheDeadlineItIsWhatThereIs() throws Exception {
    GatherFuture<Outcome<Integer>> late =
        Gather.of(user, never)
            .timeout(SHORT)
            .combineSettled(
                results -> {
                  assertEquals("Ada", results.get(user));
                  return results.outcome(never);
                });
    assertEquals(new Outcome.Cancelled<>(CancelReason.TIMEOUT, true), soon(late));
  }

  @Test
  void whatTheResultCannotDoWithoutFailsIt() {
    GatherFuture<Integer> page =
        Gather.of(user, failing).combineSettled(results -> results.get(failing));
    GatherException failure = assertThrows(GatherException.class, page::join);
    assertSame(error, failure.getCause());
    assertEquals(1, failure.index());
    assertEquals("task[1] of 2 failed: java.io.IOException: boom", failure.getMessage());
    assertEquals(
        List.of(new Outcome.Success<>("Ada"), new Outcome.Failure<>(error)), failure.outcomes());
    assertSame(error, assertThrows(ExecutionException.class, page::get).getCause());
  }

  @Test
  void aKeyIsNamed() {
    Map<String, Task<?>> tasks = new LinkedHashMap<>();
    tasks.put("who", user);
    tasks.put("what", never);
    GatherFuture<Integer> page =
        Gather.<String, Object>keyed(tasks)
            .timeout(SHORT)
            .combineSettled(results -> results.get(never));
    GatherException failure = assertThrows(GatherException.class, page::join);
    assertInstanceOf(CancellationException.class, failure.getCause());
    assertEquals("what", failure.taskName());
    assertEquals(
        "task[1] what of 2 failed: java.util.concurrent.CancellationException: the task was"
            + " cancelled (TIMEOUT)",
        failure.getMessage());
  }

  @Test
  void combineFindsOutcomesToo() throws Exception {
    assertEquals(new Outcome.Success<>("Ada"), soon(Gather.of(user).combine(r -> r.outcome(user))));
    Task<String> other = Task.of(() -> "other");
    GatherException refusal =
        assertThrows(
            GatherException.class, Gather.of(user).combineSettled(r -> r.outcome(other))::join);
    assertInstanceOf(IllegalArgumentException.class, refusal.getCause());
    assertEquals(List.of(new Outcome.Success<>("Ada")), refusal.outcomes());
    assertTrue(refusal.index() < 0);
  }
}
