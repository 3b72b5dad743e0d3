package dev.gather.verification.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Provides;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModulesTest {

  @Test
  void thePublishedModulesHaveTheirNames() {
    assertEquals("dev.gather.api", PublishedModule.API.descriptor().name());
    assertEquals("dev.gather.future", PublishedModule.FACADE.descriptor().name());
    assertEquals("dev.gather.coroutines", PublishedModule.KOTLIN.descriptor().name());
    assertEquals("dev.gather.bridge", PublishedModule.BRIDGE.descriptor().name());
  }

  @Test
  void everyModuleHasOnePackageForUsers() {
    assertEquals(Set.of("dev.gather"), PublishedModule.API.packages());
    assertEquals(Set.of("dev.gather.future"), PublishedModule.FACADE.packages());
    assertEquals(Set.of("dev.gather.coroutines"), PublishedModule.KOTLIN.packages());
    assertEquals(Set.of("dev.gather.bridge"), PublishedModule.BRIDGE.packages());
  }

  @Test
  void whatIsNotForUsersIsForModulesOfGatherOnly() {
    assertEquals(
        Map.of(
            "dev.gather.spi",
                Set.of("dev.gather.bridge", "dev.gather.coroutines", "dev.gather.future"),
            "dev.gather.threads",
                Set.of("dev.gather.bridge", "dev.gather.coroutines", "dev.gather.future")),
        qualifiedExports(PublishedModule.API));
    assertEquals(Map.of(), qualifiedExports(PublishedModule.FACADE));
    assertEquals(
        Map.of("dev.gather.coroutines.spi", Set.of("dev.gather.bridge")),
        qualifiedExports(PublishedModule.KOTLIN));
    assertEquals(Map.of(), qualifiedExports(PublishedModule.BRIDGE));
  }

  @ParameterizedTest
  @EnumSource
  void internalPackagesAreNeitherExportedNorOpen(PublishedModule module) {
    assertTrue(
        module.descriptor().exports().stream()
            .map(Exports::source)
            .noneMatch(name -> name.contains("internal")));
    assertFalse(module.descriptor().isOpen());
    assertEquals(Set.of(), module.descriptor().opens());
  }

  @Test
  void theEngineIsFoundAsAService() {
    assertEquals(Set.of("dev.gather.spi.GatherEngine"), PublishedModule.FACADE.descriptor().uses());
    Provides engine =
        PublishedModule.KOTLIN.descriptor().provides().stream().findFirst().orElseThrow();
    assertEquals("dev.gather.spi.GatherEngine", engine.service());
    assertEquals(
        List.of("dev.gather.coroutines.internal.door.CoroutineEngine"), engine.providers());
  }

  @Test
  void onlyTheModulesForKotlinRequireIt() {
    assertFalse(requires(PublishedModule.API).toString().contains("kotlin"));
    assertFalse(requires(PublishedModule.FACADE).toString().contains("kotlin"));
    assertFalse(requires(PublishedModule.FACADE).contains("dev.gather.coroutines"));
    assertTrue(requires(PublishedModule.KOTLIN).contains("kotlin.stdlib"));
  }

  private static Set<String> requires(PublishedModule module) {
    Set<String> names = new TreeSet<>();
    module.descriptor().requires().stream().map(Requires::name).forEach(names::add);
    return names;
  }

  private static Map<String, Set<String>> qualifiedExports(PublishedModule module) {
    Map<String, Set<String>> exports = new HashMap<>();
    module.descriptor().exports().stream()
        .filter(Exports::isQualified)
        .forEach(exported -> exports.put(exported.source(), exported.targets()));
    return exports;
  }
}
