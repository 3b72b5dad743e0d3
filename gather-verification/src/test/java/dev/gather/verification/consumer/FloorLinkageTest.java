package dev.gather.verification.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.FieldAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.gather.verification.Project;
import java.lang.reflect.Executable;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The engine is compiled against newer coroutines than the oldest it runs on. There the default
 * arguments of interface methods, as in {@code job.cancel()}, are elsewhere: pass every argument.
 */
class FloorLinkageTest {
  private static final String ENGINE_OF_THE_JAVA_DOOR =
      "dev.gather.coroutines.internal.door.CoroutineEngine";
  private static final JavaClasses ENGINE =
      new ClassFileImporter().importLocations(Set.of(Project.location(Artifacts.ENGINE)));

  @Test
  void everythingTheEngineUsesIsInTheOldestKotlin() throws Exception {
    assertTrue(ENGINE.size() > 20, () -> "only " + ENGINE.size() + " classes of the engine");
    assertEquals("", missing(ENGINE, Artifacts.FLOOR));
  }

  /** Of which users know nothing: a newer compiler writes calls that the old library has not. */
  @Test
  void everythingTheJavaDoorLeadsToIsInItsOldestKotlin() throws Exception {
    Set<JavaClass> door = reachable(ENGINE.get(ENGINE_OF_THE_JAVA_DOOR));
    assertTrue(door.size() > 20, () -> "only " + door.size() + " classes of the Java door");
    assertEquals("", missing(door, Artifacts.JAVA_FLOOR));
  }

  /** Where the suspend door would fail there, it asks for the version before it does anything. */
  @Test
  void whatIsMissingThereIsOfTheSuspendDoor() throws Exception {
    String missing = missing(ENGINE, Artifacts.JAVA_FLOOR);
    assertTrue(missing.contains("nullOutSpilledVariable"), missing);
  }

  private static Set<JavaClass> reachable(JavaClass from) {
    Set<JavaClass> seen = new HashSet<>(Set.of(from));
    Deque<JavaClass> next = new ArrayDeque<>(seen);
    while (!next.isEmpty()) {
      for (Dependency dependency : next.pop().getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (ENGINE.contain(target.getName()) && seen.add(target)) {
          next.push(target);
        }
      }
    }
    return seen;
  }

  private static String missing(Iterable<JavaClass> classes, List<Path> kotlin) throws Exception {
    SortedSet<String> missing = new TreeSet<>();
    URL[] jars = kotlin.stream().map(FloorLinkageTest::url).toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
      for (JavaClass type : classes) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          if (isKotlin(target) && !exists(loader, target)) {
            missing.add(target.getName());
          }
        }
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
          if (isKotlin(access.getTargetOwner()) && !exists(loader, access.getTarget())) {
            missing.add(access.getDescription());
          }
        }
      }
    }
    return String.join("\n", missing);
  }

  private static boolean isKotlin(JavaClass type) {
    return type.getPackageName().startsWith("kotlin");
  }

  private static boolean exists(ClassLoader loader, JavaClass type) {
    try {
      loader.loadClass(type.getName());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean exists(ClassLoader loader, AccessTarget target) {
    try {
      return hierarchy(loader.loadClass(target.getOwner().getName()))
          .anyMatch(type -> declares(type, target));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static Stream<Class<?>> hierarchy(Class<?> type) {
    Stream<Class<?>> above =
        Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()));
    return Stream.concat(
        Stream.concat(Stream.of(type), above.flatMap(FloorLinkageTest::hierarchy)),
        type.isInterface() ? Stream.of(Object.class) : Stream.empty());
  }

  private static boolean declares(Class<?> type, AccessTarget target) {
    if (target instanceof FieldAccessTarget field) {
      return Arrays.stream(type.getDeclaredFields())
          .anyMatch(
              it ->
                  it.getName().equals(field.getName())
                      && it.getType().getName().equals(field.getRawType().getName()));
    }
    CodeUnitAccessTarget codeUnit = (CodeUnitAccessTarget) target;
    List<String> parameters =
        codeUnit.getRawParameterTypes().stream().map(JavaClass::getName).toList();
    if (codeUnit.getName().equals("<init>")) {
      return Arrays.stream(type.getDeclaredConstructors()).anyMatch(it -> takes(it, parameters));
    }
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(
            it ->
                it.getName().equals(codeUnit.getName())
                    && it.getReturnType().getName().equals(codeUnit.getRawReturnType().getName())
                    && takes(it, parameters));
  }

  private static boolean takes(Executable executable, List<String> parameters) {
    return Arrays.stream(executable.getParameterTypes())
        .map(Class::getName)
        .toList()
        .equals(parameters);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
