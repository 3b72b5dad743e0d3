package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.FailurePolicy;
import dev.gather.future.Subject.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** What the documentation of {@link GatherFuture} lists as different, and no more. */
@Timeout(60)
class FutureDeviationsTest {
  private static final CompletableFuture<String> NEVER = new CompletableFuture<>();

  private static final Map<String, Consumer<CompletableFuture<String>>> FROM_OUTSIDE =
      new LinkedHashMap<>();
  private static final Map<String, UnaryOperator<CompletableFuture<String>>> DERIVED =
      new LinkedHashMap<>();

  static {
    FROM_OUTSIDE.put("cancel", f -> assertTrue(f.cancel(false)));
    FROM_OUTSIDE.put("complete", f -> assertTrue(f.complete("mine")));
    FROM_OUTSIDE.put(
        "completeExceptionally", f -> assertTrue(f.completeExceptionally(new AssertionError())));
    FROM_OUTSIDE.put("completeAsync", f -> f.completeAsync(() -> "mine"));
    FROM_OUTSIDE.put(
        "completeAsync on an executor", f -> f.completeAsync(() -> "x", Runnable::run));
    FROM_OUTSIDE.put(
        "completeAsync that throws",
        f ->
            f.completeAsync(
                () -> {
                  throw Subject.BOOM;
                }));
    FROM_OUTSIDE.put("orTimeout", f -> f.orTimeout(1, TimeUnit.MILLISECONDS));
    FROM_OUTSIDE.put(
        "completeOnTimeout", f -> f.completeOnTimeout("mine", 1, TimeUnit.MILLISECONDS));

    DERIVED.put("itself", f -> f);
    DERIVED.put("toCompletableFuture", CompletableFuture::toCompletableFuture);
    DERIVED.put("copy", CompletableFuture::copy);
    DERIVED.put("newIncompleteFuture", CompletableFuture::newIncompleteFuture);
    DERIVED.put("thenApply", f -> f.thenApply(value -> value));
    DERIVED.put("thenApply of thenApply", f -> f.thenApply(value -> value).thenApply(v -> v));
    DERIVED.put("thenApplyAsync", f -> f.thenApplyAsync(value -> value));
    DERIVED.put("thenCompose", f -> f.thenCompose(value -> NEVER));
    DERIVED.put("thenCombine", f -> f.thenCombine(NEVER, (a, b) -> a));
    DERIVED.put("applyToEither", f -> f.applyToEither(NEVER, a -> a));
    DERIVED.put("handle", f -> f.handle((value, failure) -> value));
    DERIVED.put("whenComplete", f -> f.whenComplete((value, failure) -> {}));
    DERIVED.put("exceptionally", f -> f.exceptionally(failure -> "x"));
    DERIVED.put("exceptionallyCompose", f -> f.exceptionallyCompose(failure -> NEVER));
    DERIVED.put("thenRun", f -> f.thenRun(() -> {}).thenApply(nothing -> "x"));
    DERIVED.put("thenAccept", f -> f.thenAccept(value -> {}).thenApply(nothing -> "x"));
  }

  @TestFactory
  Stream<DynamicTest> completionFromOutsideCancelsTheGather() {
    return DERIVED.entrySet().stream()
        .flatMap(
            derived ->
                FROM_OUTSIDE.entrySet().stream()
                    .map(
                        outside ->
                            DynamicTest.dynamicTest(
                                outside.getKey() + " on " + derived.getKey(),
                                () -> cancelsTheGather(derived.getValue(), outside.getValue()))));
  }

  private static void cancelsTheGather(
      UnaryOperator<CompletableFuture<String>> derive, Consumer<CompletableFuture<String>> outside)
      throws Exception {
    Subject subject = Subject.gather(State.PENDING);
    CompletableFuture<String> stage = derive.apply(subject.future);
    outside.accept(stage);
    stage.handle((value, failure) -> value).get(20, TimeUnit.SECONDS);
    subject.gathered().terminated().get(20, TimeUnit.SECONDS);
    assertTrue(subject.source.isCancelled());
    assertTrue(subject.future.isDone());
    if (stage != subject.future) {
      assertTrue(subject.future.isCancelled());
    }
    assertEquals(1, subject.gathered().progress().cancelled());
  }

