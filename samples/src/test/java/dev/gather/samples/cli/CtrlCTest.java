package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in a process of its own: SIGINT while one body is whole and another one half there. */
@Timeout(value = 90, threadMode = SEPARATE_THREAD)
class CtrlCTest {
  @TempDir private Path dir;
  private Path out;
  private TestServer server;
  private SilentServer half;
  private Process process;

  @BeforeEach
  void startServers() throws IOException {
    out = dir.resolve("out");
    server = new TestServer().on("/whole", 200, "whole");
    half = SilentServer.halfAnswers();
  }

  @AfterEach
  void stopAll() throws IOException {
    if (process != null) {
      process.destroyForcibly();
    }
    half.close();
    server.close();
  }

  private void start(String... args) throws IOException {
    List<String> command = new ArrayList<>(signalsAsInATerminal());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-Dgather.terminal.err=false", GatherCommand.class.getName()));
    command.addAll(List.of(args));
    process = new ProcessBuilder(command).redirectOutput(dir.resolve("stdout").toFile()).start();
  }

  /** A build in the background ignores SIGINT, and what it starts inherits that. */
  private static List<String> signalsAsInATerminal() throws IOException {
    List<String> reset = List.of("env", "--default-signal=INT");
    try {
      Process probe = new ProcessBuilder("env", "--default-signal=INT", "true").start();
      return probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0 ? reset : List.of();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Sends SIGINT when the program has said this line and the half body is on its way. */
  private void interruptAfter(String start) throws Exception {
    BufferedReader err = process.errorReader();
    String line = err.readLine();
    while (line != null && !line.startsWith(start)) {
      line = err.readLine();
    }
    assertTrue(line != null, "it has ended before it said " + start);
    half.asked().get(30, TimeUnit.SECONDS);
    awaitPart();
    Process kill = new ProcessBuilder("kill", "-INT", "" + process.pid()).start();
    assertTrue(kill.waitFor(10, TimeUnit.SECONDS));
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it goes at once");
  }

  /** The half-written file is there, hidden: the process is in the middle of the body. */
  private void awaitPart() throws Exception {
    try (var watch = out.getFileSystem().newWatchService()) {
      out.register(watch, java.nio.file.StandardWatchEventKinds.ENTRY_CREATE);
      while (files().stream().noneMatch(name -> name.endsWith(".part"))) {
        var key = watch.poll(30, TimeUnit.SECONDS);
        assertTrue(key != null, "no part file has come: " + files());
        key.pollEvents();
        key.reset();
      }
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void cancelsEverythingSaysWhatHadFinishedAndLeavesNoHalfWrittenFile() throws Exception {
    start(
        "fetch",
        "--limit",
        "2",
        "--out",
        out.toString(),
        server.url("/whole"),
        half.url("/half"),
        half.url("/never-started"));
    // One more has to wait for the slot of the half one, unless the whole one frees its own.
    interruptAfter("[1/3] " + server.url("/whole") + ": 200");
    half.awaitHangUp();
    List<String> lines = Files.readAllLines(dir.resolve("stdout"));
    assertEquals(130, process.exitValue());
    assertEquals(List.of("whole"), files());
    assertTrue(lines.get(1).matches(server.url("/whole") + " +200 +5 +\\d+ +whole"), lines.get(1));
    assertTrue(lines.get(2).matches(".*/half +- +- +\\d+ +cancelled: interrupted"), lines.get(2));
    assertTrue(lines.get(3).matches(".*/never-started .*: interrupted"), lines.get(3));
    String last = lines.get(lines.size() - 1);
    assertTrue(last.startsWith("interrupted: 1 of 3 fetched, 5 B in "), last);
  }

  @Test
  void saysItInJsonToo() throws Exception {
    start("fetch", "--json", "--out", out.toString(), server.url("/whole"), half.url("/half"));
    interruptAfter("[1/2] ");
    JsonNode root = new ObjectMapper().readTree(dir.resolve("stdout").toFile());
    assertEquals(130, process.exitValue());
    assertTrue(root.get("interrupted").asBoolean());
    assertEquals(1, root.get("fetched").asInt());
    assertEquals("cancelled", root.get("results").get(1).get("state").asText());
    assertEquals(List.of("whole"), files());
  }
}
