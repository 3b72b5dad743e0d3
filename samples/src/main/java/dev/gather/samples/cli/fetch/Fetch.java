package dev.gather.samples.cli.fetch;

import dev.gather.Completed;
import dev.gather.GatherException;
import dev.gather.Outcome;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.Task;
import dev.gather.samples.cli.fetch.download.Download;
import dev.gather.samples.cli.fetch.download.Downloader;
import dev.gather.samples.cli.fetch.report.FetchReport;
import dev.gather.samples.cli.fetch.report.FetchRow;
import dev.gather.samples.cli.running.CtrlC;
import dev.gather.samples.cli.running.Ledger;
import dev.gather.samples.cli.running.ProgressView;
import dev.gather.samples.cli.running.ProgressViews;
import dev.gather.samples.cli.shell.Shell;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Fetches a list of URLs concurrently: the part of the command that is about Gather. */
final class Fetch {
  /** A cancelled exchange ends at once; this is for an operating system that does not. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final List<URI> urls;
  private final FetchOptions options;
  private final Downloader downloader = new Downloader();
  private final Hosts hosts;
  private final Rows rows;

  /** Which was first, where one is enough. */
  private volatile int first;

  Fetch(List<URI> urls, FetchOptions options) {
    this.urls = urls;
    this.options = options;
    this.hosts = new Hosts(options.perHost(), options.rate());
    this.first = options.any() ? FetchReport.NONE : FetchReport.ALL;
    this.rows = new Rows(urls, options);
  }

  /**
   * Runs to the end.
   *
   * @param print gets the report, once: from this thread, or from another one after Ctrl-C
   * @return whether what was wanted is there
   * @throws java.util.concurrent.CancellationException after Ctrl-C
   */
  boolean run(Shell shell, Consumer<FetchReport> print) {
    long start = System.nanoTime();
    ProgressView view = ProgressViews.eachLine(shell, "fetch", urls.size());
    Ledger ledger =
        new Ledger(
            urls.size(),
            view,
            (index, outcome, elapsed) -> rows.of(index, outcome, elapsed).line());
    Runnable atCtrlC =
        () -> {
          downloader.discardUnfinished();
          view.close();
          print.accept(report(ledger, ledger::outcome, start, true));
        };
    try (CtrlC ctrlC = new CtrlC(atCtrlC)) {
      List<? extends Outcome<?>> outcomes = outcomes(ctrlC, ledger);
      view.close();
      FetchReport report = report(ledger, outcomes::get, start, false);
      print.accept(report);
      return report.isWell();
    } finally {
      view.close();
    }
  }

  /**
   * Runs to the end and prints each result when it is there.
   *
   * @param print gets each row, from this thread
   * @param summary gets the report at the end; from another thread after Ctrl-C
   * @return whether what was wanted is there
   * @throws java.util.concurrent.CancellationException after Ctrl-C
   */
  boolean runAsCompleted(Consumer<FetchRow> print, Consumer<FetchReport> summary) {
    long start = System.nanoTime();
    Ledger ledger = new Ledger(urls.size(), ProgressView.NONE, (index, outcome, elapsed) -> "");
    Runnable atCtrlC =
        () -> {
          downloader.discardUnfinished();
          summary.accept(report(ledger, ledger::outcome, start, true));
        };
    try (CtrlC ctrlC = new CtrlC(atCtrlC);
        Stream<Completed<Download>> results = ctrlC.closes(gather(ledger).stream())) {
      Iterator<Completed<Download>> each = results.iterator();
      boolean goOn = true;
      while (goOn && each.hasNext()) {
        Completed<Download> result = each.next();
        print.accept(rows.of((int) result.index(), result.outcome(), result.elapsed()));
        goOn = !(options.failFast() && !result.outcome().isSuccess());
      }
    }
    FetchReport report = report(ledger, ledger::outcome, start, false);
    summary.accept(report);
    return report.isWell();
  }

  private Gather<Download> gather(Ledger ledger) {
    Gather<Download> gather =
        Gather.of(tasks()).limit(options.limit()).grace(GRACE).listener(ledger);
    return options.deadline() == null ? gather : gather.timeout(options.deadline());
  }

  private List<? extends Outcome<?>> outcomes(CtrlC ctrlC, Ledger ledger) {
    Gather<Download> gather = gather(ledger);
    if (options.any()) {
      return first(ctrlC.cancels(gather.atLeast(1)), ledger);
    }
    if (!options.failFast()) {
      return ctrlC.cancels(gather.settled()).join();
    }
    GatherFuture<List<Download>> all = ctrlC.cancels(gather.all());
    return outcomes(() -> all.join().stream().map(Outcome.Success::new).toList());
  }

  private List<? extends Outcome<?>> first(
      GatherFuture<List<Completed<Download>>> any, Ledger ledger) {
    return outcomes(
        () -> {
          first = (int) any.join().get(0).index();
          return IntStream.range(0, urls.size()).mapToObj(ledger::outcome).toList();
        });
  }

  private static List<? extends Outcome<?>> outcomes(
      Supplier<List<? extends Outcome<?>>> whenAllIsWell) {
    try {
      return whenAllIsWell.get();
    } catch (GatherException oneFailedOrTheDeadlinePassed) {
      return oneFailedOrTheDeadlinePassed.outcomes();
    }
  }

  /** The same task in two places runs once, and its result stands in both. */
  private List<Task<Download>> tasks() {
    Map<URI, Task<Download>> byUrl = new HashMap<>();
    List<Task<Download>> tasks = new ArrayList<>();
    for (URI url : urls) {
      tasks.add(byUrl.computeIfAbsent(url, this::task));
    }
    return tasks;
  }

  private Task<Download> task(URI url) {
    Task<Download> request =
        Task.<Download>async(() -> downloader.fetch(url, options.files().get(url)))
            .timeout(options.timeout());
    return hosts.polite(url, request, GRACE).named(url.toString());
  }

  private FetchReport report(
      Ledger ledger, IntFunction<Outcome<?>> outcomes, long start, boolean interrupted) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new FetchReport(rows.all(outcomes, ledger::elapsed), took, interrupted, first);
  }
}
