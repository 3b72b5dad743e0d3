package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.CancelReason;
import dev.gather.Completed;
import dev.gather.FailurePolicy;
import dev.gather.GatherException;
import dev.gather.GatherListener;
import dev.gather.GatherOptions;
import dev.gather.GatherTimeoutException;
import dev.gather.Limiter;
import dev.gather.Outcome;
import dev.gather.Progress;
import java.io.IOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Null for each parameter of each public method and constructor, found by reflection so that none
 * is forgotten: refused in plain words where the parameter is not {@code @Nullable}, and nothing
 * has been started then.
 */
@Timeout(60)
class NullArgumentsTest {
  /** Gather calls their methods, users write them. */
  private static final Set<Class<?>> WRITTEN_BY_USERS =
      Set.of(
          GatherListener.class,
          Action.class,
          ItemAction.class,
          Body.class,
          AsyncBody.class,
          AsyncStart.class,
          Function3.class,
          Function4.class,
          Function5.class,
          Function6.class);

  /** They refuse whatever they are given. */
  private static final Set<String> ALWAYS_REFUSED = Set.of("obtrudeValue", "obtrudeException");

  /** The JDK refuses null there, in its own words. */
  private static final Set<Class<?>> HANDED_ON = Set.of(Stages.class, StagesOfTwo.class);

  private static final AtomicInteger STARTED = new AtomicInteger();

  // ---- samples: a type that is not here makes the test fail

  private static final Callable<String> BODY =
      () -> {
        STARTED.incrementAndGet();
        return "x";
      };

  private static final Map<Class<?>, Object> ARGUMENTS =
      Map.ofEntries(
          Map.entry(Callable.class, BODY),
          Map.entry(Callable[].class, new Callable<?>[] {BODY}),
          Map.entry(Task.class, Task.of(BODY)),
          Map.entry(Task[].class, new Task<?>[] {Task.of(BODY)}),
          Map.entry(Collection.class, List.of()),
          Map.entry(Iterable.class, List.of("item")),
          Map.entry(List.class, List.of()),
          Map.entry(Map.class, Map.of("key", Task.of(BODY))),
          Map.entry(Body.class, (Body<Object, String>) item -> BODY.call()),
          Map.entry(Action.class, (Action) STARTED::incrementAndGet),
          Map.entry(Action[].class, new Action[] {STARTED::incrementAndGet}),
          Map.entry(ItemAction.class, (ItemAction<Object>) item -> STARTED.incrementAndGet()),
          Map.entry(
              AsyncBody.class,
              (AsyncBody<Object, String>) item -> CompletableFuture.completedFuture(BODY.call())),
          Map.entry(AsyncStart.class, (AsyncStart<String>) CompletableFuture::new),
          Map.entry(
              Supplier.class,
              (Supplier<CompletableFuture<String>>)
                  () -> {
                    STARTED.incrementAndGet();
                    return new CompletableFuture<>();
                  }),
          Map.entry(Function.class, (Function<Object, String>) a -> "x"),
          Map.entry(BiFunction.class, (BiFunction<Object, Object, String>) (a, b) -> "x"),
          Map.entry(Function3.class, (Function3<Object, Object, Object, String>) (a, b, c) -> "x"),
          Map.entry(
              Function4.class,
              (Function4<Object, Object, Object, Object, String>) (a, b, c, d) -> "x"),
          Map.entry(
              Function5.class,
              (Function5<Object, Object, Object, Object, Object, String>) (a, b, c, d, e) -> "x"),
          Map.entry(
              Function6.class,
              (Function6<Object, Object, Object, Object, Object, Object, String>)
                  (a, b, c, d, e, f) -> "x"),
          Map.entry(Collection[].class, new Collection<?>[] {List.of(BODY)}),
          Map.entry(Future.class, new CompletableFuture<String>()),
          Map.entry(CompletionStage.class, new CompletableFuture<String>()),
          Map.entry(Runnable.class, (Runnable) STARTED::incrementAndGet),
          Map.entry(
              Executor.class,
              (Executor)
                  task -> {
                    STARTED.incrementAndGet();
                    task.run();
                  }),
          Map.entry(String.class, "name"),
          Map.entry(Duration.class, Duration.ofHours(1)),
          Map.entry(TimeUnit.class, TimeUnit.HOURS),
          Map.entry(FailurePolicy.class, FailurePolicy.AWAIT_OTHERS),
          Map.entry(CancelReason.class, CancelReason.TASK),
          Map.entry(GatherListener.class, new GatherListener() {}),
          Map.entry(GatherOptions.class, GatherOptions.defaults()),
          Map.entry(Limiter.class, Limiter.concurrent(1)),
          Map.entry(GatherScope.class, new GatherScope()),
          Map.entry(Limiter.Permit.class, permit()),
          Map.entry(Throwable.class, new IllegalStateException()),
          Map.entry(Outcome.class, new Outcome.Success<>("x")),
          Map.entry(OptionalInt.class, OptionalInt.empty()),
          Map.entry(Object.class, "x"),
          Map.entry(int.class, 1),
          Map.entry(long.class, 1L),
          Map.entry(boolean.class, true));

