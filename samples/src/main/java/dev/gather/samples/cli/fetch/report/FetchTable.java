package dev.gather.samples.cli.fetch.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A {@link FetchReport} for people: columns in a fixed width, one line for each URL. */
public final class FetchTable {
  private static final int MIN_URL = 24;
  private static final int MAX_FILE = 30;
  private static final String GAP = "  ";

  private final FetchReport report;
  private final int width;
  private final boolean colour;

  public FetchTable(FetchReport report, int width, boolean colour) {
    this.report = report;
    this.width = width;
    this.colour = colour;
  }

  public List<String> lines() {
    boolean files = report.rows().stream().anyMatch(row -> row.file() != null);
    int status = widest("STATUS", FetchTable::status);
    int bytes = widest("BYTES", FetchTable::bytes);
    int millis = widest("MS", FetchTable::millis);
    int file = files ? Math.min(MAX_FILE, widest("FILE", FetchTable::file)) : 0;
    int error = widest("ERROR", FetchTable::error);
    int others =
        status + bytes + millis + error + (files ? file + GAP.length() : 0) + 4 * GAP.length();
    int url = Math.min(widest("URL", FetchTable::url), Math.max(MIN_URL, width - others));

    List<String> lines = new ArrayList<>();
    lines.add(
        (left("URL", url) + GAP + right("STATUS", status) + GAP + right("BYTES", bytes) + GAP)
            + (right("MS", millis) + GAP + (files ? left("FILE", file) + GAP : "") + "ERROR"));
    for (FetchRow row : report.rows()) {
      String line =
          left(middle(url(row), url), url)
              + GAP
              + painted(row, right(status(row), status))
              + GAP
              + right(bytes(row), bytes)
              + GAP
              + right(millis(row), millis)
              + GAP
              + (files ? left(middle(file(row), file), file) + GAP : "")
              + painted(row, error(row));
      lines.add(line.stripTrailing());
    }
    lines.add("");
    lines.add(report.summary());
    return lines;
  }

  /** Cuts the middle out, since both ends of a URL tell most. */
  static String middle(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    String dots = "...";
    int head = (width - dots.length() + 1) / 2;
    int tail = width - dots.length() - head;
    return text.substring(0, head) + dots + text.substring(text.length() - tail);
  }

  private int widest(String title, Function<FetchRow, String> column) {
    return Math.max(
        title.length(),
        report.rows().stream().mapToInt(row -> column.apply(row).length()).max().orElse(0));
  }

  private static String url(FetchRow row) {
    return row.url().toString();
  }

  private static String status(FetchRow row) {
    return row.status() == 0 ? "-" : Integer.toString(row.status());
  }

  private static String bytes(FetchRow row) {
    return row.status() == 0 ? "-" : Long.toString(row.bytes());
  }

  private static String millis(FetchRow row) {
    return Long.toString(row.elapsed().toMillis());
  }

  private static String file(FetchRow row) {
    return row.file() == null ? "" : row.file().getFileName().toString();
  }

  private static String error(FetchRow row) {
    return row.error() == null ? "" : row.error();
  }

  private String painted(FetchRow row, String text) {
    if (!colour || text.isEmpty()) {
      return text;
    }
    String code =
        switch (row.state()) {
          case FETCHED -> "32";
          case FAILED -> "31";
          case CANCELLED -> "33";
        };
    return "\u001b[" + code + "m" + text + "\u001b[0m";
  }

  private static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
