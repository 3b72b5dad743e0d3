package dev.gather.benchmarks;

import dev.gather.benchmarks.paired.Pairing;
import dev.gather.benchmarks.paired.PairingJvm;
import dev.gather.benchmarks.paired.Pairs;
import dev.gather.benchmarks.report.Budget;
import dev.gather.benchmarks.report.Budgets;
import dev.gather.benchmarks.report.PairedReport;
import dev.gather.benchmarks.report.Report;
import dev.gather.benchmarks.run.Jvm;
import dev.gather.benchmarks.run.Plan;
import dev.gather.benchmarks.run.Plans;
import dev.gather.benchmarks.run.Selection;
import dev.gather.benchmarks.run.Session;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures Gather beside its peers. */
@Command(
    name = "benchmarks/run",
    description = "Measures Gather beside its peers; writes JSON, tables and charts.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Benchmarks {
  /** The directory of this module; the launcher says where it is. */
  private static final Path HOME = Path.of(System.getProperty("benchmarks.home", "benchmarks"));

  private static final Path RESULTS = HOME.resolve("target/results");
  private static final Path PYTHON = HOME.resolve("python/gather_bench.py");

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }

  @Command(
      description = "What has a budget: Gather and its peer in one JVM, in turn. Some minutes.",
      mixinStandardHelpOptions = true)
  int paired(
      @Mixin Selection selection,
      @Option(
              names = "--seconds",
              paramLabel = "SECONDS",
              defaultValue = "8",
              description = "How long each pair is measured, in two JVMs, each after half of that.")
          int seconds)
      throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PairedReport report = new PairedReport("Gather ÷ the other, JDK " + Runtime.version());
    Path page = RESULTS.resolve("paired-jdk" + Jvm.version() + ".md");
    for (Budget budget : Budgets.ALL) {
      if (selection.has(budget.workload(), budget.peer(), budget.n())
          && Pairing.isThere(budget.workload(), budget.peer())) {
        Duration measured = Duration.ofSeconds(seconds);
        Pairs pairs =
            PairingJvm.measure(
                budget.workload(), budget.n(), budget.peer(), measured.dividedBy(2), measured);
        out.print(report.add(budget, pairs));
        out.flush();
        report.write(page);
      }
    }
    out.println("\n" + report.text() + "\nwritten to " + page.toAbsolutePath());
    out.flush();
    return 0;
  }

  @Command(
      name = "short",
      description = "Who is compared with most, by JMH, in less than 10 minutes.",
      mixinStandardHelpOptions = true)
  int brief(@Mixin Selection selection) throws Exception {
    return measure("short", Plans.brief(), selection);
  }

  @Command(
      description = "Everybody in everything at every size, in some hours.",
      mixinStandardHelpOptions = true)
  int full(@Mixin Selection selection) throws Exception {
    return measure("full", Plans.full(), selection);
  }

  @Command(
      description = "Makes tables and charts of results that are there.",
      mixinStandardHelpOptions = true)
  int report(@Parameters(arity = "1..*", paramLabel = "JSON") List<Path> files) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    for (Path file : files) {
      Path page = Report.write(file);
      out.println(Files.readString(page));
      out.println("written to " + page.toAbsolutePath().getParent());
    }
    out.flush();
    return 0;
  }

  private int measure(String name, Plan plan, Selection selection) throws Exception {
    String part = selection.isEverything() ? "" : "-part";
    Path json = RESULTS.resolve(name + "-jdk" + Jvm.version() + part + ".json");
    new Session(json).measure(selection.of(plan), PYTHON);
    return report(List.of(json));
  }
}
