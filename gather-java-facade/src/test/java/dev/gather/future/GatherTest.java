package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.FailurePolicy;
import dev.gather.GatherException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatherTest {
  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void zipTakesTwoToSix() throws Exception {
    assertEquals("ab", soon(Gather.zip(() -> "a", () -> "b", (a, b) -> a + b)));
    assertEquals("abc", soon(Gather.zip(() -> "a", () -> "b", () -> "c", (a, b, c) -> a + b + c)));
    assertEquals(
        "abcd",
        soon(
            Gather.zip(() -> "a", () -> "b", () -> "c", () -> "d", (a, b, c, d) -> a + b + c + d)));
    assertEquals(
        "abcde",
        soon(
            Gather.zip(
                () -> "a",
                () -> "b",
                () -> "c",
                () -> "d",
                () -> "e",
                (a, b, c, d, e) -> a + b + c + d + e)));
    assertEquals(
        "abcdef",
        soon(
            Gather.zip(
                () -> "a",
                () -> "b",
                () -> "c",
                () -> "d",
                () -> "e",
                () -> "f",
                (a, b, c, d, e, f) -> a + b + c + d + e + f)));
  }

  @Test
  void eachAsyncAwaitsTheStageOfEachItem() throws Exception {
    CompletableFuture<String> second = new CompletableFuture<>();
    GatherFuture<List<String>> future =
        Gather.eachAsync(
                List.of(1, 2),
                i -> i == 2 ? second : CompletableFuture.completedFuture("value of " + i))
            .all();
    second.complete("value of 2");
    assertEquals(List.of("value of 1", "value of 2"), soon(future));
  }

  @Test
  void zipFailsAsAllDoes() {
    IllegalStateException error = new IllegalStateException();
    GatherFuture<String> future =
        Gather.zip(
            () -> "a",
            () -> {
              throw error;
            },
            (a, b) -> a + b);
    GatherException failure = assertThrows(GatherException.class, future::join);
    assertSame(error, failure.getCause());
    assertEquals(1, failure.index());
  }

  @Test
  void eachOptionGivesANewDescription() {
    Gather<String> gather = Gather.of(() -> "x");
    assertEquals("Gather[1 task, GatherOptions[]]", gather.toString());
    Gather<String> all =
        gather
            .limit(2)
            .timeout(Duration.ofSeconds(1))
            .taskTimeout(Duration.ofSeconds(2))
            .onFailure(FailurePolicy.AWAIT_OTHERS)
            .grace(Duration.ofSeconds(3))
            .name("pages");
    assertEquals(
        "Gather[1 task, GatherOptions[name=pages, limit=2, timeout=PT1S, taskTimeout=PT2S,"
            + " onFailure=AWAIT_OTHERS, grace=PT3S]]",
        all.toString());
    assertEquals("Gather[1 task, GatherOptions[]]", gather.toString());
  }

  @Test
  void toStringCountsTheTasks() {
    assertEquals("Gather[0 tasks, GatherOptions[]]", Gather.of(List.of()).toString());
    assertEquals("Gather[2 tasks, GatherOptions[]]", Gather.of(() -> 1, () -> 2).toString());
    assertEquals(
        "Gather[lazy input, GatherOptions[]]",
        Gather.each(() -> List.of(1).iterator(), item -> item).toString());
    assertEquals(
        "Gather[0 tasks, GatherOptions[]]", Gather.each(List.of(), item -> item).toString());
  }

  @Test
  void tasksSayWhatTheyAre() {
    Task<String> body = Task.of(() -> "x");
    assertEquals("Task", body.toString());
    assertEquals("Task[user]", body.named("user").toString());
    assertEquals(
        "Task.async[orders]", Task.async(CompletableFuture::new).named("orders").toString());
    assertEquals("Task.started", Task.started(new CompletableFuture<>()).toString());
    Task<String> all =
        body.named("all").timeout(Duration.ofSeconds(1)).onCancel(() -> {}).onCancel(() -> {});
    assertEquals("Task[all]", all.toString());
  }

  @Test
  void resultsAreFoundByTheirTasks() throws Exception {
    Task<String> one = Task.of(() -> "one");
    Task<Integer> two = Task.of(() -> 2);
    GatherFuture<String> future =
        Gather.<Object>of(one, two, one)
            .combine(results -> results.get(one) + results.get(two) + results);
    assertEquals("one2Results[3 values]", soon(future));
  }

  @Test
  void completeAsyncReturnsTheFuture() {
    GatherFuture<String> future = Subject.gather(Subject.State.PENDING).gathered();
    assertSame(future, future.completeAsync(() -> "x", Runnable::run));
    assertEquals("x", future.join());
    assertTrue(future.terminated().isDone());
  }
}