  private static final Subject PENDING = Subject.gather(Subject.State.PENDING);

  /** What to call the methods of a type on. */
  private static final Map<Class<?>, Object> TARGETS =
      Map.ofEntries(
          Map.entry(Gather.class, Gather.of(BODY)),
          Map.entry(KeyedGather.class, Gather.keyed(Map.of("key", Task.of(BODY)))),
          Map.entry(Task.class, Task.of(BODY)),
          Map.entry(GatherFuture.class, PENDING.future),
          Map.entry(GatherScope.class, new GatherScope()),
          Map.entry(Results.class, Results.ofValues(List.of(), List.of())),
          Map.entry(GatherOptions.class, GatherOptions.defaults()),
          Map.entry(GatherOptions.Builder.class, GatherOptions.builder()),
          Map.entry(Limiter.class, Limiter.concurrent(1)),
          Map.entry(Limiter.Permit.class, permit()),
          Map.entry(GatherException.class, exception()),
          Map.entry(GatherTimeoutException.class, new GatherTimeoutException("x", List.of())),
          Map.entry(Outcome.class, new Outcome.Success<>("x")),
          Map.entry(Outcome.Success.class, new Outcome.Success<>("x")),
          Map.entry(Outcome.Failure.class, new Outcome.Failure<>(new IOException())),
          Map.entry(Outcome.Cancelled.class, new Outcome.Cancelled<>(CancelReason.TASK, true)),
          Map.entry(
              Completed.class, new Completed<>(0, null, new Outcome.Success<>("x"), Duration.ZERO)),
          Map.entry(Progress.class, new Progress(OptionalInt.empty(), 0, 0, 0, 0)));

  private static Limiter.Permit permit() {
    return Limiter.concurrent(1).acquire().join();
  }

  private static GatherException exception() {
    return new GatherException("x", new IOException(), 0, null, List.of());
  }

  // ---- the tests

