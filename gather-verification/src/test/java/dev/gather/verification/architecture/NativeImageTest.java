package dev.gather.verification.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.gather.Outcome;
import dev.gather.bridge.JavaDoor;
import dev.gather.coroutines.GatherKt;
import dev.gather.future.Gather;
import dev.gather.verification.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A native image has only what is found in it without running it. What Gather looks up by name is
 * told in the metadata of its jars, and this is all of it; there is no tool for images here to try
 * it with. (The engine is found by ServiceLoader, and fields are changed by their names as
 * constants in static initializers: an image takes both without being told.)
 */
class NativeImageTest {
  private static final Set<String> LOOK_UPS =
      Set.of(
          "java.lang.Class.forName",
          "java.lang.Class.getMethod",
          "java.lang.Class.getMethods",
          "java.lang.Class.getDeclaredMethod",
          "java.lang.Class.getDeclaredMethods",
          "java.lang.Class.getField",
          "java.lang.Class.getDeclaredField",
          "java.lang.Class.getDeclaredFields",
          "java.lang.Class.getConstructor",
          "java.lang.Class.getDeclaredConstructor",
          "java.lang.Class.getDeclaredConstructors",
          "java.lang.Class.getResource",
          "java.lang.Class.getResourceAsStream",
          "java.lang.ClassLoader.loadClass",
          "java.lang.ClassLoader.getResource",
          "java.lang.reflect.Proxy.newProxyInstance",
          "java.lang.invoke.MethodHandles$Lookup.findVirtual",
          "java.lang.invoke.MethodHandles$Lookup.findStatic");

  @Test
  void whatIsLookedUpByNameIsKnown() {
    SortedSet<String> found = new TreeSet<>();
    for (JavaClass type : classes()) {
      for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
        String target = call.getTargetOwner().getName() + "." + call.getName();
        if (LOOK_UPS.contains(target)) {
          found.add(type.getName().replaceFirst("\\$.*", "") + " " + call.getName());
        }
      }
    }
    assertEquals(
        List.of(
            // KotlinFree, which is for tests
            "dev.gather.bridge.KotlinSight getDeclaredConstructors",
            "dev.gather.bridge.KotlinSight getDeclaredFields",
            "dev.gather.bridge.KotlinSight getDeclaredMethods",
            "dev.gather.bridge.PackageContent forName",
            "dev.gather.coroutines.internal.bodies.VirtualTime getMethod",
            "dev.gather.coroutines.internal.door.KotlinFloor getResource",
            "dev.gather.future.CapturedContext forName",
            "dev.gather.threads.BodyThreads forName",
            "dev.gather.threads.BodyThreads getMethod"),
        List.copyOf(found));
  }

  @Test
  void whatTheMetadataNamesIsThere() throws Exception {
    List<String> missing = new ArrayList<>();
    for (String module : List.of("gather-api", "gather-java-facade", "gather-kotlin")) {
      JsonNode types = new ObjectMapper().readTree(metadata(module).toFile());
      assertTrue(!types.isEmpty(), module);
      for (JsonNode type : types) {
        look(type, missing);
      }
    }
    // Which may be missing: the facade is compiled against it.
    missing.removeIf(it -> it.startsWith("io.micrometer.context."));
    // Of JDK 21 and newer.
    missing.removeIf(it -> Runtime.version().feature() < 21 && it.startsWith("java.lang.Thread"));
    assertEquals(List.of(), missing);
  }

  private static void look(JsonNode type, List<String> missing) {
    String name = type.get("name").asText();
    try {
      Class<?> found = Class.forName(name);
      for (JsonNode method : type.path("methods")) {
        boolean isThere =
            Stream.of(found.getMethods())
                .filter(it -> it.getName().equals(method.get("name").asText()))
                .anyMatch(it -> parameters(it.getParameterTypes()).equals(parameters(method)));
        if (!isThere) {
          missing.add(name + "." + method);
        }
      }
    } catch (ClassNotFoundException e) {
      missing.add(name);
    }
  }

  private static List<String> parameters(Class<?>[] types) {
    return Stream.of(types).map(Class::getName).toList();
  }

  private static List<String> parameters(JsonNode method) {
    List<String> names = new ArrayList<>();
    method.get("parameterTypes").forEach(it -> names.add(it.asText()));
    return names;
  }

  private static Path metadata(String module) {
    return Project.root()
        .resolve(module)
        .resolve("src/main/resources/META-INF/native-image/dev.gather")
        .resolve(module)
        .resolve("reflect-config.json");
  }

  private static Iterable<JavaClass> classes() {
    return new ClassFileImporter()
        .importLocations(
            Set.of(
                Project.location(Project.codeSource(Outcome.class)),
                Project.location(Project.codeSource(Gather.class)),
                Project.location(Project.codeSource(GatherKt.class)),
                Project.location(Project.codeSource(JavaDoor.class))));
  }
}
