package dev.gather.verification.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library in Kotlin that is written with the bridge, and a program in Java that calls it. */
class BridgeConsumerTest {
  @TempDir private static Path work;
  private static Path library;
  @TempDir private Path program;

  @BeforeAll
  static void compileTheLibrary() throws Exception {
    library = BridgeProgram.compileLibrary(work);
  }

  @Test
  void aProgramInJavaCompilesWithoutKotlinAndRunsOnTheOldestAndOnTodays() throws Exception {
    List<Path> path = Artifacts.path(List.of(library), Artifacts.COMPILE);
    // What kotlinc writes bears @kotlin.Metadata, of which javac has no class here.
    assertCompiles(
        Compilation.onClassPath(program, path, List.of(BridgeProgram.CALLS), "-Xlint:-classfile"));
    for (List<Path> kotlin : List.of(Artifacts.FLOOR, Artifacts.KOTLIN)) {
      List<Path> all =
          Artifacts.path(List.of(program, library), Artifacts.path(BridgeProgram.GATHER, kotlin));
      assertPrints(Jvm.onClassPath(work, all, "consumer.Calls"));
    }
  }

  @Test
  void thatAnnotationIsAllThatJavacMisses() {
    List<Path> path = Artifacts.path(List.of(library), Artifacts.COMPILE);
    Compilation plain = Compilation.onClassPath(program, path, List.of(BridgeProgram.CALLS));
    List<String> warnings =
        plain.messages().stream().filter(message -> !message.contains("-Werror")).toList();
    assertFalse(warnings.isEmpty());
    assertTrue(
        warnings.stream().allMatch(message -> message.contains("Metadata'")), warnings::toString);
  }

  @Test
  void asModules() throws Exception {
    List<Path> path =
        Artifacts.path(
            Artifacts.path(BridgeProgram.GATHER, Artifacts.FLOOR), List.of(Artifacts.JSPECIFY));
    List<Path> module = List.of(BridgeProgram.CONSUMERS.resolve("library/module-info.java"));
    assertCompiles(
        Compilation.onModulePath(library, path, module, "--patch-module", "acme.users=" + library));
    assertCompiles(
        Compilation.onModulePath(
            program,
            Artifacts.path(path, List.of(library)),
            List.of(
                BridgeProgram.CALLS, BridgeProgram.CONSUMERS.resolve("caller/module-info.java"))));
    assertPrints(
        Jvm.onModulePath(
            work, Artifacts.path(path, List.of(library, program)), "consumer/consumer.Calls"));
  }

  private static void assertCompiles(Compilation compilation) {
    assertTrue(compilation.succeeded(), () -> compilation.messages().toString());
  }

  private static void assertPrints(Jvm run) {
    assertEquals("", run.err());
    assertEquals(BridgeProgram.PRINTS, run.out());
    assertEquals(0, run.exit());
  }
}
