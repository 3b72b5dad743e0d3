package dev.gather.verification.consumer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a Java virtual machine of its own, of the version that runs the tests, did. */
record Jvm(int exit, String out, String err) {

  static Jvm onClassPath(Path work, List<Path> classPath, String mainClass, String... arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("-cp", Artifacts.join(classPath), mainClass));
    all.addAll(List.of(arguments));
    return run(work, all);
  }

  static Jvm onModulePath(Path work, List<Path> modulePath, String main) throws Exception {
    return run(work, List.of("-p", Artifacts.join(modulePath), "-m", main));
  }

  /** With the arguments of {@code java}. */
  static Jvm run(Path work, List<String> arguments) throws Exception {
    return tool(work, Path.of(System.getProperty("java.home")), "java", arguments);
  }

  /** A program of a JDK or of an image that jlink has made. */
  static Jvm tool(Path work, Path home, String tool, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve(tool).toString());
    command.addAll(arguments);
    File out = Files.createTempFile(work, "out", ".txt").toFile();
    File err = Files.createTempFile(work, "err", ".txt").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(work.toFile()).redirectOutput(out).redirectError(err);
    builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      throw new AssertionError("still running after two minutes: " + text(out) + text(err));
    }
    return new Jvm(process.exitValue(), text(out), text(err));
  }

  private static String text(File file) throws IOException {
    return Files.readString(file.toPath()).replace("\r\n", "\n");
  }
}
