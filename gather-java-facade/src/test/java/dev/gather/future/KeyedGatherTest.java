package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.GatherException;
import dev.gather.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeyedGatherTest {
  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void tasksOfAnyKindMixUnderTheirKeys() throws Exception {
    Map<String, Task<? extends Number>> tasks = new LinkedHashMap<>();
    tasks.put("blocking", Task.of(() -> 1));
    tasks.put("async", Task.async(() -> CompletableFuture.completedFuture(2L)));
    tasks.put("started", Task.started(CompletableFuture.completedFuture(3.0)));
    Map<String, Number> values = soon(Gather.<String, Number>keyed(tasks).all());
    assertEquals(List.of("blocking", "async", "started"), new ArrayList<>(values.keySet()));
    assertEquals(List.of(1, 2L, 3.0), new ArrayList<>(values.values()));
  }

  @Test
  void keysAndValuesMayBeTakenAsSomethingMoreGeneral() throws Exception {
    Map<String, Task<Integer>> tasks = Map.of("one", Task.of(() -> 1));
    KeyedGather<Object, Number> described = Gather.keyed(tasks);
    assertEquals(Map.of("one", 1), soon(described.all()));
    assertEquals(Map.of("one", new Outcome.Success<>(1)), soon(described.settled()));
  }

  @Test
  void whatIsStartedAlreadyCompletesTheGatherInTheCall() {
    Task<Integer> started = Task.started(CompletableFuture.completedFuture(1));
    assertTrue(Gather.keyed(Map.of("a", started)).all().isDone());
    assertTrue(Gather.keyed(Map.<String, Task<Integer>>of()).settled().isDone());
  }

  @Test
  void aFailureNamesTheKey() {
    IOException cause = new IOException("boom");
    Task<Integer> failed = Task.started(CompletableFuture.failedFuture(cause));
    GatherFuture<Map<Integer, Integer>> all = Gather.keyed(Map.of(404, failed)).all();
    GatherException thrown = assertThrows(GatherException.class, all::join);
    assertSame(cause, thrown.getCause());
    assertEquals("404", thrown.taskName());
    assertEquals("gather failed: task[0] 404 of 1: java.io.IOException: boom", thrown.getMessage());
  }

  @Test
  void optionsLeaveTheDescriptionAsItWas() {
    KeyedGather<String, Integer> plain = Gather.keyed(Map.of("a", Task.of(() -> 1)));
    assertNotSame(plain, plain.limit(1));
    assertThrows(IllegalArgumentException.class, () -> plain.limit(0));
    assertThrows(IllegalArgumentException.class, () -> plain.timeout(Duration.ofNanos(-1)));
    assertEquals("KeyedGather[1 task, GatherOptions[]]", plain.toString());
  }
}
