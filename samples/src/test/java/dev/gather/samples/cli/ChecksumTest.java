package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gather checksum}, compared with the JDK's digests and with {@code sha256sum}. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ChecksumTest {
  @TempDir private Path dir;
  @TempDir private Path other;

  private Path write(String name, byte[] content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  private Path write(String name) throws IOException {
    return write(name, name.getBytes(StandardCharsets.UTF_8));
  }

  private static String line(Path file) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(hash) + "  " + file;
  }

  /** Runs a program that has to succeed. */
  private void program(String... command) throws Exception {
    Path output = other.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
  }

  private static void assumeSha256sum() {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(p -> Files.isExecutable(Path.of(p, "sha256sum"))),
        "no sha256sum here");
  }

  @Test
  void everyFileBelowInTheByteOrderOfItsPath() throws Exception {
    Path b = write("b");
    Path deep = write("a/z/deep");
    Path dotted = write("a.txt");
    Path upper = write("Z");
    Path empty = write("empty", new byte[0]);
    Path large = write("large", "0123456789".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    Files.createDirectories(dir.resolve("nothing/in/here"));
    Cli.Result result = Cli.piped().run("checksum", dir.toString());
    assertEquals(
        List.of(line(upper), line(dotted), line(deep), line(b), line(empty), line(large)),
        result.outLines());
    assertEquals(0, result.exitCode());
  }

  @Test
  void anEmptyDirectoryIsNoProblem() {
    Cli.Result result = Cli.piped().run("checksum", dir.toString());
    assertEquals("", result.out());
    assertEquals("", result.err());
    assertEquals(0, result.exitCode());
  }

  @Test
  void directoriesAndFilesComeAsGiven() throws Exception {
    Path two = write("2/f");
    Path one = write("1/f");
    Path file = write("file");
    Cli.Result result =
        Cli.piped().run("checksum", dir + "/2/", file.toString(), dir + "/1", file.toString());
    assertEquals(List.of(line(two), line(file), line(one), line(file)), result.outLines());
  }

  @Test
  void linksAreLeftOutUnlessGiven() throws Exception {
    Path real = write("real/file");
    Files.createSymbolicLink(dir.resolve("real/link-to-file"), real);
    Files.createSymbolicLink(dir.resolve("real/loop"), dir);
    Files.createSymbolicLink(dir.resolve("real/dangling"), dir.resolve("nowhere"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("real"));
    Cli.Result result = Cli.piped().run("checksum", dir + "/real", link.toString());
    assertEquals(List.of(line(real), line(link.resolve("file"))), result.outLines());
    assertEquals(0, result.exitCode());
  }

  @Test
  void namesOfEveryKindPassTheCheckOfSha256sum() throws Exception {
    assumeSha256sum();
    for (String name :
        new String[] {
          " space ",
          "new\nline",
          "back\\slash",
          "re\rturn",
          "ümlaut",
          "€/日本",
          "*star",
          "-dash",
          "\\",
          "tab\t",
          "quote'\"",
          "a\\nb"
        }) {
      write(name);
    }
    // Not text in any charset of today.
    URI raw = URI.create(dir.toUri() + "latin-%FC");
    Files.writeString(Path.of(raw), "latin");

    Cli.Result result = Cli.piped().run("checksum", dir.toString());
    assertEquals(13, result.outLines().size(), result.out());
    Path sums = Files.write(other.resolve("sums"), result.outBytes());
    program("sha256sum", "--check", "--strict", sums.toString());

    // And to the byte what sha256sum writes itself.
    Path own = other.resolve("own");
    program(
        "sh",
        "-c",
        "find \"$0\" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum > \"$1\"",
        dir.toString(),
        own.toString());
    assertArrayEquals(Files.readAllBytes(own), result.outBytes());
  }

  @Test
  void manyFiles() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      expected.add(line(write("%02d/%04d".formatted(i / 50, i))));
    }
    for (String limit : new String[] {"1", "7", "5000"}) {
      Cli.Result result = Cli.piped().run("checksum", "--limit", limit, dir.toString());
      assertEquals(expected, result.outLines());
      assertEquals(0, result.exitCode());
    }
  }

  @Test
  void whatCannotBeReadIsReportedAndTheRestIsDone() throws Exception {
    Path good = write("good");
    Path bad = write("bad");
    Path hidden = write("locked/file");
    Path locked = hidden.getParent();
    Files.setPosixFilePermissions(bad, Set.of());
    Files.setPosixFilePermissions(locked, Set.of());
    Cli.Result result = Cli.piped().run("checksum", dir.toString());
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    if (Files.isReadable(bad)) { // root may read everything
      assertEquals(List.of(line(bad), line(good), line(hidden)), result.outLines());
      assertEquals(0, result.exitCode());
      return;
    }
    assertEquals(List.of(line(good)), result.outLines());
    assertTrue(
        result
            .err()
            .endsWith(
                "gather: "
                    + locked
                    + ": permission denied\ngather: "
                    + bad
                    + ": permission denied\n"),
        result.err());
    assertEquals(1, result.exitCode());
  }

  @Test
  void aFileThatFailsToReadIsReportedForRootToo() throws Exception {
    // Reading this one at its start is an error for everybody.
    Path failing = Path.of("/proc/self/mem");
    assumeTrue(Files.isReadable(failing), "Linux only");
    Path good = write("good");
    Cli.Result result =
        Cli.piped().run("checksum", good.toString(), failing.toString(), good.toString());
    assertEquals(List.of(line(good), line(good)), result.outLines());
    assertTrue(result.err().endsWith("gather: /proc/self/mem: input/output error\n"), result.err());
    assertEquals(1, result.exitCode());
  }
}
