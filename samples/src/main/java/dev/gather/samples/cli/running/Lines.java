package dev.gather.samples.cli.running;

import dev.gather.samples.cli.shell.Shell;

/** Progress where nothing can be drawn: a plain line for every {@code step}th end. */
final class Lines implements ProgressView {
  private final Shell shell;
  private final int total;
  private final int step;
  private int ended; // guarded by this

  Lines(Shell shell, int total, int step) {
    this.shell = shell;
    this.total = total;
    this.step = step;
  }

  @Override
  public synchronized void ended(boolean good, String line) {
    ended++;
    if (ended % step == 0 || ended == total) {
      shell.err().println("[" + ended + "/" + total + "] " + line);
    }
  }

  @Override
  public void close() {}
}
