package dev.gather.benchmarks.report;

/** The little of Markdown that a report needs. */
final class Markdown {
  private Markdown() {}

  static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
