package dev.gather.samples.cli.shell;

/**
 * What the user asked for cannot be done, found out before anything was started. Its message is the
 * one line the user sees; the exit code is 2.
 */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadInput(String message) {
    super(message, null, false, false);
  }
}
