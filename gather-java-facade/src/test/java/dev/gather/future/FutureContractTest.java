package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.GatherException;
import dev.gather.future.Subject.State;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Every public method of {@link CompletableFuture}, called on one of the JDK's own and on a {@link
 * GatherFuture}: whatever can be seen afterwards must be the same. What is meant to differ is in
 * {@link FutureDeviationsTest}.
 */
@Timeout(60)
class FutureContractTest {
  /** Compared here, call by call. */
  private static final Set<String> SAME =
      signatures(
          """
          get() get(long,TimeUnit) join() getNow(Object) resultNow() exceptionNow() state()
          isDone() isCancelled() isCompletedExceptionally() getNumberOfDependents()
          complete(Object) completeExceptionally(Throwable) cancel(boolean)
          completeAsync(Supplier) completeAsync(Supplier,Executor)
          orTimeout(long,TimeUnit) completeOnTimeout(Object,long,TimeUnit)
          copy() toCompletableFuture() minimalCompletionStage()
          thenApply(Function) thenApplyAsync(Function) thenApplyAsync(Function,Executor)
          thenAccept(Consumer) thenAcceptAsync(Consumer) thenAcceptAsync(Consumer,Executor)
          thenRun(Runnable) thenRunAsync(Runnable) thenRunAsync(Runnable,Executor)
          thenCompose(Function) thenComposeAsync(Function) thenComposeAsync(Function,Executor)
          handle(BiFunction) handleAsync(BiFunction) handleAsync(BiFunction,Executor)
          whenComplete(BiConsumer) whenCompleteAsync(BiConsumer)
          whenCompleteAsync(BiConsumer,Executor)
          exceptionally(Function) exceptionallyAsync(Function)
          exceptionallyAsync(Function,Executor)
          exceptionallyCompose(Function) exceptionallyComposeAsync(Function)
          exceptionallyComposeAsync(Function,Executor)
          thenCombine(CompletionStage,BiFunction) thenCombineAsync(CompletionStage,BiFunction)
          thenCombineAsync(CompletionStage,BiFunction,Executor)
          thenAcceptBoth(CompletionStage,BiConsumer)
          thenAcceptBothAsync(CompletionStage,BiConsumer)
          thenAcceptBothAsync(CompletionStage,BiConsumer,Executor)
          runAfterBoth(CompletionStage,Runnable) runAfterBothAsync(CompletionStage,Runnable)
          runAfterBothAsync(CompletionStage,Runnable,Executor)
          applyToEither(CompletionStage,Function) applyToEitherAsync(CompletionStage,Function)
          applyToEitherAsync(CompletionStage,Function,Executor)
          acceptEither(CompletionStage,Consumer) acceptEitherAsync(CompletionStage,Consumer)
          acceptEitherAsync(CompletionStage,Consumer,Executor)
          runAfterEither(CompletionStage,Runnable) runAfterEitherAsync(CompletionStage,Runnable)
          runAfterEitherAsync(CompletionStage,Runnable,Executor)
          """);

  /** Since 19; may be missing here. */
  private static final Set<String> NEWER = signatures("resultNow() exceptionNow() state()");

  /** Each has its test in {@link FutureDeviationsTest}. */
  private static final Set<String> DIFFERENT =
      signatures(
          """
          obtrudeValue(Object) obtrudeException(Throwable) newIncompleteFuture()
          defaultExecutor() toString()
          """);

  /** Static: they make the JDK's own futures, under whichever class name they are called. */
  private static final Set<String> STATIC =
      signatures(
          """
          supplyAsync(Supplier) supplyAsync(Supplier,Executor) runAsync(Runnable)
          runAsync(Runnable,Executor) completedFuture(Object) failedFuture(Throwable)
          completedStage(Object) failedStage(Throwable) allOf(CompletableFuture[])
          anyOf(CompletableFuture[]) delayedExecutor(long,TimeUnit)
          delayedExecutor(long,TimeUnit,Executor)
          """);

  private static final Set<String> BLOCKING = Set.of("get()", "join()");

  /** What the arguments of a call do. */
  enum Variant {
    NORMAL,
    NULL_RESULT,
    THROWS,
    THROWS_COMPLETION_EXCEPTION,
    OTHER_PENDING,
    OTHER_FAILED,
    EXECUTOR_REJECTS
  }

  // ---- nothing is forgotten

