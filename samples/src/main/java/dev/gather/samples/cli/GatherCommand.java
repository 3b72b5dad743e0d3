package dev.gather.samples.cli;

import dev.gather.samples.cli.checksum.ChecksumCommand;
import dev.gather.samples.cli.fetch.FetchCommand;
import dev.gather.samples.cli.shell.BadInput;
import dev.gather.samples.cli.shell.ExitCode;
import dev.gather.samples.cli.shell.Shell;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code gather} command line program: many downloads or checksums at a time. */
@Command(
    name = "gather",
    description = "Do many things at a time, and report in order.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = GatherCommand.Version.class,
    subcommands = HelpCommand.class,
    synopsisSubcommandLabel = "COMMAND")
public final class GatherCommand implements Runnable {
  @Spec private CommandSpec spec;

  private GatherCommand() {}

  /**
   * The program.
   *
   * @param args see {@code gather --help}
   */
  public static void main(String[] args) {
    System.exit(run(Shell.ofProcess(), args));
  }

  /** The same without an end of the JVM. */
  static int run(Shell shell, String... args) {
    CommandLine command =
        new CommandLine(new GatherCommand())
            .addSubcommand(new FetchCommand(shell))
            .addSubcommand(new ChecksumCommand(shell));
    return command
        .setOut(new PrintWriter(shell.out(), true))
        .setErr(new PrintWriter(shell.err(), true))
        .setColorScheme(CommandLine.Help.defaultColorScheme(shell.colourOut() ? Ansi.ON : Ansi.OFF))
        .setUsageHelpWidth(Math.max(60, Math.min(shell.width(), 100)))
        .setParameterExceptionHandler(GatherCommand::badUsage)
        .setExecutionExceptionHandler(GatherCommand::problem)
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: fetch or checksum");
  }

  private static int badUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("gather: " + message(e));
    err.println("try '" + command.getCommandSpec().qualifiedName() + " --help'");
    return ExitCode.BAD_USAGE;
  }

  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && e.getCommandLine().getParent() == null
        && !unmatched.isUnknownOption()) {
      return "unknown command: '" + unmatched.getUnmatched().get(0) + "'";
    }
    String message = e.getMessage();
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private static int problem(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (e instanceof BadInput) {
      err.println("gather: " + e.getMessage());
      return ExitCode.BAD_USAGE;
    }
    err.println("gather: this is a bug in the program, please report it:");
    e.printStackTrace(err);
    return ExitCode.SOME_FAILED;
  }

  /** From the manifest, since the build knows it. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = GatherCommand.class.getPackage().getImplementationVersion();
      return new String[] {"gather " + (version == null ? "(not packaged)" : version)};
    }
  }
}