  @TestFactory
  Stream<DynamicTest> nullForEveryParameter() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (Class<?> type : publicTypes()) {
      for (Executable executable : executables(type)) {
        for (int i = 0; i < executable.getParameterCount(); i++) {
          if (!executable.getParameterTypes()[i].isPrimitive()) {
            int parameter = i;
            tests.add(
                DynamicTest.dynamicTest(
                    type.getSimpleName() + ": " + executable.toGenericString() + " #" + i,
                    () -> callWithNull(type, executable, parameter)));
          }
        }
      }
    }
    assertTrue(tests.size() > 60, "there is more than " + tests.size());
    return tests.stream();
  }

  private static void callWithNull(Class<?> type, Executable executable, int parameter)
      throws Exception {
    Object[] arguments = new Object[executable.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      Class<?> parameterType = executable.getParameterTypes()[i];
      arguments[i] = ARGUMENTS.get(parameterType);
      assertNotNull(arguments[i], () -> "add a sample of " + parameterType);
    }
    arguments[parameter] = null;
    Object target = Modifier.isStatic(executable.getModifiers()) ? null : TARGETS.get(type);
    if (executable instanceof Method && target == null) {
      assertTrue(Modifier.isStatic(executable.getModifiers()), () -> "add a target of " + type);
    }
    if (isNullable(executable.getAnnotatedParameterTypes()[parameter])) {
      if (!(target instanceof GatherFuture<?>)) { // those would complete it, see the other tests
        call(target, executable, arguments);
      }
      return;
    }
    NullPointerException refusal =
        assertThrows(NullPointerException.class, () -> call(target, executable, arguments));
    String message = refusal.getMessage();
    assertNotNull(message);
    String[] words = message.split(" ", 2);
    assertEquals("must not be null", words[1], message);
    String name = executable.getParameters()[parameter].getName();
    boolean isName = words[0].equals(name) || words[0].equals(executable.getName());
    boolean isPlainer = name.length() == 1 && words[0].length() > 1;
    assertTrue(isName || isPlainer, () -> message + ", but the parameter is " + name);
    assertEquals(0, STARTED.get(), "something has been started");
    assertFalse(PENDING.future.isDone());
    assertFalse(PENDING.source.isDone());
  }

  @AfterAll
  static void nothingHasBeenStarted() throws Exception {
    // Whatever had been handed to the executor before has a thread by now.
    Gather.of(() -> 1, () -> 2).all().get(20, TimeUnit.SECONDS);
    assertEquals(0, STARTED.get());
    PENDING.future.cancel(true);
  }

  @Test
  void aNullAmongManyIsNamedByItsPosition() {
    assertRefused("tasks[1] must not be null", () -> Gather.of(BODY, null));
    assertRefused(
        "actions[1] must not be null", () -> Gather.doing(STARTED::incrementAndGet, null));
    assertRefused("tasks[2] must not be null", () -> Gather.of(Task.of(BODY), Task.of(BODY), null));
    assertRefused("tasks[0] must not be null", () -> Gather.of(Arrays.asList(null, Task.of(BODY))));
    assertRefused("bodies[1] must not be null", () -> Gather.of(Arrays.asList(BODY, null)));
    assertRefused(
        "running[1] must not be null",
        () -> Gather.started(Arrays.asList(new CompletableFuture<>(), null)));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(NullPointerException.class, call::run).getMessage());
  }

  @Test
  void nullOfAFutureIsAValue() {
    Subject completed = Subject.gather(Subject.State.PENDING);
    assertTrue(completed.future.complete(null));
    assertEquals(null, completed.future.getNow("absent"));
    Subject late = Subject.gather(Subject.State.PENDING);
    late.future.completeOnTimeout(null, 1, TimeUnit.HOURS);
    assertEquals("value", late.end(Subject.State.VALUE).future.join());
    assertThrows(UnsupportedOperationException.class, () -> late.future.obtrudeValue(null));
    assertThrows(UnsupportedOperationException.class, () -> late.future.obtrudeException(null));
  }

  // ---- reflection

  private static Object call(Object target, Executable executable, Object[] arguments)
      throws Exception {
    try {
      return executable instanceof Constructor<?> constructor
          ? constructor.newInstance(arguments)
          : ((Method) executable).invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw assertInstanceOf(RuntimeException.class, e.getCause());
    }
  }

  /** Marked itself, or a type variable whose bound allows it. */
  private static boolean isNullable(AnnotatedType type) {
    if (type.isAnnotationPresent(Nullable.class)) {
      return true;
    }
    return type instanceof AnnotatedTypeVariable
        && Arrays.stream(((TypeVariable<?>) type.getType()).getAnnotatedBounds())
            .anyMatch(bound -> bound.isAnnotationPresent(Nullable.class));
  }

  private static List<Executable> executables(Class<?> type) {
    List<Executable> all = new ArrayList<>();
    if (WRITTEN_BY_USERS.contains(type)) {
      return all;
    }
    all.addAll(Arrays.asList(type.getConstructors()));
    for (Method method : declaredMethods(type)) {
      boolean isOwn = !method.isSynthetic() && !method.getName().equals("equals");
      boolean isOfJdk = type.isEnum() && method.getName().equals("valueOf");
      if (Modifier.isPublic(method.getModifiers())
          && isOwn
          && !isOfJdk
          && !HANDED_ON.contains(method.getDeclaringClass())
          && !ALWAYS_REFUSED.contains(method.getName())) {
        all.add(method);
      }
    }
    return all;
  }

  /** What a type inherits from one that users cannot name is its own to them. */
  private static List<Method> declaredMethods(Class<?> type) {
    List<Method> methods = new ArrayList<>();
    Class<?> owner = type;
    do {
      methods.addAll(Arrays.asList(owner.getDeclaredMethods()));
      owner = owner.getSuperclass();
    } while (owner != null && !isPublic(owner));
    return methods;
  }

  /** Of both packages, nested ones too, wherever they have been built to. */
  private static List<Class<?>> publicTypes() throws Exception {
    List<Class<?>> types = new ArrayList<>();
    for (Class<?> member : List.of(Outcome.class, Gather.class)) {
      String folder = member.getPackageName().replace('.', '/');
      Path built = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(built)) {
        addTypes(built.resolve(folder), member.getPackageName(), types);
      } else {
        addTypesOfJar(built, folder, member.getPackageName(), types);
      }
    }
    assertTrue(types.containsAll(WRITTEN_BY_USERS), types::toString);
    assertTrue(types.containsAll(TARGETS.keySet()), types::toString);
    return types;
  }

  private static void addTypesOfJar(Path jar, String folder, String name, List<Class<?>> types)
      throws IOException, URISyntaxException, ClassNotFoundException {
    try (FileSystem inside = FileSystems.newFileSystem(new URI("jar:" + jar.toUri()), Map.of())) {
      addTypes(inside.getPath(folder), name, types);
    }
  }

  private static void addTypes(Path folder, String name, List<Class<?>> types)
      throws IOException, ClassNotFoundException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String fileName = file.getFileName().toString();
        if (fileName.endsWith(".class") && !fileName.equals("package-info.class")) {
          String simpleName = fileName.substring(0, fileName.length() - ".class".length());
          Class<?> type = Class.forName(name + "." + simpleName);
          if (isPublic(type)) {
            types.add(type);
          }
        }
      }
    }
  }

  private static boolean isPublic(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return Modifier.isPublic(type.getModifiers())
        && !type.isAnonymousClass()
        && (outer == null || isPublic(outer));
  }
}