  @Test
  void everyPublicMethodOfThisJdkIsClassified() {
    Set<String> there = publicMethods().map(FutureContractTest::signature).collect(sorted());
    Set<String> known = new TreeSet<>(SAME);
    known.addAll(DIFFERENT);
    known.addAll(STATIC);
    Set<String> missing = new TreeSet<>(known);
    missing.removeAll(there);
    missing.removeAll(NEWER);
    assertEquals(Set.of(), missing, "classified, but not in this JDK");
    there.removeAll(known);
    assertEquals(Set.of(), there, "in this JDK, but not classified");
  }

  @Test
  void staticMethodsAreThoseOfTheJdk() {
    publicMethods()
        .forEach(
            method ->
                assertEquals(
                    Modifier.isStatic(method.getModifiers()),
                    STATIC.contains(signature(method)),
                    method::toString));
    assertTrue(
        Arrays.stream(GatherFuture.class.getDeclaredMethods())
            .noneMatch(method -> Modifier.isPublic(method.getModifiers()) && isStatic(method)));
  }

  // ---- the same call, the same effect

  @TestFactory
  Stream<DynamicTest> sameEffect() {
    return compared().map(method -> DynamicTest.dynamicTest(signature(method), () -> same(method)));
  }

  private void same(Method method) throws Exception {
    for (Variant variant : Variant.values()) {
      for (State start : State.values()) {
        Set<State> ends = start == State.PENDING ? EnumSet.allOf(State.class) : EnumSet.of(start);
        for (State end : ends) {
          if (isComparable(method, variant, start, end)) {
            assertEquals(
                effect(Subject.plain(start), method, variant, start, end),
                effect(Subject.gather(start), method, variant, start, end),
                () -> signature(method) + " " + variant + ", " + start + ", then " + end);
          }
        }
      }
    }
  }

  private static List<String> effect(
      Subject subject, Method method, Variant variant, State start, State end) throws Exception {
    try {
      return effectOf(subject, method, variant, start, end);
    } finally {
      subject.future.cancel(true); // with its timers, if it is still pending
    }
  }

  /** What can be seen of a call, of the future it returns and of its own future. */
  private static List<String> effectOf(
      Subject subject, Method method, Variant variant, State start, State end) throws Exception {
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    Object[] arguments = arguments(method, variant, log);
    List<String> seen = new ArrayList<>();
    if (start == State.PENDING && BLOCKING.contains(signature(method))) {
      CompletableFuture<String> result = new CompletableFuture<>();
      Thread caller =
          new Thread(() -> result.complete(call(subject.future, method, arguments).text));
      caller.start();
      subject.end(end);
      seen.add(result.get(20, TimeUnit.SECONDS));
      return seen;
    }
    Called called = call(subject.future, method, arguments);
    if (start != end) {
      subject.end(end);
    }
    if (called.returned instanceof CompletionStage<?> stage) {
      if (isDefaultAsync(method)) {
        stage.handle((value, failure) -> value).toCompletableFuture().get(20, TimeUnit.SECONDS);
      }
      if (stage == subject.future) {
        seen.add("returned itself");
      } else {
        seen.add("returned " + look(stage));
      }
    } else {
      seen.add(called.text);
    }
    seen.add("itself " + look(subject.future));
    synchronized (log) {
      seen.addAll(log);
    }
    return seen;
  }

  /** Whether it is decided what will be seen; else a race would be compared. */
  private static boolean isComparable(Method method, Variant variant, State start, State end) {
    String name = method.getName();
    boolean isPending = end == State.PENDING;
    if (BLOCKING.contains(signature(method))) {
      return !isPending;
    }
    if (!isDefaultAsync(method)) {
      return true;
    }
    if (name.equals("completeAsync")) {
      return start == end;
    }
    if (variant == Variant.OTHER_PENDING) {
      return false;
    }
    return !isPending || name.contains("Either");
  }

  private static boolean isDefaultAsync(Method method) {
    return method.getName().endsWith("Async")
        && !Arrays.asList(method.getParameterTypes()).contains(Executor.class);
  }

  // ---- null

  @TestFactory
  Stream<DynamicTest> sameAnswerToNull() {
    return Stream.concat(
            compared(),
            publicMethods().filter(method -> signature(method).equals("completeAsync(Supplier)")))
        .filter(method -> method.getParameterCount() > 0)
        .map(method -> DynamicTest.dynamicTest(signature(method), () -> sameWithNull(method)));
  }

