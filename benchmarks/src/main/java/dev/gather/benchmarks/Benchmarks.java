package dev.gather.benchmarks;

import dev.gather.benchmarks.report.Report;
import dev.gather.benchmarks.run.Effort;
import dev.gather.benchmarks.run.JmhRun;
import dev.gather.benchmarks.run.Jvm;
import dev.gather.benchmarks.run.Pass;
import dev.gather.benchmarks.run.Plans;
import dev.gather.benchmarks.run.Selection;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures Gather beside its peers. */
@Command(
    name = "benchmarks/run",
    description = "Measures Gather beside its peers; writes JSON, tables and charts.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Benchmarks {
  /** Where everything is written; the launcher says where that is. */
  private final Path results = Path.of(System.getProperty("benchmarks.results", "target/results"));

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }

  @Command(
      name = "short",
      description = "What has a budget, in less than 10 minutes.",
      mixinStandardHelpOptions = true)
  int brief(@Mixin Selection selection) throws Exception {
    return measure("short", Plans.brief(), Effort.SHORT, selection);
  }

  @Command(
      description = "Everybody in everything at every size, in some hours.",
      mixinStandardHelpOptions = true)
  int full(@Mixin Selection selection) throws Exception {
    return measure("full", Plans.full(), Effort.FULL, selection);
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

  private int measure(String name, List<Pass> plan, Effort effort, Selection selection)
      throws Exception {
    String part = selection.isEmpty() ? "" : "-part";
    Path json = results.resolve(name + "-jdk" + Jvm.version() + part + ".json");
    Files.createDirectories(results);
    JmhRun run = new JmhRun(effort);
    for (Pass pass : selection.of(plan)) {
      run.measure(pass);
      run.writeJson(json); // after each, so that a run that is stopped was not for nothing
    }
    return report(List.of(json));
  }
}