  @Test
  void aStageThatCompletesTheGatherDoesNotTakeItsValue() {
    Subject subject = Subject.gather(State.PENDING);
    assertTrue(subject.future.thenApply(value -> value).complete("mine"));
    assertTrue(subject.future.isCancelled());
    assertThrows(CancellationException.class, subject.future::join);
  }

  @Test
  void completionAfterTheEndTouchesNobody() {
    Subject subject = Subject.gather(State.VALUE);
    CompletableFuture<String> waiting =
        subject.future.thenCompose(value -> new CompletableFuture<>());
    assertTrue(waiting.cancel(true));
    assertFalse(subject.future.cancel(true));
    assertFalse(subject.source.isCancelled());
    assertEquals("value", subject.future.join());
  }

  @Test
  void completionAfterAFailureThatLeftTheOthersTouchesNobody() {
    CompletableFuture<String> left = new CompletableFuture<>();
    GatherFuture<List<String>> future =
        Gather.<String>started(List.of(left, CompletableFuture.failedFuture(Subject.BOOM)))
            .onFailure(FailurePolicy.LEAVE_OTHERS)
            .all();
    CompletableFuture<List<String>> waiting =
        future.exceptionallyCompose(failure -> new CompletableFuture<>());
    assertTrue(waiting.cancel(true));
    assertFalse(left.isDone());
    assertFalse(future.terminated().isDone());
    left.complete("value");
    assertTrue(future.terminated().isDone());
  }

  /** Describing the failure is the last that happens before the engine completes the future. */
  private static CompletableFuture<String> failLeavingOneBehind(
      Consumer<GatherFuture<List<String>>> whileDescribed, List<GatherFuture<?>> failed) {
    CompletableFuture<String> left = new CompletableFuture<>();
    CompletableFuture<String> failing = new CompletableFuture<>();
    GatherFuture<List<String>> future =
        Gather.started(List.of(left, failing)).onFailure(FailurePolicy.LEAVE_OTHERS).all();
    failed.add(future);
    failing.completeExceptionally(
        new IllegalStateException() {
          @Override
          public String toString() {
            if (!future.isDone()) {
              whileDescribed.accept(future);
            }
            return "boom";
          }
        });
    return left;
  }

  @Test
  void aValueThatComesBeforeTheFailureOfTheEngineCancelsWhatThatWouldHaveLeft() {
    List<GatherFuture<?>> futures = new ArrayList<>();
    CompletableFuture<String> left =
        failLeavingOneBehind(future -> future.complete(List.of("mine")), futures);
    assertEquals(List.of("mine"), futures.get(0).join());
    assertTrue(left.isCancelled());
    assertTrue(futures.get(0).terminated().isDone());
  }

  @Test
  void aStageThatIsCompletedBeforeTheFailureOfTheEngineTouchesNobody() {
    List<GatherFuture<?>> futures = new ArrayList<>();
    CompletableFuture<String> left =
        failLeavingOneBehind(
            future -> assertTrue(future.thenApply(values -> values).complete(List.of("mine"))),
            futures);
    assertThrows(CompletionException.class, futures.get(0)::join);
    assertFalse(left.isDone());
    left.complete("value");
    assertTrue(futures.get(0).terminated().isDone());
  }