  private void sameWithNull(Method method) {
    for (int i = 0; i < method.getParameterCount(); i++) {
      if (method.getParameterTypes()[i].isPrimitive()) {
        continue;
      }
      for (State state : State.values()) {
        Object[] arguments = arguments(method, Variant.NORMAL, new ArrayList<>());
        arguments[i] = null;
        Subject plain = Subject.plain(state);
        Subject gather = Subject.gather(state);
        String text = signature(method) + " with null for parameter " + i + ", " + state;
        Called expected = call(plain.future, method, arguments);
        Called called = call(gather.future, method, arguments);
        assertEquals(expected.thrownClass, called.thrownClass, text);
        if (called.thrownClass != null) {
          assertEquals(look(plain.future), look(gather.future), text);
          assertFalse(gather.source.isCancelled() && state == State.PENDING, text);
          // and the gather is none the worse for it
          assertEquals(
              look(plain.end(State.VALUE).future), look(gather.end(State.VALUE).future), text);
        }
        gather.future.cancel(true); // with its timers, if it is still pending
      }
    }
  }

  // ---- time

  @Test
  void timeoutsThatPassAtOnce() throws Exception {
    for (long timeout : new long[] {0, -1, Long.MIN_VALUE, 1}) {
      for (boolean withValue : new boolean[] {false, true}) {
        List<String> seen = new ArrayList<>();
        for (Subject subject :
            List.of(Subject.plain(State.PENDING), Subject.gather(State.PENDING))) {
          CompletableFuture<String> future = subject.future;
          CompletableFuture<String> same =
              withValue
                  ? future.completeOnTimeout("late", timeout, TimeUnit.NANOSECONDS)
                  : future.orTimeout(timeout, TimeUnit.NANOSECONDS);
          assertEquals(future, same);
          future.handle((value, failure) -> value).get(20, TimeUnit.SECONDS);
          seen.add(look(future));
        }
        assertEquals(seen.get(0), seen.get(1), () -> timeout + " " + withValue);
      }
    }
  }

  @Test
  void timeoutsThatNeverPass() {
    for (TimeUnit unit : TimeUnit.values()) {
      for (State state : State.values()) {
        Subject subject = Subject.gather(state);
        assertEquals(subject.future, subject.future.orTimeout(Long.MAX_VALUE, unit));
        assertEquals(subject.future, subject.future.completeOnTimeout("x", Long.MAX_VALUE, unit));
        if (state == State.PENDING) {
          assertFalse(subject.future.isDone());
          subject.end(State.VALUE);
        }
        assertEquals(look(Subject.plain(ended(state)).future), look(subject.future));
      }
    }
  }

  private static State ended(State state) {
    return state == State.PENDING ? State.VALUE : state;
  }

  @Test
  void getThatRunsOutOfTimeLeavesTheGatherAlone() {
    Subject subject = Subject.gather(State.PENDING);
    assertThrows(TimeoutException.class, () -> subject.future.get(1, TimeUnit.NANOSECONDS));
    assertThrows(TimeoutException.class, () -> subject.future.get(-1, TimeUnit.DAYS));
    assertFalse(subject.source.isDone());
    subject.end(State.VALUE);
    assertEquals("value", subject.future.join());
  }

