package dev.gather.verification.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gather.bridge.JavaDoor;
import dev.gather.verification.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A library in Kotlin that is written with the bridge, and a program in Java that calls it. */
final class BridgeProgram {
  static final Path CONSUMERS = Project.verification().resolve("src/consumers/bridge");
  static final Path BRIDGE = Project.codeSource(JavaDoor.class);
  static final List<Path> GATHER =
      List.of(Artifacts.API, Artifacts.FACADE, Artifacts.ENGINE, BRIDGE);
  static final Path CALLS = CONSUMERS.resolve("caller/consumer/Calls.java");
  static final String PRINTS =
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

  private BridgeProgram() {}

  /** As its author would, by the oldest compiler there is; where its classes are. */
  static Path compileLibrary(Path work) throws Exception {
    Path library = work.resolve("library");
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
    return library;
  }
}
