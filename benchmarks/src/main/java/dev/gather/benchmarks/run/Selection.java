package dev.gather.benchmarks.run;

import java.util.List;
import picocli.CommandLine.Option;

/** A part of a plan. */
public final class Selection {
  @Option(names = "-w", paramLabel = "WORKLOAD", description = "Only this workload.")
  private List<String> workloads = List.of();

  @Option(names = "-c", paramLabel = "CONTENDER", description = "Only this contender.")
  private List<String> contenders = List.of();

  @Option(names = "-n", paramLabel = "TASKS", description = "With this number of tasks.")
  private List<Integer> sizes = List.of();

  public boolean isEverything() {
    return workloads.isEmpty() && contenders.isEmpty() && sizes.isEmpty();
  }

  /** Whether something of this is wanted. */
  public boolean has(String workload, String contender, int n) {
    return isWanted(workload)
        && (contenders.isEmpty() || contenders.contains(contender))
        && (sizes.isEmpty() || sizes.contains(n));
  }

  public Plan of(Plan plan) {
    boolean noPython = !contenders.isEmpty() && !contenders.contains(Python.CONTENDER);
    return new Plan(
        chosen(plan.jmh()),
        plan.effort(),
        chosen(plan.heartbeats()),
        noPython ? List.of() : passes(plan.python()));
  }

  private List<Pass> chosen(List<Pass> all) {
    if (contenders.equals(List.of(Python.CONTENDER))) {
      return List.of();
    }
    return passes(all).stream()
        .map(pass -> contenders.isEmpty() ? pass : pass.only(contenders))
        .toList();
  }

  private List<Pass> passes(List<Pass> all) {
    return all.stream()
        .filter(pass -> isWanted(pass.workload()))
        .map(pass -> sizes.isEmpty() ? pass : pass.n(sizes.toArray(Integer[]::new)))
        .distinct()
        .toList();
  }

  private boolean isWanted(String workload) {
    return workloads.isEmpty() || workloads.contains(workload);
  }
}