  @Test
  void anInterruptEndsTheWaitAndNotTheGather() throws Exception {
    Subject subject = Subject.gather(State.PENDING);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> subject.future.get());
    assertFalse(Thread.interrupted());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> subject.future.get(20, TimeUnit.SECONDS));
    assertFalse(Thread.interrupted());
    assertFalse(subject.source.isDone());
    // join() goes on, and leaves the flag as it was
    CompletableFuture<String> result = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              result.complete(subject.future.join() + Thread.interrupted());
            });
    caller.start();
    subject.end(State.VALUE);
    assertEquals("valuetrue", result.get(20, TimeUnit.SECONDS));
  }

  // ---- dependents

  @Test
  void dependentsAreCountedAndCalledInTheSameOrder() {
    for (State end : EnumSet.complementOf(EnumSet.of(State.PENDING))) {
      assertEquals(
          dependents(Subject.plain(State.PENDING), end),
          dependents(Subject.gather(State.PENDING), end));
    }
  }

  private static List<String> dependents(Subject subject, State end) {
    List<String> log = new ArrayList<>();
    CompletableFuture<String> future = subject.future;
    log.add("none: " + future.getNumberOfDependents());
    CompletableFuture<Void> first = future.thenRun(() -> log.add("a run"));
    future.whenComplete((value, failure) -> log.add("b " + value + " " + text(failure)));
    CompletableFuture<String> third =
        future.handle(
            (value, failure) -> {
              log.add("c " + value + " " + text(failure));
              return "c";
            });
    third.thenAccept(value -> log.add("of c " + value));
    future.exceptionally(failure -> String.valueOf(log.add("d " + text(failure))));
    first.whenComplete((value, failure) -> log.add("of a " + text(failure)));
    future.orTimeout(1, TimeUnit.HOURS);
    log.add("attached: " + future.getNumberOfDependents());
    subject.end(end);
    log.add("left: " + future.getNumberOfDependents());
    log.add(look(first));
    log.add(look(third));
    return log;
  }

  @Test
  void aDependentThatThrowsHarmsNobody() {
    for (State end : EnumSet.complementOf(EnumSet.of(State.PENDING))) {
      List<List<String>> seen = new ArrayList<>();
      for (Subject subject : List.of(Subject.plain(State.PENDING), Subject.gather(State.PENDING))) {
        List<String> log = new ArrayList<>();
        CompletableFuture<String> healthy = subject.future.whenComplete((v, e) -> log.add("ran"));
        CompletableFuture<String> broken =
            subject.future.whenComplete(
                (v, e) -> {
                  throw new AssertionError("broken dependent");
                });
        subject.end(end);
        log.add(look(subject.future));
        log.add(look(healthy));
        log.add(look(broken));
        seen.add(log);
      }
      assertEquals(seen.get(0), seen.get(1));
    }
  }

  @Test
  void itsOwnAsyncTasksCarryTheMarkOfTheJdk() {
    List<Runnable> tasks = new ArrayList<>();
    Subject.gather(State.PENDING).future.completeAsync(() -> "x", tasks::add);
    assertTrue(tasks.get(0) instanceof CompletableFuture.AsynchronousCompletionTask);
  }

  @Test
  void completeAsyncTakesNoValueOnceItIsDone() {
    for (State state : EnumSet.complementOf(EnumSet.of(State.PENDING))) {
      Subject subject = Subject.gather(State.PENDING);
      List<Runnable> tasks = new ArrayList<>();
      subject.future.completeAsync(() -> "too late", tasks::add);
      subject.end(state);
      String before = look(subject.future);
      tasks.get(0).run();
      assertEquals(before, look(subject.future));
    }
  }

  // ---- calls

  private record Called(Object returned, String text, Class<?> thrownClass) {}

  private static Called call(Object target, Method method, Object[] arguments) {
    try {
      Object returned = method.invoke(target, arguments);
      return new Called(returned, String.valueOf(returned), null);
    } catch (InvocationTargetException e) {
      return new Called(null, "threw " + text(e.getCause()), e.getCause().getClass());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Object[] arguments(Method method, Variant variant, List<String> log) {
    Class<?>[] types = method.getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = argument(method, types[i], variant, log);
    }
    return arguments;
  }

  /** A type that is not here makes the test fail: a new method needs a sample of its arguments. */
  private static Object argument(Method method, Class<?> type, Variant variant, List<String> log) {
    boolean composes = method.getName().contains("Compose");
    if (type == Function.class) {
      Function<Object, Object> function =
          argument -> result(composes, variant, log, "function " + text(argument));
      return function;
    } else if (type == BiFunction.class) {
      BiFunction<Object, Object, Object> function =
          (a, b) -> result(false, variant, log, "function " + text(a) + ", " + text(b));
      return function;
    } else if (type == Consumer.class) {
      Consumer<Object> consumer = a -> result(false, variant, log, "consumer " + text(a));
      return consumer;
    } else if (type == BiConsumer.class) {
      BiConsumer<Object, Object> consumer =
          (a, b) -> result(false, variant, log, "consumer " + text(a) + ", " + text(b));
      return consumer;
    } else if (type == Runnable.class) {
      Runnable action = () -> result(false, variant, log, "action");
      return action;
    } else if (type == Supplier.class) {
      Supplier<Object> supplier = () -> result(false, variant, log, "supplier");
      return supplier;
    } else if (type == CompletionStage.class) {
      return other(variant);
    } else if (type == Executor.class) {
      return variant == Variant.EXECUTOR_REJECTS
          ? (Executor)
              task -> {
                throw new RejectedExecutionException("full");
              }
          : (Executor) Runnable::run;
    } else if (type == Throwable.class) {
      return variant == Variant.THROWS_COMPLETION_EXCEPTION
          ? new CompletionException("mine", Subject.BOOM)
          : new IllegalArgumentException("mine");
    } else if (type == TimeUnit.class) {
      return method.getName().equals("get") ? TimeUnit.NANOSECONDS : TimeUnit.HOURS;
    } else if (type == long.class) {
      return 1L;
    } else if (type == boolean.class) {
      return variant == Variant.NORMAL;
    } else if (type == Object.class) {
      return variant == Variant.NULL_RESULT ? null : "mine";
    }
    throw new AssertionError("no sample of " + type + " for " + method);
  }

  private static CompletableFuture<Object> other(Variant variant) {
    return switch (variant) {
      case OTHER_PENDING -> new CompletableFuture<>();
      case OTHER_FAILED -> CompletableFuture.failedFuture(new IllegalArgumentException("other"));
      case NULL_RESULT -> CompletableFuture.completedFuture(null);
      default -> CompletableFuture.completedFuture("other");
    };
  }

  private static Object result(boolean composes, Variant variant, List<String> log, String call) {
    log.add(call);
    return switch (variant) {
      case THROWS -> throw new IllegalArgumentException("thrown");
      case THROWS_COMPLETION_EXCEPTION -> throw new CompletionException("thrown", Subject.BOOM);
      case NULL_RESULT -> null;
      default -> composes ? other(variant) : "result";
    };
  }

  // ---- views

  /** All that the methods without side effects say. */
  private static String look(CompletionStage<?> stage) {
    List<String> seen = new ArrayList<>();
    stage.handle((value, failure) -> seen.add("handle sees " + text(value) + " " + text(failure)));
    if (stage instanceof CompletableFuture<?> maybeMinimal) {
      seen.add(orThrown(maybeMinimal::isDone));
    }
    CompletableFuture<?> future = stage.toCompletableFuture();
    seen.add("done " + future.isDone());
    seen.add("cancelled " + future.isCancelled());
    seen.add("failed " + future.isCompletedExceptionally());
    if (future.isDone()) {
      seen.add("get " + orThrown(future::get));
      seen.add("get with timeout " + orThrown(() -> future.get(0, TimeUnit.NANOSECONDS)));
      seen.add("join " + orThrown(future::join));
    }
    seen.add("now " + orThrown(() -> future.getNow(null)));
    for (String newer : List.of("state", "resultNow", "exceptionNow")) {
      Method method = ifThere(newer);
      if (method != null) {
        seen.add(newer + " " + text(call(future, method, new Object[0])));
      }
    }
    return String.join(" | ", seen);
  }

  private static Method ifThere(String name) {
    try {
      return Future.class.getMethod(name);
    } catch (NoSuchMethodException olderJdk) {
      return null;
    }
  }

  private interface Reading {
    Object read() throws Exception;
  }

  private static String orThrown(Reading reading) {
    try {
      return text(reading.read());
    } catch (ExecutionException e) {
      return "threw ExecutionException of " + text(e.getCause());
    } catch (Exception e) {
      return "threw " + text(e);
    }
  }

  private static String text(Object value) {
    if (value instanceof Called called) {
      return called.returned instanceof Throwable ? text(called.returned) : called.text;
    }
    if (value instanceof GatherException failure) {
      return "GatherException(" + text(failure.getCause()) + ")"; // its message is its own
    }
    if (value instanceof CompletionException || value instanceof ExecutionException) {
      Throwable wrapper = (Throwable) value;
      return wrapper.getClass().getSimpleName() + "(" + text(wrapper.getCause()) + ")";
    }
    if (value instanceof Throwable failure) {
      Throwable cause = failure.getCause();
      return failure + (cause == null ? "" : " caused by " + text(cause));
    }
    return String.valueOf(value);
  }

  // ---- methods

  private static Stream<Method> publicMethods() {
    return Arrays.stream(CompletableFuture.class.getMethods())
        .filter(method -> method.getDeclaringClass() != Object.class)
        .filter(method -> !method.isBridge());
  }

  private static Stream<Method> compared() {
    return publicMethods().filter(method -> SAME.contains(signature(method)));
  }

  private static boolean isStatic(Method method) {
    return Modifier.isStatic(method.getModifiers());
  }

  static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }

  private static Set<String> signatures(String text) {
    return new TreeSet<>(Arrays.asList(text.trim().split("\\s+")));
  }

  private static java.util.stream.Collector<String, ?, TreeSet<String>> sorted() {
    return Collectors.toCollection(TreeSet::new);
  }
}
