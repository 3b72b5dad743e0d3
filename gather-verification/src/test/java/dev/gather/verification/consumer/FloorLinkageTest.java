package dev.gather.verification.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.gather.verification.Project;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FloorLinkageTest {

  @Test
  void everythingTheEngineUsesIsInTheOldestKotlin() {
    JavaClasses classes =
        new ClassFileImporter()
            .importLocations(
                Artifacts.path(List.of(Artifacts.ENGINE), Artifacts.FLOOR).stream()
                    .map(Project::location)
                    .toList());
    List<JavaClass> engine =
        classes.stream().filter(type -> type.getPackageName().startsWith("dev.gather")).toList();
    assertTrue(engine.size() > 20, () -> "only " + engine.size() + " classes of the engine");

    SortedSet<String> missing = new TreeSet<>();
    for (JavaClass type : engine) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (isKotlin(target) && !classes.contain(target.getName())) {
          missing.add(target.getName());
        }
      }
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        if (isKotlin(access.getTargetOwner()) && access.getTarget().resolveMember().isEmpty()) {
          missing.add(access.getDescription());
        }
      }
    }
    assertEquals("", String.join("\n", missing));
  }

  private static boolean isKotlin(JavaClass type) {
    return type.getPackageName().startsWith("kotlin");
  }
}
