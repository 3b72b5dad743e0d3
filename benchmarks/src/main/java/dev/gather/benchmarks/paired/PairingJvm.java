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
 * JVMs for one workload and one peer: what the compiler has learned from others is not in there. In
 * one of the two Gather is the first that it sees, in the other the peer.
 */
public final class PairingJvm {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PairingJvm() {}

  /** {@code workload n peer is-first warmup-millis millis file}. */
  public static void main(String[] args) throws Exception {
    Pairs pairs =
        Pairing.measure(
            args[0],
            Integer.parseInt(args[1]),
            args[2],
            Boolean.parseBoolean(args[3]),
            millis(args[4]),
            millis(args[5]));
    JSON.writeValue(Path.of(args[6]).toFile(), pairs);
    System.exit(0); // a peer may keep threads
  }

  /** Measures in two JVMs, half of the time in each. */
  public static Pairs measure(
      String workload, int n, String peer, Duration warmup, Duration measured)
      throws IOException, InterruptedException {
    List<Turn> turns = new ArrayList<>();
    for (boolean isFirst : List.of(true, false)) {
      Duration half = measured.dividedBy(2);
      turns.addAll(measureOnce(workload, n, peer, isFirst, warmup, half).turns());
    }
    return new Pairs(workload, n, peer, List.copyOf(turns));
  }

  /** Measures in one. */
  static Pairs measureOnce(
      String workload, int n, String peer, boolean isFirst, Duration warmup, Duration measured)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("pairs", ".json");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(Jvm.arguments());
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(PairingJvm.class.getName());
      command.addAll(List.of(workload, Integer.toString(n), peer, Boolean.toString(isFirst)));
      command.addAll(List.of("" + warmup.toMillis(), "" + measured.toMillis(), file.toString()));
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IOException(workload + " beside " + peer + " ended with " + exit);
      }
      return JSON.readValue(file.toFile(), Pairs.class);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }
}
