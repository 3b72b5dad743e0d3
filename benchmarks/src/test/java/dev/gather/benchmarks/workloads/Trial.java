package dev.gather.benchmarks.workloads;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Calls one contender once, as JMH does, but in this JVM. */
final class Trial {
  private final Object benchmark;
  private final Method contender;
  private final List<Object> states = new ArrayList<>();
  private final List<Object> arguments = new ArrayList<>();

  Trial(Class<?> workload, String contender, int n) throws ReflectiveOperationException {
    this.benchmark = workload.getConstructor().newInstance();
    this.contender =
        Arrays.stream(workload.getMethods())
            .filter(method -> method.getName().equals(contender))
            .findFirst()
            .orElseThrow();
    if (workload.isAnnotationPresent(State.class)) {
      states.add(benchmark);
    }
    for (Class<?> type : this.contender.getParameterTypes()) {
      arguments.add(type.getConstructor().newInstance());
    }
    states.addAll(arguments);
    for (Object state : states) {
      setParams(state, n);
    }
  }

  /**
   * @return what the contender returned; checked already if the workload can
   */
  Object run() throws Exception {
    for (Object state : states) {
      callAll(state, Setup.class);
    }
    try {
      Object result = invoke(contender, benchmark, arguments.toArray());
      if (benchmark instanceof Workload workload) {
        workload.check(result);
      }
      return result;
    } finally {
      for (Object state : states) {
        callAll(state, TearDown.class);
      }
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

  /** From the outermost level to the innermost, and back. */
  private static void callAll(Object state, Class<? extends Annotation> when) throws Exception {
    List<Method> methods =
        new ArrayList<>(
            Arrays.stream(state.getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(when))
                .sorted((a, b) -> Integer.compare(level(a), level(b)))
                .toList());
    if (when == TearDown.class) {
      Collections.reverse(methods);
    }
    for (Method method : methods) {
      invoke(method, state);
    }
  }

  private static int level(Method method) {
    Setup setup = method.getAnnotation(Setup.class);
    return (setup != null ? setup.value() : method.getAnnotation(TearDown.class).value()).ordinal();
  }

  private static Object invoke(Method method, Object target, Object... arguments) throws Exception {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw (Error) e.getCause();
    }
  }
}
