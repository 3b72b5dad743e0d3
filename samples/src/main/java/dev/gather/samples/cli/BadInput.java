package dev.gather.samples.cli;

/**
 * What the user asked for cannot be done, found out before anything was started. Its message is the
 * one line the user sees; the exit code is 2.
 */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadInput(String message) {
    super(message, null, false, false);
  }
}
