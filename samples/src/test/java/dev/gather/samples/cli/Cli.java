package dev.gather.samples.cli;

import dev.gather.samples.cli.shell.Shell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the program as a user would, with its streams at hand. */
record Cli(String stdin, boolean inIsTerminal, boolean outIsTerminal, boolean errIsTerminal) {

  /** What came of it. */
  record Result(int exitCode, byte[] outBytes, String err) {
    String out() {
      return new String(outBytes, StandardCharsets.UTF_8);
    }

    List<String> outLines() {
      return out().lines().toList();
    }

    List<String> errLines() {
      return err.lines().toList();
    }
  }

  static Cli piped() {
    return new Cli("", false, false, false);
  }

  static Cli onTerminal() {
    return new Cli("", true, true, true);
  }

  Cli typed(String text) {
    return new Cli(text, inIsTerminal, outIsTerminal, errIsTerminal);
  }

  Result run(String... args) {
    InputStream in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Shell shell =
        new Shell(
            in,
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            inIsTerminal,
            outIsTerminal,
            errIsTerminal,
            100,
            true);
    int exitCode = GatherCommand.run(shell, args);
    shell.out().flush();
    shell.err().flush();
    return new Result(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }
}
