package dev.gather.benchmarks.paired;

import dev.gather.benchmarks.workloads.ThreeTasks;
import dev.gather.benchmarks.workloads.Workload;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Calls one contender of a workload of JMH, as JMH does, but in this JVM. */
public final class Trial {
  private final Object benchmark;
  private final MethodHandle contender;
  private final List<Object> states = new ArrayList<>();

  /** What prepares each call, and what follows it. */
  private final List<MethodHandle> before;

  private final List<MethodHandle> after;

  /** What the last call has returned. */
  private Object result;

  /**
   * @param n how many tasks, where that is not given by the workload
   */
  public Trial(Class<?> workload, String contender, int n) throws Exception {
    this.benchmark = workload.getConstructor().newInstance();
    Method method =
        Arrays.stream(workload.getMethods())
            .filter(candidate -> candidate.getName().equals(contender))
            .findFirst()
            .orElseThrow();
    if (workload.isAnnotationPresent(State.class)) {
      states.add(benchmark);
    }
    List<Object> arguments = new ArrayList<>();
    for (Class<?> type : method.getParameterTypes()) {
      arguments.add(type.getConstructor().newInstance());
    }
    states.addAll(arguments);
    for (Object state : states) {
      setParams(state, n);
    }
    this.contender = bound(method, benchmark, arguments);
    this.before = fixtures(Setup.class, true);
    this.after = fixtures(TearDown.class, true);
    for (MethodHandle setup : fixtures(Setup.class, false)) {
      call(setup);
    }
  }

  /**
   * Calls it.
   *
   * @return what it returned; checked already if the workload can
   */
  public Object run() throws Exception {
    nanos(1);
    return result;
  }

  /** How long so many calls take, without what prepares them. */
  long nanos(int calls) throws Exception {
    boolean isPlain = before.isEmpty() && after.isEmpty();
    long nanos = isPlain ? loop(calls) : 0;
    for (int i = 0; i < calls && !isPlain; i++) {
      for (MethodHandle setup : before) {
        call(setup);
      }
      nanos += loop(1);
      for (MethodHandle tearDown : after) {
        call(tearDown);
      }
    }
    if (benchmark instanceof Workload workload) {
      workload.check(result);
    }
    return nanos;
  }

  private long loop(int calls) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      result = call(contender);
    }
    return System.nanoTime() - start;
  }

  /** Closes what it has opened; nothing comes after that. */
  public void end() throws Exception {
    for (MethodHandle tearDown : fixtures(TearDown.class, false)) {
      call(tearDown);
    }
  }

  private static void setParams(Object state, int n) throws ReflectiveOperationException {
    for (Field field : state.getClass().getFields()) {
      Param param = field.getAnnotation(Param.class);
      if (param != null) {
        boolean isSize = field.getName().equals("n") && !(state instanceof ThreeTasks);
        field.setInt(state, isSize ? n : Integer.parseInt(param.value()[0]));
      }
    }
  }

  /** Of all states: around a call, or around all calls. */
  private List<MethodHandle> fixtures(Class<? extends Annotation> when, boolean eachCall)
      throws ReflectiveOperationException {
    List<MethodHandle> found = new ArrayList<>();
    for (Object state : states) {
      for (Method method :
          Arrays.stream(state.getClass().getMethods())
              .filter(method -> method.isAnnotationPresent(when))
              .filter(method -> (level(method) == Level.Invocation) == eachCall)
              .sorted(Comparator.comparing(Method::getName))
              .toList()) {
        found.add(bound(method, state, List.of()));
      }
    }
    return found;
  }

  private static Level level(Method method) {
    Setup setup = method.getAnnotation(Setup.class);
    return setup != null ? setup.value() : method.getAnnotation(TearDown.class).value();
  }

  private static MethodHandle bound(Method method, Object target, List<Object> arguments)
      throws IllegalAccessException {
    MethodHandle handle = MethodHandles.publicLookup().unreflect(method).bindTo(target);
    return MethodHandles.insertArguments(handle, 0, arguments.toArray())
        .asType(MethodType.methodType(Object.class));
  }

  private static Object call(MethodHandle handle) throws Exception {
    try {
      return (Object) handle.invokeExact();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new InvocationTargetException(e);
    }
  }
}
