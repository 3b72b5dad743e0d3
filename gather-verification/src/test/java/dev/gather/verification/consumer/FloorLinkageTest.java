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
import java.util.Arrays;
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

  @Test
  void everythingTheEngineUsesIsInTheOldestKotlin() throws Exception {
    JavaClasses engine =
        new ClassFileImporter().importLocations(Set.of(Project.location(Artifacts.ENGINE)));
    assertTrue(engine.size() > 20, () -> "only " + engine.size() + " classes of the engine");

    SortedSet<String> missing = new TreeSet<>();
    URL[] floor = Artifacts.FLOOR.stream().map(FloorLinkageTest::url).toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(floor, ClassLoader.getPlatformClassLoader())) {
      for (JavaClass type : engine) {
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
    assertEquals("", String.join("\n", missing));
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
