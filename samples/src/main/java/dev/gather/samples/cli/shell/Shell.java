package dev.gather.samples.cli.shell;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * What surrounds the program: its three streams, which of them are a terminal, how wide that is and
 * whether it may be coloured.
 *
 * @param in standard input
 * @param out results only, so that they can be piped on
 * @param err progress and problems
 * @param inIsTerminal whether somebody types
 * @param outIsTerminal whether a person reads the results
 * @param errIsTerminal whether a person watches the progress
 * @param width columns of the terminal, or of a table that goes elsewhere
 * @param colour whether the user lets us colour what goes to a terminal
 */
public record Shell(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal,
    int width,
    boolean colour) {

  private static final int DEFAULT_WIDTH = 100;
  private static final int MIN_WIDTH = 20;

  /** The real one. */
  public static Shell ofProcess() {
    Map<String, String> env = System.getenv();
    boolean console = System.console() != null;
    return new Shell(
        System.in,
        System.out,
        System.err,
        told("gather.terminal.in", console),
        told("gather.terminal.out", console),
        told("gather.terminal.err", console),
        width(System.getProperty("gather.terminal.width", env.getOrDefault("COLUMNS", ""))),
        !env.containsKey("NO_COLOR") && !"dumb".equals(env.get("TERM")));
  }

  public boolean colourOut() {
    return colour && outIsTerminal;
  }

  public boolean colourErr() {
    return colour && errIsTerminal;
  }

  /** Whether block characters reach the screen as such, which they do not in the C locale. */
  public boolean drawsBlocks() {
    return Charset.defaultCharset().newEncoder().canEncode('█');
  }

  /** Java 17 cannot ask for one stream: System.console() wants both. The launcher can. */
  private static boolean told(String property, boolean otherwise) {
    String value = System.getProperty(property, "");
    return value.isEmpty() ? otherwise : Boolean.parseBoolean(value);
  }

  private static int width(String text) {
    try {
      int columns = Integer.parseInt(text.trim());
      return columns > 0 ? Math.max(columns, MIN_WIDTH) : DEFAULT_WIDTH;
    } catch (NumberFormatException notTold) {
      return DEFAULT_WIDTH;
    }
  }
}
