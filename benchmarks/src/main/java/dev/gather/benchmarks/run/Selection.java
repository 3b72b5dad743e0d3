package dev.gather.benchmarks.run;

import java.util.List;
import picocli.CommandLine.Option;

/** A part of a plan. */
public final class Selection {
  @Option(names = "-w", paramLabel = "WORKLOAD", description = "Only this workload.")
  private List<String> workloads = List.of();

  @Option(names = "-c", paramLabel = "CONTENDER", description = "Only this contender.")
  private List<String> contenders = List.of();

  @Option(names = "-n", paramLabel = "TASKS", description = "This number of tasks.")
  private List<Integer> sizes = List.of();

  public boolean isEmpty() {
    return workloads.isEmpty() && contenders.isEmpty() && sizes.isEmpty();
  }

  public List<Pass> of(List<Pass> plan) {
    return plan.stream()
        .filter(pass -> workloads.isEmpty() || workloads.contains(pass.workload()))
        .map(
            pass ->
                contenders.isEmpty() ? pass : new Pass(pass.workload(), contenders, pass.params()))
        .map(pass -> sizes.isEmpty() ? pass : pass.n(sizes.toArray(Integer[]::new)))
        .distinct()
        .toList();
  }
}
