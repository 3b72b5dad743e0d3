package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.CancelReason;
import dev.gather.GatherException;
import dev.gather.GatherListener;
import dev.gather.GatherOptions;
import dev.gather.Outcome;
import java.time.Duration;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values out of range, and inputs and callbacks that do not keep their contracts. */
@Timeout(60)
class BadInputTest {
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
  private static final IllegalStateException BOOM = new IllegalStateException("boom");
  private static final Callable<String> BODY = () -> "x";

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static GatherException failure(GatherFuture<?> future) throws Exception {
    soon(future.handle((value, failure) -> null));
    GatherException failure = assertThrows(GatherException.class, future::join);
    assertTrue(future.terminated().isDone());
    return failure;
  }

  // ---- values out of range

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void limitsBelowOne(int limit) {
    String message = "limit must be at least 1, but was " + limit;
    assertRefused(message, () -> Gather.of(BODY).limit(limit));
    assertRefused(message, () -> GatherOptions.builder().limit(limit));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, Integer.MAX_VALUE})
  void limitsFromOneOn(int limit) throws Exception {
    assertEquals(List.of("x", "x"), soon(Gather.of(BODY, BODY).limit(limit).all()));
  }

  static Stream<Duration> negative() {
    return Stream.of(
        Duration.ofNanos(-1), Duration.ofHours(-1), Duration.ofSeconds(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @MethodSource("negative")
  void negativeDurations(Duration negative) {
    String rest = " must not be negative, but was " + negative;
    assertRefused("timeout" + rest, () -> Gather.of(BODY).timeout(negative));
    assertRefused("timeout" + rest, () -> GatherOptions.builder().timeout(negative));
    assertRefused("timeout" + rest, () -> Task.of(BODY).timeout(negative));
    assertRefused("taskTimeout" + rest, () -> Gather.of(BODY).taskTimeout(negative));
    assertRefused("taskTimeout" + rest, () -> GatherOptions.builder().taskTimeout(negative));
    assertRefused("grace" + rest, () -> Gather.of(BODY).grace(negative));
    assertRefused("grace" + rest, () -> GatherOptions.builder().grace(negative));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void durationsLongerThanTime() throws Exception {
    for (Duration huge :
        List.of(FOR_EVER, Duration.ofNanos(Long.MAX_VALUE), Duration.ofDays(1L << 40))) {
      Gather<String> gather =
          Gather.<String>of(
                  Task.of(BODY).timeout(huge),
                  Task.of(BODY),
                  Task.async(() -> CompletableFuture.supplyAsync(() -> "y")),
                  Task.started(CompletableFuture.completedFuture("z")))
              .timeout(huge)
              .taskTimeout(huge)
              .grace(huge);
      assertEquals(List.of("x", "x", "y", "z"), soon(gather.all()));
      Task<String> fails =
          Task.of(
              () -> {
                throw BOOM;
              });
      Task<String> never = Task.started(new CompletableFuture<>());
      Gather<String> failing = Gather.of(never, fails).timeout(huge).taskTimeout(huge).grace(huge);
      assertSame(BOOM, failure(failing.all()).getCause());
      GatherFuture<List<String>> cancelled =
          Gather.of(never)
              .with(GatherOptions.builder().timeout(huge).taskTimeout(huge).grace(huge).build())
              .all();
      assertTrue(cancelled.isDone() || cancelled.cancel(true));
      soon(cancelled.terminated());
    }
  }

  @Test
  void noTimeAtAll() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Callable<Integer> body = calls::incrementAndGet;
    List<Outcome<Integer>> outcomes = soon(Gather.of(body, body).timeout(Duration.ZERO).settled());
    assertEquals(
        Collections.nCopies(2, new Outcome.Cancelled<Integer>(CancelReason.TIMEOUT, false)),
        outcomes);
    assertEquals(0, calls.get());
    for (Gather<Integer> gather :
        List.of(
            Gather.of(body).taskTimeout(Duration.ZERO),
            Gather.<Integer>of(Task.of(body).timeout(Duration.ZERO)))) {
      Outcome<Integer> only = soon(gather.settled()).get(0);
      assertInstanceOf(Outcome.Failure.class, only);
    }
    assertEquals(0, calls.get());
  }

  // ---- stages

  @Test
  void bodiesThatReturnNoStage() throws Exception {
    for (Duration taskTimeout : List.of(Duration.ofHours(1), FOR_EVER)) {
      for (boolean timed : new boolean[] {false, true}) {
        Gather<Object> each = Gather.eachAsync(List.of("a", "b"), item -> null);
        Gather<Object> task = Gather.of(Task.async(() -> null).named("nothing"));
        if (timed) {
          each = each.taskTimeout(taskTimeout);
          task = task.taskTimeout(taskTimeout);
        }
        Throwable ofTask = failure(task.all()).getCause();
        assertInstanceOf(NullPointerException.class, ofTask);
        assertEquals("task[0] nothing returned null instead of a stage", ofTask.getMessage());
        for (Outcome<Object> outcome : soon(each.settled())) {
          Throwable cause = assertInstanceOf(Outcome.Failure.class, outcome).cause();
          assertInstanceOf(NullPointerException.class, cause);
        }
      }
    }
  }

  @Test
  void suppliersThatReturnSomethingElse() throws Exception {
    @SuppressWarnings({"unchecked", "rawtypes"}) // on purpose
    Supplier<CompletionStage<String>> lying = (Supplier) () -> "no stage";
    for (Gather<String> gather :
        List.of(
            Gather.<String>of(Task.async(lying)),
            Gather.<String>of(Task.async(lying)).taskTimeout(FOR_EVER))) {
      Throwable cause = failure(gather.all()).getCause();
      assertInstanceOf(ClassCastException.class, cause);
      assertEquals("task[0] returned java.lang.String instead of a stage", cause.getMessage());
    }
  }

  /** Passes everything on, except what a test makes it do. */
  private abstract static class OddStage extends CompletableFuture<String> {
    abstract void attach(BiConsumer<? super String, ? super Throwable> listener);

    @Override
    public CompletableFuture<String> whenComplete(
        BiConsumer<? super String, ? super Throwable> listener) {
      attach(listener);
      return this;
    }
  }

  private static OddStage odd(
      java.util.function.Consumer<BiConsumer<? super String, ? super Throwable>> attach) {
    return new OddStage() {
      @Override
      void attach(BiConsumer<? super String, ? super Throwable> listener) {
        attach.accept(listener);
      }
    };
  }

  @Test
  void stagesThatDoNotKeepTheirContract() throws Exception {
    OddStage throwing =
        odd(
            listener -> {
              throw BOOM;
            });
    OddStage twice =
        odd(
            listener -> {
              listener.accept("first", null);
              listener.accept(null, BOOM);
            });
    OddStage throwingAfterwards =
        odd(
            listener -> {
              listener.accept("value", null);
              throw BOOM;
            });
    OddStage both = odd(listener -> listener.accept("value", BOOM));
    List<OddStage> stages = List.of(throwing, twice, throwingAfterwards, both);
    for (Gather<String> gather :
        List.of(
            Gather.<String>started(stages), Gather.<OddStage, String>eachAsync(stages, s -> s))) {
      List<Outcome<String>> outcomes = soon(gather.settled());
      assertEquals(new Outcome.Failure<String>(BOOM), outcomes.get(0));
      assertEquals(new Outcome.Success<>("first"), outcomes.get(1));
      assertEquals(new Outcome.Success<>("value"), outcomes.get(2));
      assertEquals(new Outcome.Failure<String>(BOOM), outcomes.get(3));
    }
  }

  @Test
  void stagesThatCannotBeMadeAFutureAreAwaitedAllTheSame() throws Exception {
    for (Supplier<CompletableFuture<String>> conversion :
        List.<Supplier<CompletableFuture<String>>>of(
            () -> {
              throw new UnsupportedOperationException();
            },
            () -> {
              throw BOOM;
            },
            () -> {
              throw new AssertionError("not written yet");
            },
            () -> null)) {
      CompletableFuture<String> behind = new CompletableFuture<>();
      CompletionStage<String> stage = opaque(behind, conversion);
      try (GatherScope scope = new GatherScope()) {
        GatherFuture<List<String>> all = Gather.started(List.of(stage)).scope(scope).all();
        GatherFuture<List<Outcome<String>>> cancelled =
            Gather.<String>of(Task.async(() -> stage)).scope(scope).settled();
        assertTrue(cancelled.cancel(true));
        behind.complete("value");
        assertEquals(List.of("value"), soon(all));
        soon(cancelled.terminated());
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static CompletionStage<String> opaque(
      CompletableFuture<String> behind, Supplier<CompletableFuture<String>> conversion) {
    return (CompletionStage<String>)
        java.lang.reflect.Proxy.newProxyInstance(
            BadInputTest.class.getClassLoader(),
            new Class<?>[] {CompletionStage.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "toCompletableFuture" -> conversion.get();
                  case "toString" -> "opaque";
                  default -> method.invoke(behind, arguments);
                });
  }

  @Test
  void aStageThatCannotBeCancelledIsHeardOf() throws Exception {
    CompletableFuture<String> stubborn =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean mayInterruptIfRunning) {
            super.cancel(mayInterruptIfRunning);
            throw BOOM;
          }
        };
    List<Throwable> dropped = Collections.synchronizedList(new ArrayList<>());
    GatherFuture<List<String>> future =
        Gather.started(List.of(stubborn)).listener(droppedErrors(dropped)).all();
    assertTrue(future.cancel(true));
    soon(future.terminated());
    assertTrue(future.isCancelled());
    assertEquals(List.of(BOOM), dropped);
  }

  private static GatherListener droppedErrors(List<Throwable> dropped) {
    return new GatherListener() {
      @Override
      public void onDroppedError(int index, String taskName, Throwable error) {
        dropped.add(error);
      }
    };
  }

  // ---- the input

  private static Iterable<String> reading(
      int good, Supplier<Boolean> hasNext, Supplier<String> next) {
    return () ->
        new Iterator<>() {
          private int read;

          @Override
          public boolean hasNext() {
            return read < good || hasNext.get();
          }

          @Override
          public String next() {
            return read++ < good ? "good" : next.get();
          }
        };
  }

  private static <R> R throwing() {
    throw BOOM;
  }

  @Test
  void inputsThatThrow() throws Exception {
    List<Iterable<String>> inputs =
        List.of(
            BadInputTest::throwing,
            reading(0, BadInputTest::throwing, () -> "x"),
            reading(3, BadInputTest::throwing, () -> "x"),
            reading(0, () -> true, BadInputTest::throwing),
            reading(3, () -> true, BadInputTest::throwing));
    for (Iterable<String> input : inputs) {
      for (int limit : new int[] {1, 2, GatherOptions.UNLIMITED}) {
        List<Gather<String>> gathers =
            List.of(
                Gather.<String, String>each(input, item -> item).limit(limit),
                Gather.<String, String>eachAsync(input, CompletableFuture::completedFuture)
                    .limit(limit));
        for (Gather<String> gather : gathers) {
          for (GatherFuture<?> future : List.of(gather.all(), gather.settled())) {
            GatherException failure = failure(future);
            assertSame(BOOM, failure.getCause());
            assertEquals(-1, failure.index());
            assertEquals("gather failed: reading the input: " + BOOM, failure.getMessage());
          }
        }
      }
    }
  }

  @Test
  void inputsThatPromiseMoreThanTheyHave() throws Exception {
    Iterable<String> lying =
        reading(
            2,
            () -> true,
            () -> {
              throw new NoSuchElementException();
            });
    GatherException failure = failure(Gather.each(lying, item -> item).limit(1).all());
    assertInstanceOf(NoSuchElementException.class, failure.getCause());
  }

  @Test
  void anInputIsNotAskedAgainAfterItHasSaidNo() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Iterable<String> wavering =
        reading(1, () -> asked.incrementAndGet() > 1, BadInputTest::throwing);
    assertEquals(List.of("good"), soon(Gather.each(wavering, item -> item).all()));
    assertEquals(1, asked.get());
  }

  @Test
  void inputsWithoutAnIterator() throws Exception {
    GatherException failure = failure(Gather.<String, String>each(() -> null, item -> item).all());
    assertInstanceOf(NullPointerException.class, failure.getCause());
    assertEquals("items.iterator() must not return null", failure.getCause().getMessage());
  }

  @Test
  void itemsMayBeNull() throws Exception {
    List<String> items = Arrays.asList("a", null, "c");
    assertEquals(items, soon(Gather.<String, String>each(items, item -> item).all()));
    assertEquals(items, soon(Gather.eachAsync(items, CompletableFuture::completedFuture).all()));
  }

  private static <E> Collection<E> ofSize(Supplier<Integer> size, List<E> elements) {
    return new AbstractCollection<>() {
      @Override
      public Iterator<E> iterator() {
        return elements.iterator();
      }

      @Override
      public int size() {
        return size.get();
      }
    };
  }

  @Test
  void collectionsThatLieAboutTheirSize() throws Exception {
    List<String> items = List.of("a", "b", "c");
    List<Task<String>> tasks = items.stream().map(item -> Task.<String>of(() -> item)).toList();
    List<Supplier<Integer>> sizes =
        List.of(
            () -> -1,
            () -> Integer.MIN_VALUE,
            () -> 1,
            () -> 2,
            () -> 100,
            () -> Integer.MAX_VALUE,
            BadInputTest::throwing);
    for (Supplier<Integer> size : sizes) {
      Gather<String> each = Gather.each(ofSize(size, items), item -> item);
      assertEquals(items, soon(each.all()));
      assertEquals(items, soon(each.limit(1).all()));
      assertEquals(3, soon(each.settled()).size());
      assertEquals(items, soon(Gather.<String>of(ofSize(size, tasks)).all()));
      assertTrue(each.toString().startsWith("Gather["));
    }
  }

  @Test
  void aCollectionIsMeasuredWhenItIsRun() throws Exception {
    List<String> items = new ArrayList<>();
    Gather<String> gather = Gather.each(items, item -> item);
    GatherFuture<List<String>> empty = gather.all();
    assertTrue(empty.isDone());
    assertFalse(empty.cancel(true));
    items.add("later");
    assertEquals("Gather[1 task, GatherOptions[]]", gather.toString());
    assertEquals(List.of("later"), soon(gather.all()));
    items.clear();
    assertEquals(List.of(), gather.all().getNow(null));
  }

  @Test
  void collectionsOfTasksThatThrowStartNothing() {
    Collection<Task<String>> broken =
        new AbstractCollection<>() {
          @Override
          public Iterator<Task<String>> iterator() {
            throw BOOM;
          }

          @Override
          public int size() {
            return 1;
          }
        };
    assertSame(BOOM, assertThrows(IllegalStateException.class, () -> Gather.of(broken)));
  }

  // ---- callbacks

  @Test
  void listenersThatThrowChangeNothing() throws Exception {
    for (Throwable thrown :
        List.of(
            BOOM, new AssertionError(), new CancellationException(), new StackOverflowError())) {
      AtomicInteger calls = new AtomicInteger();
      GatherListener broken =
          new GatherListener() {
            @Override
            public void onStart(int index, String taskName) {
              fail();
            }

            @Override
            public void onEnd(int index, String taskName, Outcome<?> outcome, Duration elapsed) {
              fail();
            }

            @Override
            public void onDroppedError(int index, String taskName, Throwable error) {
              fail();
            }

            private void fail() {
              calls.incrementAndGet();
              sneaky(thrown);
            }
          };
      assertEquals(List.of("x", "x"), soon(Gather.of(BODY, BODY).listener(broken).all()));
      assertEquals(4, calls.get());
      GatherFuture<List<String>> failing =
          Gather.<String>of(
                  Task.of(BadInputTest::throwing), Task.started(new CompletableFuture<>()))
              .listener(broken)
              .all();
      assertSame(BOOM, failure(failing).getCause());
      Task<String> hooked =
          Task.<String>started(new CompletableFuture<>()).onCancel(() -> sneaky(BOOM));
      GatherFuture<List<String>> cancelled = Gather.of(hooked).listener(broken).all();
      assertTrue(cancelled.cancel(true));
      soon(cancelled.terminated());
      assertTrue(cancelled.isCancelled());
    }
  }

  @SuppressWarnings("unchecked") // throws it whatever it is
  private static <E extends Throwable> void sneaky(Throwable throwable) throws E {
    throw (E) throwable;
  }

  @Test
  void hooksThatThrowAreHeardOfAndHarmNobody() throws Exception {
    List<Throwable> dropped = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger second = new AtomicInteger();
    CompletableFuture<String> one = new CompletableFuture<>();
    CompletableFuture<String> two = new CompletableFuture<>();
    AssertionError error = new AssertionError("hook");
    GatherFuture<List<String>> future =
        Gather.<String>of(
                Task.<String>started(one)
                    .onCancel(() -> sneaky(BOOM))
                    .onCancel(second::incrementAndGet),
                Task.<String>started(two).onCancel(() -> sneaky(error)))
            .listener(droppedErrors(dropped))
            .all();
    assertTrue(future.cancel(true));
    soon(future.terminated());
    assertTrue(one.isCancelled() && two.isCancelled());
    assertEquals(List.of(BOOM, error), dropped);
    assertEquals(1, second.get());
  }

  @Test
  void errorsOfHooksAreSuppressedInTheFailure() throws Exception {
    Task<String> hooked =
        Task.<String>started(new CompletableFuture<>()).onCancel(() -> sneaky(BOOM));
    Exception cause = new Exception("first");
    Task<String> fails =
        Task.of(
            () -> {
              throw cause;
            });
    GatherException failure = failure(Gather.of(hooked, fails).all());
    assertSame(cause, failure.getCause());
    assertEquals(List.of(BOOM), List.of(failure.getSuppressed()));
  }

  // ---- the same task twice

  @Test
  void aTaskInTwoGathersRunsOnceInEach() throws Exception {
    CyclicBarrier meeting = new CyclicBarrier(2); // only two runs at the same time get on
    Task<Integer> task = Task.of(() -> meeting.await(20, TimeUnit.SECONDS));
    GatherFuture<Integer> first = Gather.of(task).combine(results -> results.get(task));
    GatherFuture<Integer> second = Gather.of(task).combine(results -> results.get(task));
    assertEquals(1, soon(first) + soon(second));
  }

  @Test
  void cancellingOneOfTwoGathersOfATaskLeavesTheOther() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger hooks = new AtomicInteger();
    Task<String> task =
        Task.<String>of(
                () -> {
                  started.countDown();
                  assertTrue(go.await(20, TimeUnit.SECONDS));
                  return "done";
                })
            .onCancel(hooks::incrementAndGet);
    GatherFuture<List<String>> first = Gather.of(task).all();
    GatherFuture<List<String>> second = Gather.of(task).all();
    assertTrue(started.await(20, TimeUnit.SECONDS));
    assertTrue(first.cancel(true));
    soon(first.terminated());
    go.countDown();
    assertEquals(List.of("done"), soon(second));
    assertEquals(1, hooks.get());
  }

  @Test
  void aTaskOfAnotherGatherHasNoResultHere() throws Exception {
    Task<String> gathered = Task.of(BODY);
    Task<String> another = Task.<String>of(BODY).named("another");
    GatherFuture<String> future = Gather.of(gathered).combine(results -> results.get(another));
    Throwable failure = assertThrows(ExecutionException.class, () -> soon(future));
    assertEquals(
        "Task[another] is not a task of this gather; look results up with the same Task objects that"
            + " were given to Gather.of",
        failure.getCause().getMessage());
  }

  // ---- calls from odd places

  private static String nested() {
    return Gather.of(() -> "n", () -> "ested")
        .all()
        .thenApply(parts -> String.join("", parts))
        .join();
  }

  @Test
  void gathersStartedFromInsideCallbacks() throws Exception {
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    GatherListener listener =
        new GatherListener() {
          @Override
          public void onStart(int index, String taskName) {
            log.add("start " + nested());
          }

          @Override
          public void onEnd(int index, String taskName, Outcome<?> outcome, Duration elapsed) {
            log.add("end " + nested());
          }

          @Override
          public void onDroppedError(int index, String taskName, Throwable error) {
            log.add("dropped " + nested());
          }
        };
    CompletableFuture<String> source = new CompletableFuture<>();
    Task<String> task = Task.<String>started(source).onCancel(() -> log.add("hook " + nested()));
    GatherFuture<String> combined =
        Gather.of(task).listener(listener).combine(results -> results.get(task) + nested());
    CompletableFuture<String> dependent = combined.thenApply(value -> value + nested());
    source.complete("a");
    assertEquals("anestednested", soon(dependent));
    assertEquals(List.of("start nested", "end nested"), log);

    log.clear();
    CompletableFuture<String> never = new CompletableFuture<>();
    Task<String> cancelled =
        Task.<String>started(never)
            .onCancel(
                () -> {
                  log.add("hook " + nested());
                  throw BOOM;
                });
    never.whenComplete((value, failure) -> log.add("stage " + nested()));
    GatherFuture<List<String>> future = Gather.of(cancelled).listener(listener).all();
    future.whenComplete((value, failure) -> log.add("dependent " + nested()));
    assertTrue(future.cancel(true));
    soon(future.terminated().thenRun(() -> log.add("terminated " + nested())));
    assertTrue(log.remove("dependent nested"), "at any time: it does not wait for the hook");
    assertEquals(
        List.of(
            "start nested",
            "hook nested",
            "dropped nested",
            "end nested",
            "stage nested",
            "terminated nested"),
        log);
  }

  @Test
  void gathersStartedFromInsideAnInputAndABody() throws Exception {
    Iterable<String> input =
        () -> List.of(nested(), nested()).stream().map(item -> item + nested()).iterator();
    assertEquals(
        List.of("nestednestednested", "nestednestednested"),
        soon(Gather.each(input, item -> item + nested()).limit(1).all()));
  }

  @Test
  void aBodyMayCancelItsOwnGather() throws Exception {
    CompletableFuture<GatherFuture<List<String>>> self = new CompletableFuture<>();
    GatherFuture<List<String>> future =
        Gather.<String>of(Task.of(() -> "" + self.get(20, TimeUnit.SECONDS).cancel(true))).all();
    self.complete(future);
    soon(future.terminated());
    assertTrue(future.isCancelled());
  }

  @Test
  void aCallerWhoIsInterruptedStaysSo() throws Exception {
    AtomicInteger interruptedBodies = new AtomicInteger();
    Callable<String> body =
        () -> {
          if (Thread.currentThread().isInterrupted()) {
            interruptedBodies.incrementAndGet();
          }
          return "x";
        };
    Thread.currentThread().interrupt();
    GatherFuture<List<String>> future = Gather.of(body, body).all();
    GatherFuture<List<String>> started =
        Gather.started(List.of(CompletableFuture.completedFuture("y"))).all();
    assertTrue(started.isDone());
    GatherFuture<List<String>> cancelled =
        Gather.<String>of(Task.started(new CompletableFuture<>())).all();
    assertTrue(cancelled.cancel(true));
    assertTrue(cancelled.terminated().isDone());
    assertTrue(Thread.interrupted());
    assertEquals(List.of("x", "x"), soon(future));
    assertEquals(0, interruptedBodies.get());

    Thread.currentThread().interrupt();
    assertEquals(List.of("x", "x"), Gather.of(body, body).executor(Runnable::run).all().join());
    assertTrue(Thread.interrupted(), "an executor that runs bodies here must not eat the flag");
    assertEquals(0, interruptedBodies.get(), "the flag is the caller's, and no body's");
  }
}
