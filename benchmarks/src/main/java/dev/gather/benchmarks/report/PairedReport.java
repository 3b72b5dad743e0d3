package dev.gather.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gather.benchmarks.paired.Pairs;
import dev.gather.benchmarks.paired.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured in pairs, and what was kept of the budgets. */
public final class PairedReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HEAD =
      Markdown.row(
              "work",
              "against",
              "time ≤",
              "is",
              "middle half",
              "gather",
              "other",
              "bytes ≤",
              "is",
              "gather",
              "")
          + "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|\n";

  private final String title;
  private final Map<Budget, Pairs> measured = new LinkedHashMap<>();

  /**
   * @param title what it was measured on
   */
  public PairedReport(String title) {
    this.title = title;
  }

  /**
   * @return the line of the table
   */
  public String add(Budget budget, Pairs pairs) {
    measured.put(budget, pairs);
    return row(budget, pairs);
  }

  /** Writes the table, and every turn as JSON beside it. */
  public void write(Path page) throws IOException {
    Files.createDirectories(page.toAbsolutePath().getParent());
    String name = page.getFileName().toString().replaceFirst("\\.md$", ".json");
    JSON.writeValue(page.resolveSibling(name).toFile(), measured.values());
    Files.writeString(page, text());
  }

  /** The page: how each budget was kept. */
  public String text() {
    StringBuilder text = new StringBuilder("# " + title + "\n\n" + HEAD);
    measured.forEach((budget, pairs) -> text.append(row(budget, pairs)));
    return text.toString();
  }

  private static String row(Budget budget, Pairs pairs) {
    Subject subject = Subject.of(budget.workload());
    double divisor = subject.divisor(budget.n());
    boolean hasBytes = subject.hasBytes();
    return Markdown.row(
        subject.title() + ", n = " + Numbers.count(budget.n()),
        budget.peer(),
        Numbers.ratio(budget.time()),
        Numbers.ratio(pairs.time()),
        Numbers.ratio(pairs.time(0.25)) + "–" + Numbers.ratio(pairs.time(0.75)),
        Numbers.time(median(pairs, Turn::nanos) / divisor),
        Numbers.time(median(pairs, Turn::peerNanos) / divisor),
        Numbers.ratio(budget.bytes()),
        hasBytes ? Numbers.ratio(pairs.bytes()) : Numbers.NONE,
        hasBytes ? Numbers.bytes(median(pairs, Turn::bytes) / divisor) : Numbers.NONE,
        budget.isMet(pairs) ? "met" : "**missed**");
  }

  private static double median(Pairs pairs, ToDoubleFunction<Turn> of) {
    return pairs.quantile(0.5, of);
  }
}