  @Test
  void terminatedWaitsForWhatWasCancelled() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    CountDownLatch cleanedUp = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    GatherFuture<List<String>> future =
        Gather.of(
                () -> {
                  started.countDown();
                  try {
                    return NEVER.get();
                  } finally {
                    cancelled.countDown();
                    assertTrue(cleanedUp.await(20, TimeUnit.SECONDS));
                  }
                })
            .all();
    assertTrue(started.await(20, TimeUnit.SECONDS));
    assertTrue(future.cancel(true));
    assertTrue(cancelled.await(20, TimeUnit.SECONDS));
    CompletableFuture<Void> first = future.terminated();
    assertFalse(first.isDone());
    cleanedUp.countDown();
    first.get(20, TimeUnit.SECONDS);
    assertTrue(future.terminated().isDone());
  }

  @Test
  void terminatedMayBeAskedForAfterTheEnd() {
    Subject subject = Subject.gather(State.PENDING);
    subject.end(State.VALUE);
    assertTrue(subject.gathered().terminated().isDone());
  }

  @Test
  void completeAsyncMarksWhatItsSupplierThrewAsTheJdkDoes() {
    CompletionException marked = new CompletionException(Subject.BOOM);
    assertSame(marked, thrownBySupplier(Subject.gather(State.PENDING).future, marked));
    assertSame(marked, thrownBySupplier(Subject.plain(State.PENDING).future, marked));
    for (Subject subject : List.of(Subject.gather(State.PENDING), Subject.plain(State.PENDING))) {
      Throwable seen = thrownBySupplier(subject.future, Subject.BOOM);
      assertSame(Subject.BOOM, assertInstanceOf(CompletionException.class, seen).getCause());
    }
  }

  private static Throwable thrownBySupplier(
      CompletableFuture<String> future, RuntimeException error) {
    future.completeAsync(
        () -> {
          throw error;
        },
        Runnable::run);
    List<Throwable> seen = new ArrayList<>();
    future.whenComplete((value, failure) -> seen.add(failure));
    return seen.get(0);
  }

  @Test
  void siblingStagesSeeTheCancellation() {
    Subject subject = Subject.gather(State.PENDING);
    CompletableFuture<String> sibling = subject.future.thenApply(value -> value);
    subject.future.thenApply(value -> value).cancel(true);
    CompletionException seen = assertThrows(CompletionException.class, sibling::join);
    assertInstanceOf(CancellationException.class, seen.getCause());
    assertFalse(sibling.isCancelled());
  }

  // ---- ways out

  @Test
  void aViewIsReturnedByItsTimeouts() {
    Subject subject = Subject.gather(State.VALUE);
    List<CompletableFuture<String>> views =
        List.of(subject.gathered().shielded(), subject.gathered().shielded().copy());
    for (CompletableFuture<String> view : views) {
      assertSame(view, view.orTimeout(1, TimeUnit.HOURS));
      assertSame(view, view.completeOnTimeout("late", 1, TimeUnit.HOURS));
    }
  }

  private static final Map<String, UnaryOperator<CompletableFuture<String>>> SHIELDS =
      Map.of(
          "shielded", f -> ((GatherFuture<String>) f).shielded(),
          "shielded, copied", f -> ((GatherFuture<String>) f).shielded().copy(),
          "shielded, derived", f -> ((GatherFuture<String>) f).shielded().thenApply(v -> v),
          "minimal stage", f -> f.minimalCompletionStage().toCompletableFuture(),
          "allOf", f -> CompletableFuture.allOf(f).thenApply(nothing -> "x"),
          "anyOf",
              f -> CompletableFuture.anyOf(f, new CompletableFuture<>()).thenApply(String::valueOf),
          "terminated", f -> ((GatherFuture<String>) f).terminated().thenApply(nothing -> "x"));

  @TestFactory
  Stream<DynamicTest> completionOfAShieldDoesNotReachTheGather() {
    return SHIELDS.entrySet().stream()
        .flatMap(
            shield ->
                FROM_OUTSIDE.entrySet().stream()
                    .map(
                        outside ->
                            DynamicTest.dynamicTest(
                                outside.getKey() + " on " + shield.getKey(),
                                () -> {
                                  Subject subject = Subject.gather(State.PENDING);
                                  CompletableFuture<String> view =
                                      shield.getValue().apply(subject.future);
                                  outside.getValue().accept(view);
                                  view.handle((value, failure) -> value).get(20, TimeUnit.SECONDS);
                                  assertFalse(subject.future.isDone());
                                  assertFalse(subject.source.isDone());
                                  subject.end(State.VALUE);
                                  assertEquals("value", subject.future.join());
                                })));
  }

  @Test
  void aShieldCompletesAsTheGatherDoes() {
    for (State start : List.of(State.PENDING, State.VALUE)) {
      Subject value = Subject.gather(start);
      CompletableFuture<String> shield = value.gathered().shielded();
      assertEquals("value", value.end(State.VALUE).future.join());
      assertEquals("value", shield.join());
    }
    CompletableFuture<String> ofNull = Subject.gather(State.NULL).gathered().shielded();
    assertEquals(null, ofNull.getNow("absent"));
    Subject failed = Subject.gather(State.FAILED);
    Throwable failure = assertThrows(CompletionException.class, failed.future::join);
    assertSame(
        failure,
        assertThrows(CompletionException.class, () -> failed.gathered().shielded().join()));
    assertTrue(Subject.gather(State.CANCELLED).gathered().shielded().isCancelled());
  }

  @Test
  void eachViewIsItsOwn() {
    Subject subject = Subject.gather(State.PENDING);
    assertNotSame(subject.gathered().shielded(), subject.gathered().shielded());
    subject.end(State.VALUE);
  }

  @Test
  void nobodyCanEndAGatherThroughItsEnd() {
    Subject subject = Subject.gather(State.PENDING);
    CompletableFuture<Void> terminated = subject.gathered().terminated();
    assertSame(terminated, subject.gathered().terminated());
    assertFalse(terminated.cancel(true));
    assertFalse(terminated.complete(null));
    assertFalse(terminated.completeExceptionally(new IllegalStateException()));
    CompletableFuture<Void> bounded = terminated.orTimeout(1, TimeUnit.NANOSECONDS);
    assertThrows(CompletionException.class, bounded::join);
    assertNull(terminated.completeOnTimeout(null, 1, TimeUnit.NANOSECONDS).join());
    assertThrows(UnsupportedOperationException.class, () -> terminated.obtrudeValue(null));
    assertFalse(terminated.isDone());
    subject.end(State.VALUE);
    assertNull(terminated.join());
    assertFalse(terminated.isCompletedExceptionally());
  }

  // ---- the others

  @Test
  void obtrudeIsRefused() {
    for (State state : State.values()) {
      Subject subject = Subject.gather(state);
      for (CompletableFuture<String> future :
          List.of(subject.future, subject.future.thenApply(value -> value))) {
        boolean wasDone = future.isDone();
        Throwable refused =
            assertThrows(UnsupportedOperationException.class, () -> future.obtrudeValue("another"));
        assertEquals("the result of a gather cannot be replaced", refused.getMessage());
        assertThrows(
            UnsupportedOperationException.class, () -> future.obtrudeException(Subject.BOOM));
        assertEquals(wasDone, future.isDone());
      }
      assertEquals(state == State.CANCELLED, subject.source.isCancelled());
    }
  }

  @Test
  void theDefaultExecutorIsNotTheCommonPool() throws Exception {
    Subject subject = Subject.gather(State.PENDING);
    GatherFuture<String> future = subject.gathered();
    List<CompletableFuture<?>> all =
        List.of(
            future,
            future.copy(),
            future.thenApply(value -> value),
            future.newIncompleteFuture(),
            future.shielded(),
            future.shielded().thenApply(value -> value),
            future.terminated());
    for (CompletableFuture<?> each : all) {
      assertSame(future.defaultExecutor(), each.defaultExecutor());
    }
    assertFalse(future.defaultExecutor() instanceof ForkJoinPool);
    CompletableFuture<String> thread =
        future.thenApplyAsync(value -> Thread.currentThread().getName());
    CompletableFuture<String> ofShield =
        future.shielded().thenApplyAsync(value -> Thread.currentThread().getName());
    subject.end(State.VALUE);
    assertGatherThread(thread.get(20, TimeUnit.SECONDS));
    assertGatherThread(ofShield.get(20, TimeUnit.SECONDS));
  }

  @Test
  void aNewFutureBelongsToTheGather() {
    Subject subject = Subject.gather(State.PENDING);
    CompletableFuture<Object> made = subject.future.newIncompleteFuture();
    assertFalse(made.isDone());
    assertInstanceOf(GatherFuture.class, made);
    subject.end(State.VALUE);
    assertFalse(made.isDone()); // it is nobody's dependent, as with the JDK
    assertTrue(made.complete("x"));
  }

  @TestFactory
  Stream<DynamicTest> dependentsAfterATimeoutDoNotRunOnATimer() {
    Map<String, UnaryOperator<CompletableFuture<String>>> timed = new LinkedHashMap<>();
    DERIVED.forEach(
        (name, derive) -> {
          if (!name.equals("thenRun") && !name.equals("thenAccept")) {
            timed.put(name, derive);
          }
        });
    timed.put("shielded", f -> ((GatherFuture<String>) f).shielded());
    timed.put("shielded, derived", f -> ((GatherFuture<String>) f).shielded().copy());
    timed.put("terminated", f -> ((GatherFuture<String>) f).terminated().thenApply(n -> "x"));
    return timed.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> {
                      for (boolean withValue : new boolean[] {false, true}) {
                        Subject subject = Subject.gather(State.PENDING);
                        CompletableFuture<String> future = each.getValue().apply(subject.future);
                        CompletableFuture<String> thread = new CompletableFuture<>();
                        future.whenComplete(
                            (value, failure) -> thread.complete(Thread.currentThread().getName()));
                        if (withValue) {
                          future.completeOnTimeout("late", 1, TimeUnit.MILLISECONDS);
                        } else {
                          future.orTimeout(1, TimeUnit.MILLISECONDS);
                        }
                        assertGatherThread(thread.get(20, TimeUnit.SECONDS));
                      }
                    }));
  }

  @Test
  void aTimeoutThatPassesDuringTheCallDoesNotRunDependentsInIt() throws Exception {
    for (int i = 0; i < 500; i++) {
      Subject subject = Subject.gather(State.PENDING);
      CompletableFuture<String> thread = new CompletableFuture<>();
      subject.future.whenComplete(
          (value, failure) -> thread.complete(Thread.currentThread().getName()));
      subject.future.orTimeout(1, TimeUnit.NANOSECONDS);
      assertGatherThread(thread.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void dependentsAfterTheDeadlineOfTheGatherDoNotRunOnATimer() throws Exception {
    Task<String> task = Task.started(new CompletableFuture<>());
    GatherFuture<List<String>> future = Gather.<String>of(task).timeout(Duration.ofMillis(1)).all();
    // Attached in time or not, it must not be a timer; attached too late it is this very thread.
    CompletableFuture<String> thread = new CompletableFuture<>();
    future.whenComplete((value, failure) -> thread.complete(Thread.currentThread().getName()));
    String name = thread.get(20, TimeUnit.SECONDS);
    if (!name.equals(Thread.currentThread().getName())) {
      assertGatherThread(name);
    }
  }

  private static void assertGatherThread(String name) {
    assertTrue(name.startsWith("gather"), name);
  }

  // ---- toString

  @Test
  void toStringTellsHowFarItIs() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    Callable<String> body =
        () -> {
          started.countDown();
          assertTrue(go.await(20, TimeUnit.SECONDS));
          return "x";
        };
    GatherFuture<List<String>> future = Gather.of(body, body).name("pages").all();
    assertTrue(started.await(20, TimeUnit.SECONDS));
    assertEquals("GatherFuture[pages, running, 0/2 done]", future.toString());
    CompletableFuture<Integer> derived = future.thenApply(List::size);
    assertEquals("GatherFuture[pages, running, 0/2 done]", derived.toString());
    go.countDown();
    future.get(20, TimeUnit.SECONDS);
    assertEquals("GatherFuture[pages, completed, 2/2 done]", future.toString());
    assertEquals(
        "GatherFuture[failed, 1/1 done, 1 failed]", Subject.gather(State.FAILED).future.toString());
    assertEquals(
        "GatherFuture[cancelled, 1/1 done, 1 cancelled]",
        Subject.gather(State.CANCELLED).future.toString());
    assertEquals("GatherFuture[completed, 0/0 done]", Gather.of(List.of()).all().toString());
  }

  // ---- combine

  @Test
  void aCombiningFunctionThatThrowsFailsTheFuture() {
    List<Throwable> thrown =
        List.of(
            new IllegalStateException("x"), new AssertionError("y"), new CancellationException());
    for (Throwable each : thrown) {
      Task<String> task = Task.started(CompletableFuture.completedFuture("value"));
      GatherFuture<String> future =
          Gather.of(task)
              .combine(
                  results -> {
                    throw FutureDeviationsTest.<RuntimeException>sneaky(each);
                  });
      CompletionException seen = assertThrows(CompletionException.class, future::join);
      assertSame(each, seen.getCause());
      assertFalse(future.isCancelled(), "nobody has cancelled it");
      assertTrue(future.terminated().isDone());
    }
  }

  @SuppressWarnings("unchecked") // throws it whatever it is
  private static <E extends Throwable> E sneaky(Throwable throwable) throws E {
    throw (E) throwable;
  }

  @Test
  void combiningIsCalledOnce() {
    List<String> calls = new ArrayList<>();
    Task<String> task = Task.started(CompletableFuture.completedFuture("value"));
    GatherFuture<String> future =
        Gather.of(task)
            .combine(
                results -> {
                  calls.add(results.get(task));
                  return "combined";
                });
    future.thenApply(value -> value).join();
    assertEquals("combined", future.join());
    assertEquals(List.of("value"), calls);
  }
}
