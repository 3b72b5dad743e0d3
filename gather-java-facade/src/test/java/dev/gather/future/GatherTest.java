package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.FailurePolicy;
import dev.gather.GatherException;
import dev.gather.GatherListener;
import dev.gather.GatherOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
  void zipTakesOptions() throws Exception {
    GatherOptions named = GatherOptions.builder().limit(1).name("page").build();
    assertEquals("ab", soon(Gather.zip(named, () -> "a", () -> "b", (a, b) -> a + b)));
    assertEquals(
        "abc", soon(Gather.zip(named, () -> "a", () -> "b", () -> "c", (a, b, c) -> a + b + c)));
    assertEquals("4", soon(Gather.zip(named, () -> 1, () -> 1, () -> 1, () -> 1, this::sum)));
    assertEquals(
        "5",
        soon(
            Gather.zip(
                named,
                () -> 1,
                () -> 1,
                () -> 1,
                () -> 1,
                () -> 1,
                (a, b, c, d, e) -> sum(a, b, c, d + e))));
    assertEquals(
        "6",
        soon(
            Gather.zip(
                named,
                () -> 1,
                () -> 1,
                () -> 1,
                () -> 1,
                () -> 1,
                () -> 1,
                (a, b, c, d, e, f) -> sum(a, b, c, d + e + f))));
    GatherOptions noTime = named.toBuilder().timeout(Duration.ZERO).build();
    GatherException late =
        assertThrows(
            GatherException.class, Gather.zip(noTime, () -> "a", () -> "b", String::concat)::join);
    assertEquals(
        "gather page timed out after 0s: 0/2 done; unfinished: 2 not started", late.getMessage());
  }

  private String sum(int a, int b, int c, int d) {
    return String.valueOf(a + b + c + d);
  }

  @Test
  void eachHasAHookForEachItem() throws Exception {
    CountDownLatch running = new CountDownLatch(2);
    Queue<String> cancelled = new ConcurrentLinkedQueue<>();
    Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();
    IOException error = new IOException();
    GatherListener listener =
        new GatherListener() {
          @Override
          public void onDroppedError(int index, @Nullable String name, Throwable thrown) {
            dropped.add(thrown);
          }
        };
    GatherFuture<List<Long>> all =
        Gather.each(
                List.of("a", "b", "queued"),
                item -> {
                  running.countDown();
                  new CountDownLatch(1).await();
                  return 1L;
                },
                item -> {
                  cancelled.add(item);
                  if (item.equals("b")) {
                    throw error;
                  }
                })
            .limit(2)
            .listener(listener)
            .all();
    running.await();
    all.cancel(true);
    soon(all.terminated());
    assertEquals(List.of("a", "b"), cancelled.stream().sorted().toList());
    assertEquals(List.of(error), List.copyOf(dropped));
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
