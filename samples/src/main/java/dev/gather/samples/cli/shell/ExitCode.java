package dev.gather.samples.cli.shell;

/** What the program tells its caller. */
public final class ExitCode {
  public static final int OK = 0;
  public static final int SOME_FAILED = 1;
  public static final int BAD_USAGE = 2;

  /** 128 + SIGINT, as shells have it and as the JVM exits by itself. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
