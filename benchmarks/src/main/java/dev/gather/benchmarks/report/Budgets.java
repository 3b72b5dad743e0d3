package dev.gather.benchmarks.report;

import dev.gather.benchmarks.report.Budget.Key;
import java.util.ArrayList;
import java.util.List;

/** The budgets, and whether they were kept. */
final class Budgets {
  private static final double NONE = Double.NaN;
  private static final int MANY = 100_000;

  private Budgets() {}

  static List<Budget> all() {
    return List.of(
        against("raw", "NotSuspending", MANY, 0.25, 0.12),
        against("raw", "YieldingOnce", MANY, 0.6, 0.4),
        against("raw", "Delaying", MANY, 0.9, 0.5),
        against("arrow", "LimitedSuspending", MANY, 0.1, 0.1),
        against("invokeAllVirtual", "ShortCallables", MANY, 0.25, 0.2),
        against("structured", "ShortCallables", MANY, 0.25, 0.2),
        against("invokeAllVirtual", "SleepingCallables", 10_000, 0.9, 0.9),
        against("structured", "SleepingCallables", 10_000, 0.9, 0.9),
        against("allOf", "CompletedFutures", 1_000, 1.0, 1.0),
        against("allOf", "LaterFutures", 1_000, 1.2, 1.2),
        against("supplyAsync", "SmallJava", 3, 1.2, 2),
        against("raw", "SmallKotlin", 3, 0.9, 0.8),
        against("raw", "CancelSuspended", MANY, 0.8, NONE),
        new Budget(
            "1,000,000 tasks, each against one of 10,000",
            Key.of("NotSuspending", Tables.GATHER, 1_000_000),
            Key.of("NotSuspending", Tables.GATHER, 10_000),
            1.5,
            1.1));
  }

  static String table(List<Measurement> measurements) {
    StringBuilder text = new StringBuilder();
    text.append("| work | against | time: at most | is | bytes: at most | is | |\n");
    text.append("|---|---|---:|---:|---:|---:|---|\n");
    List<Budget> budgets = new ArrayList<>(all());
    budgets.forEach(budget -> text.append(row(budget, measurements)));
    return text.append('\n').toString();
  }

  private static Budget against(String peer, String workload, int n, double time, double bytes) {
    return new Budget(
        Subject.of(workload).title() + ", n = " + Numbers.count(n),
        Key.of(workload, Tables.GATHER, n),
        Key.of(workload, peer, n),
        time,
        bytes);
  }

  private static String row(Budget budget, List<Measurement> measurements) {
    Measurement gather = budget.gather().in(measurements);
    Measurement peer = budget.peer().in(measurements);
    boolean isThere = gather != null && peer != null;
    double time = isThere ? gather.nanos() / peer.nanos() : NONE;
    double bytes = isThere ? gather.bytes() / peer.bytes() : NONE;
    String verdict =
        !isThere
            ? "not measured"
            : time > budget.time() || bytes > budget.bytes() ? "**missed**" : "met";
    return "| "
        + String.join(
            " | ",
            budget.work(),
            budget.peer().contender(),
            Numbers.ratio(budget.time()),
            Numbers.ratio(time),
            Numbers.ratio(budget.bytes()),
            Numbers.ratio(bytes),
            verdict)
        + " |\n";
  }
}
