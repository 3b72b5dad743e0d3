package dev.gather.samples.cli;

/** What the program tells its caller. */
final class ExitCode {
  static final int OK = 0;
  static final int SOME_FAILED = 1;
  static final int BAD_USAGE = 2;

  /** 128 + SIGINT, as shells have it and as the JVM exits by itself. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
