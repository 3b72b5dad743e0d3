package dev.gather.samples.cli.running;

import dev.gather.samples.cli.shell.Shell;

/** Which {@link ProgressView} is right where standard error goes. */
public final class ProgressViews {
  private ProgressViews() {}

  /** The bar on a terminal, one line for each end elsewhere. */
  public static ProgressView eachLine(Shell shell, String what, int total) {
    return shell.errIsTerminal() ? new Bar(shell, what, total) : new Lines(shell, total, 1);
  }

  /** The bar on a terminal, about ten lines elsewhere. */
  public static ProgressView someLines(Shell shell, String what, int total) {
    return shell.errIsTerminal()
        ? new Bar(shell, what, total)
        : new Lines(shell, total, Math.max(1, (total + 9) / 10));
  }
}
