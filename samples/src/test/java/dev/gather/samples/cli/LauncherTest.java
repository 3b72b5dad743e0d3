package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script at the root, with a Maven and a Java that only say what they were asked. */
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "gather").toAbsolutePath().normalize();

  /** Long ago, so that what the build makes is newer without anybody waiting. */
  private static final FileTime OLD = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  @TempDir private Path dir;
  private Path home;
  private Path jar;
  private Path source;

  @BeforeEach
  void cloneOfTheProject() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no POSIX shell here");
    home = Files.createDirectories(dir.resolve("a clone"));
    jar = home.resolve("samples/target/gather-samples-9.jar");
    Files.copy(SCRIPT, home.resolve("gather"));
    assertTrue(home.resolve("gather").toFile().setExecutable(true));
    for (String module : List.of("gather-api", "gather-kotlin", "gather-java-facade", "samples")) {
      old(Files.createDirectories(home.resolve(module).resolve("src/main")).resolve("Source"));
      old(home.resolve(module).resolve("pom.xml"));
    }
    old(home.resolve("pom.xml"));
    source = home.resolve("gather-api/src/main/Source");
    program("java", "echo \"java in $PWD: $*\"; exit 7");
    program(
        "mvn",
        "mkdir -p \"$(dirname \"$JAR\")/lib\"; echo noise; echo noise >&2;"
            + " echo \"$*\" >> \"$JAR-asked\"; echo built > \"$JAR\"");
  }

  private static void old(Path file) throws IOException {
    Files.createFile(file);
    Files.setLastModifiedTime(file, OLD);
  }

  private void program(String name, String body) throws IOException {
    Path file = Files.createDirectories(dir.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Result(int exitCode, List<String> out, List<String> err) {}

  private Result launch(Path script, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(Files.createDirectories(dir.resolve("elsewhere")).toFile());
    builder.environment().remove("JAVA_HOME");
    builder.environment().merge("PATH", dir.resolve("bin") + ":", (path, bin) -> bin + path);
    builder.environment().put("JAR", jar.toString());
    builder.redirectOutput(dir.resolve("out").toFile()).redirectError(dir.resolve("err").toFile());
    Process process = builder.start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return new Result(
        process.exitValue(),
        Files.readAllLines(dir.resolve("out")),
        Files.readAllLines(dir.resolve("err")));
  }

  private Result launch(String... args) throws Exception {
    return launch(home.resolve("gather"), args);
  }

  private static void builds(Result result) {
    assertEquals(List.of("building gather..."), result.err());
    assertEquals(1, result.out().size(), "only what Java says: " + result.out());
  }

  @Test
  void buildsWhatIsMissingAndRunsInTheDirectoryOfTheUser() throws Exception {
    Result result = launch("fetch", "--file", "a b.txt");
    builds(result);
    assertEquals(
        List.of("-B -q -ntp -Pquick -DskipTests -f " + home + "/pom.xml -pl samples -am package"),
        Files.readAllLines(Path.of(jar + "-asked")));
    String java = result.out().get(0);
    assertTrue(java.startsWith("java in " + dir.resolve("elsewhere") + ": "), java);
    assertTrue(java.contains(" -cp " + jar + ":" + home + "/samples/target/lib/* "), java);
    assertTrue(java.contains(" -Dgather.terminal.out=false "), java);
    assertTrue(java.endsWith(GatherCommand.class.getName() + " fetch --file a b.txt"), java);
    assertEquals(7, result.exitCode(), "that of the program");
  }

  @Test
  void buildsAgainOnlyWhenASourceIsNewer() throws Exception {
    launch();
    Result second = launch("--version");
    assertEquals(List.of(), second.err());
    Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2090-01-01T00:00:00Z")));
    builds(launch());
  }

  @Test
  void worksThroughASymbolicLink() throws Exception {
    launch();
    Path link = Files.createSymbolicLink(dir.resolve("bin/gather"), home.resolve("gather"));
    Result result = launch(link, "--version");
    assertEquals(List.of(), result.err());
    assertTrue(result.out().get(0).contains(jar.toString()), result.out().get(0));
  }

  @Test
  void aFailedBuildIsVisibleAndRunsNothing() throws Exception {
    program("mvn", "echo '[ERROR] something'; exit 1");
    Result result = launch("fetch", "--demo");
    assertEquals(
        List.of("building gather...", "[ERROR] something", "gather: the build failed, see above"),
        result.err());
    assertEquals(List.of(), result.out());
    assertEquals(2, result.exitCode());
  }
}
