package dev.gather.benchmarks.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Computing;
import dev.gather.benchmarks.suspending.Contender;
import dev.gather.benchmarks.suspending.Heartbeat;
import dev.gather.benchmarks.workloads.Item;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.openjdk.jmh.util.ListStatistics;

/**
 * How long other coroutines wait for their turn on the default dispatcher beside many bodies that
 * compute for 10 µs each. In this JVM and not by JMH, which would wait for one before it sends the
 * next.
 */
final class Fairness {
  static final String WORKLOAD = "Heartbeat";

  private static final String ALONE = "alone";
  private static final int MICROS = 10;
  private static final int WARMUP = 10;
  private static final long ALONE_MILLIS = 2_000;

  private Fairness() {}

  static void measure(Pass pass, Results results) {
    pass.params().get("n").forEach(n -> measure(pass, n, results));
  }

  private static void measure(Pass pass, int n, Results results) {
    List<Item> items = IntStream.range(0, n).mapToObj(Item::new).toList();
    Body body = new Computing(MICROS);
    if (pass.isWanted(ALONE)) {
      add(results, ALONE, n, Heartbeat.waitsAlone(ALONE_MILLIS));
    }
    for (Contender contender : Contender.values()) {
      String name = contender.name().toLowerCase(Locale.ROOT);
      if (pass.isWanted(name)) {
        System.out.println("# Heartbeats beside " + name + ", n = " + n);
        Heartbeat.waitsBeside(contender, items.subList(0, Math.max(1, n / WARMUP)), body);
        add(results, name, n, Heartbeat.waitsBeside(contender, items, body));
      }
    }
  }

  /** A row as JMH writes it for a distribution. */
  private static void add(Results results, String contender, int n, double[] nanos) {
    ListStatistics statistics = new ListStatistics(nanos);
    ObjectNode row = results.add(Fairness.class.getPackageName(), WORKLOAD, contender);
    row.put("mode", "sample");
    row.putObject("params").put("n", Integer.toString(n));
    ObjectNode metric = row.putObject("primaryMetric");
    metric.put("score", statistics.getMean());
    metric.put("scoreUnit", "ns/op");
    ObjectNode percentiles = metric.putObject("scorePercentiles");
    for (double rank : new double[] {0, 50, 90, 99, 99.9, 100}) {
      percentiles.put(Double.toString(rank), statistics.getPercentile(rank));
    }
  }
}
