package dev.gather.samples.cli.fetch;

import dev.gather.samples.cli.fetch.download.OutDirectory;
import dev.gather.samples.cli.fetch.report.FetchJson;
import dev.gather.samples.cli.fetch.report.FetchReport;
import dev.gather.samples.cli.fetch.report.FetchRow;
import dev.gather.samples.cli.fetch.report.FetchTable;
import dev.gather.samples.cli.fetch.urls.DemoServer;
import dev.gather.samples.cli.fetch.urls.UrlList;
import dev.gather.samples.cli.shell.BadInput;
import dev.gather.samples.cli.shell.ExitCode;
import dev.gather.samples.cli.shell.Shell;
import dev.gather.samples.cli.words.Durations;
import dev.gather.samples.cli.words.Rate;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gather fetch}: what the user can say, checked, and handed to {@link Fetch}. */
@Command(
    name = "fetch",
    description = {
      "Download all URLs concurrently and report on each, in the order given.",
      "URLs come from the command line, from files, or, if neither is given, from standard input."
          + " A URL given twice is fetched once and reported in both places.",
      "",
      "Exit code: 0 if all were fetched, 1 if any failed, 2 for bad usage, 130 after Ctrl-C."
    },
    footer = {
      "",
      "Examples:",
      "  gather fetch --demo",
      "  gather fetch https://example.org/ https://example.com/",
      "  gather fetch --file urls.txt --limit 4 --timeout 5s --out pages",
      "  sed 's/^/https:/' hosts | gather fetch --deadline 1m --json",
      "  gather fetch --file urls.txt --per-host 4 --rate 20/s --as-completed",
      "  gather fetch --any https://mirror1.example/f https://mirror2.example/f --out pages"
    })
public final class FetchCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Short enough to see the endpoint that never answers time out. */
  private static final Duration DEMO_TIMEOUT = Duration.ofSeconds(2);

  private final Shell shell;

  @Parameters(paramLabel = "URL", arity = "0..*", description = "What to fetch; - reads a list.")
  private List<String> urls = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Read URLs from a file, one a line; # starts a comment, - is standard input.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      defaultValue = "16",
      description = "At most this many at a time (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "TIME",
      converter = Durations.class,
      description = "For each request, such as 500ms, 2s or 1m (default: 30s; 2s with --demo).")
  private @Nullable Duration timeout;

  @Option(
      names = {"-d", "--deadline"},
      paramLabel = "TIME",
      converter = Durations.class,
      description = "For the whole; what is finished by then is reported (default: none).")
  private @Nullable Duration deadline;

  @Option(
      names = "--per-host",
      paramLabel = "N",
      description = "At most this many at a time from each host (default: as many as --limit).")
  private @Nullable Integer perHost;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      converter = Rate.Converter.class,
      description =
          "At most this many requests to each host, evenly spaced, such as 20/s or 90/m (default:"
              + " no bound). One that waits for its host counts against --limit.")
  private @Nullable Rate rate;

  @Option(
      names = "--as-completed",
      description = "Print each result as soon as it is there, one a line.")
  private boolean asCompleted;

  @Option(
      names = "--any",
      description = "The URLs are mirrors: the first good answer is enough, and ends the others.")
  private boolean any;

  @Option(names = "--fail-fast", description = "Cancel the others as soon as one fails.")
  private boolean failFast;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description =
          "Keep the bodies in this directory, made if need be. No file that is there is touched,"
              + " and a body is written whole or not at all.")
  private @Nullable String out;

  @Option(names = "--json", description = "Report as JSON.")
  private boolean json;

  @Option(
      names = "--demo",
      description = "Start a small server in this program and fetch from it: needs no network.")
  private boolean demo;

  public FetchCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    checkOptions();
    if (!demo) {
      return fetch(UrlList.read(shell, urls, files), timeout == null ? TIMEOUT : timeout);
    }
    if (!urls.isEmpty() || !files.isEmpty()) {
      throw new BadInput("--demo brings its own URLs, so give no others");
    }
    try (DemoServer server = DemoServer.start()) {
      return fetch(server.urls(), timeout == null ? DEMO_TIMEOUT : timeout);
    }
  }

  private void checkOptions() {
    if (limit < 1) {
      throw new BadInput("--limit must be at least 1, but was " + limit);
    }
    if (perHost != null && perHost < 1) {
      throw new BadInput("--per-host must be at least 1, but was " + perHost);
    }
    if (rate != null && rate.perSecond() <= 0) {
      throw new BadInput("--rate must be more than zero");
    }
    if (any && (failFast || asCompleted)) {
      throw new BadInput(
          "--any wants one answer; it goes with neither --fail-fast nor --as-completed");
    }
    checkPositive("--timeout", timeout);
    checkPositive("--deadline", deadline);
  }

  private static void checkPositive(String option, @Nullable Duration duration) {
    if (duration != null && duration.isZero()) {
      throw new BadInput(option + " must be more than zero");
    }
  }

  private int fetch(List<URI> list, Duration each) {
    Map<URI, Path> kept = out == null ? Map.of() : OutDirectory.prepare(out, list);
    FetchOptions options =
        new FetchOptions(limit, each, deadline, failFast, any, perHost, rate, kept);
    Fetch fetch = new Fetch(list, options);
    try {
      boolean isWell =
          asCompleted
              ? fetch.runAsCompleted(this::print, this::printSummary)
              : fetch.run(shell, this::print);
      return isWell ? ExitCode.OK : ExitCode.SOME_FAILED;
    } catch (CancellationException ctrlC) {
      return ExitCode.INTERRUPTED;
    }
  }

  private void print(FetchReport report) {
    PrintStream to = shell.out();
    if (json) {
      to.println(FetchJson.of(report));
    } else {
      new FetchTable(report, shell.width(), shell.colourOut()).lines().forEach(to::println);
    }
    to.flush();
  }

  private void print(FetchRow row) {
    shell.out().println(json ? FetchJson.line(row) : row.line());
    shell.out().flush(); // whoever reads it wants it now
  }

  private void printSummary(FetchReport report) {
    (json ? shell.err() : shell.out()).println(report.summary());
    shell.out().flush();
  }
}
