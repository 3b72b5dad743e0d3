package dev.gather.benchmarks.paired;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gather.benchmarks.run.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM for one workload and one peer: what the compiler has learned from others is not in there.
 */
public final class PairingJvm {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PairingJvm() {}

  /** {@code workload n peer warmup-seconds seconds file}. */
  public static void main(String[] args) throws Exception {
    Pairs pairs =
        Pairing.measure(
            args[0], Integer.parseInt(args[1]), args[2], seconds(args[3]), seconds(args[4]));
    JSON.writeValue(Path.of(args[5]).toFile(), pairs);
    System.exit(0); // a peer may keep threads
  }

  /** Measures in a JVM of its own. */
  public static Pairs measure(
      String workload, int n, String peer, Duration warmup, Duration measured)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("pairs", ".json");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(Jvm.arguments());
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(PairingJvm.class.getName());
      command.addAll(List.of(workload, Integer.toString(n), peer));
      command.addAll(List.of("" + warmup.toSeconds(), "" + measured.toSeconds(), file.toString()));
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IOException(workload + " beside " + peer + " ended with " + exit);
      }
      return JSON.readValue(file.toFile(), Pairs.class);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Duration seconds(String text) {
    return Duration.ofSeconds(Long.parseLong(text));
  }
}
