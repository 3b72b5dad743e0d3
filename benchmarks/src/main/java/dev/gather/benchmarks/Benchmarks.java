package dev.gather.benchmarks;

import dev.gather.benchmarks.report.Report;
import dev.gather.benchmarks.run.Effort;
import dev.gather.benchmarks.run.JmhRun;
import dev.gather.benchmarks.run.Jvm;
import dev.gather.benchmarks.run.Pass;
import dev.gather.benchmarks.run.Plans;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures Gather beside its peers: {@code benchmarks/run short}. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    description = "Measures Gather beside its peers, and writes JSON, tables and charts.")
public final class Benchmarks {
  @Spec private CommandSpec spec;

  @Option(
      names = "--results",
      defaultValue = "${sys:benchmarks.results:-target/results}",
      description = "Where to write (default: ${DEFAULT-VALUE}).")
  private Path results;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }

  @Command(name = "short", description = "The budgets and their peers, in less than 10 minutes.")
  int brief(
      @Option(names = "-w", description = "Only these workloads.") List<String> workloads,
      @Option(names = "-c", description = "Only these contenders.") List<String> contenders)
      throws Exception {
    return measure("short", Plans.brief(), Effort.SHORT, workloads, contenders);
  }

  @Command(name = "full", description = "Every contender in every workload at every size.")
  int full(
      @Option(names = "-w", description = "Only these workloads.") List<String> workloads,
      @Option(names = "-c", description = "Only these contenders.") List<String> contenders)
      throws Exception {
    return measure("full", Plans.full(), Effort.FULL, workloads, contenders);
  }

  @Command(name = "report", description = "Makes tables and charts of JSON files again.")
  int report(@Parameters(arity = "1..*", description = "JSON files of JMH.") List<Path> files)
      throws Exception {
    for (Path file : files) {
      out().println(Report.write(file));
    }
    out().flush();
    return 0;
  }

  private int measure(
      String name, List<Pass> plan, Effort effort, List<String> workloads, List<String> contenders)
      throws Exception {
    JmhRun run = new JmhRun(effort);
    for (Pass pass : plan) {
      if (workloads == null || workloads.contains(pass.workload())) {
        run.measure(pass.only(contenders == null ? List.of() : contenders));
      }
    }
    Files.createDirectories(results);
    Path json = results.resolve(name + "-jdk" + Jvm.version() + ".json");
    run.writeJson(json);
    return report(List.of(json));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
