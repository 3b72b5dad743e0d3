package dev.gather.samples.cli.running;

import dev.gather.samples.cli.shell.Shell;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress on a terminal: a live bar on the last line. */
final class Bar implements ProgressView {
  private static final int REDRAW_MILLIS = 100;

  private final ProgressBar bar;
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();

  Bar(Shell shell, String what, int total) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(total)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .continuousUpdate()
            .hideEta() // most of the time goes to the slowest, which is no matter of percentage
            .setStyle(style(shell))
            .setConsumer(new LastLine(shell.err(), shell.width()))
            .clearDisplayOnFinish()
            .build();
  }

  @Override
  public void ended(boolean good, String line) {
    if (!good) {
      bar.setExtraMessage(failed.incrementAndGet() + " failed");
    }
    bar.step();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      bar.close();
    }
  }

  private static ProgressBarStyle style(Shell shell) {
    if (!shell.drawsBlocks()) {
      return ProgressBarStyle.ASCII;
    }
    return shell.colourErr()
        ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK
        : ProgressBarStyle.UNICODE_BLOCK;
  }

  /**
   * Draws over one line. The library's own consumers open a JLine terminal, and that would take the
   * handling of Ctrl-C away from the JVM: no shutdown hook would run.
   */
  private record LastLine(PrintStream to, int width) implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return width - 3; // the terminal adds ^C when somebody presses that, and must not wrap
    }

    @Override
    public void accept(String drawing) {
      to.print('\r' + drawing);
      to.flush();
    }

    @Override
    public void clear() {
      to.print('\r' + " ".repeat(width - 1) + '\r');
    }

    @Override
    public void close() {
      to.flush();
    }
  }
}
