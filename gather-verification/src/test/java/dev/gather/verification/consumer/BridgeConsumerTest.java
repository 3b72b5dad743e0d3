package dev.gather.verification.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.bridge.JavaDoor;
import dev.gather.verification.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library in Kotlin that is written with the bridge, and a program in Java that calls it. */
class BridgeConsumerTest {
  private static final Path CONSUMERS = Project.verification().resolve("src/consumers/bridge");
  private static final Path BRIDGE = Project.codeSource(JavaDoor.class);
  private static final List<Path> GATHER =
      List.of(Artifacts.API, Artifacts.FACADE, Artifacts.ENGINE, BRIDGE);
  private static final Path CALLS = CONSUMERS.resolve("caller/consumer/Calls.java");
  private static final String PRINTS =
      """
      future: user 1
      tasks: [user 1, blocking]
      blocking: user 2
      stream: [version 1, version 2, version 3]
      publisher: version 1
      publisher: version 2
      publisher: version 3
      publisher: complete
      failure: java.io.IOException: no route
      failure: user 0, java.io.IOException: no route
      cancel: true, true
      closed: JavaDoor[users] is closed
      """;

  @TempDir private static Path work;
  private static Path library;
  @TempDir private Path program;

  /** The library is compiled as its author would, by the oldest compiler there is. */
  @BeforeAll
  static void compileTheLibrary() throws Exception {
    library = work.resolve("library");
    List<String> arguments =
        new ArrayList<>(List.of("-no-stdlib", "-no-reflect", "-Werror", "-jvm-target", "17"));
    arguments.addAll(List.of("-cp", Artifacts.join(Artifacts.path(Artifacts.FLOOR, GATHER)), "-d"));
    arguments.addAll(
        List.of(
            library.toString(), CONSUMERS.resolve("library/acme/users/UserClient.kt").toString()));
    Jvm compiler =
        Jvm.onClassPath(
            work,
            Artifacts.tool("kotlin-floor"),
            "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
            arguments.toArray(String[]::new));
    assertEquals(0, compiler.exit(), () -> compiler.out() + compiler.err());
  }

  @Test
  void aProgramInJavaCompilesWithoutKotlinAndRunsOnTheOldestAndOnTodays() throws Exception {
    List<Path> path = Artifacts.path(List.of(library), Artifacts.COMPILE);
    // What kotlinc writes bears @kotlin.Metadata, of which javac has no class here.
    assertCompiles(Compilation.onClassPath(program, path, List.of(CALLS), "-Xlint:-classfile"));
    for (List<Path> kotlin : List.of(Artifacts.FLOOR, Artifacts.KOTLIN)) {
      List<Path> all = Artifacts.path(List.of(program, library), Artifacts.path(GATHER, kotlin));
      assertPrints(Jvm.onClassPath(work, all, "consumer.Calls"));
    }
  }

  @Test
  void thatAnnotationIsAllThatJavacMisses() {
    List<Path> path = Artifacts.path(List.of(library), Artifacts.COMPILE);
    Compilation plain = Compilation.onClassPath(program, path, List.of(CALLS));
    List<String> warnings =
        plain.messages().stream().filter(message -> !message.contains("-Werror")).toList();
    assertFalse(warnings.isEmpty());
    assertTrue(
        warnings.stream().allMatch(message -> message.contains("Metadata'")), warnings::toString);
  }

  @Test
  void asModules() throws Exception {
    List<Path> path =
        Artifacts.path(Artifacts.path(GATHER, Artifacts.FLOOR), List.of(Artifacts.JSPECIFY));
    List<Path> module = List.of(CONSUMERS.resolve("library/module-info.java"));
    assertCompiles(
        Compilation.onModulePath(library, path, module, "--patch-module", "acme.users=" + library));
    assertCompiles(
        Compilation.onModulePath(
            program,
            Artifacts.path(path, List.of(library)),
            List.of(CALLS, CONSUMERS.resolve("caller/module-info.java"))));
    assertPrints(
        Jvm.onModulePath(
            work, Artifacts.path(path, List.of(library, program)), "consumer/consumer.Calls"));
  }

  private static void assertCompiles(Compilation compilation) {
    assertTrue(compilation.succeeded(), () -> compilation.messages().toString());
  }

  private static void assertPrints(Jvm run) {
    assertEquals("", run.err());
    assertEquals(PRINTS, run.out());
    assertEquals(0, run.exit());
  }
}
