package dev.gather.samples.cli.checksum;

import dev.gather.Outcome;
import dev.gather.future.Gather;
import dev.gather.samples.cli.running.CtrlC;
import dev.gather.samples.cli.running.Ledger;
import dev.gather.samples.cli.running.ProgressView;
import dev.gather.samples.cli.running.ProgressViews;
import dev.gather.samples.cli.shell.BadInput;
import dev.gather.samples.cli.shell.ExitCode;
import dev.gather.samples.cli.shell.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gather checksum}: SHA-256 of every file below some directories. */
@Command(
    name = "checksum",
    description = {
      "Print the SHA-256 of every file below the directories, for 'sha256sum -c' to check.",
      "Files come in the byte order of their paths, directory by directory as given. Symbolic"
          + " links and special files are left out, as with 'find DIR -type f'. What cannot be"
          + " read is reported and the rest is done.",
      "",
      "Exit code: 0 if all were read, 1 if any failed, 2 for bad usage, 130 after Ctrl-C."
    },
    footer = {
      "",
      "Examples:",
      "  gather checksum photos > SHA256SUMS && sha256sum -c --quiet SHA256SUMS",
      "  gather checksum --limit 4 src docs"
    })
public final class ChecksumCommand implements Callable<Integer> {
  private static final int BUFFER = 128 * 1024;

  private final Shell shell;

  @Parameters(paramLabel = "DIR", arity = "1..*", description = "A directory, or one file.")
  private List<String> directories = new ArrayList<>();

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      description = "At most this many files at a time (default: the number of processors).")
  private int limit = Runtime.getRuntime().availableProcessors();

  public ChecksumCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new BadInput("--limit must be at least 1, but was " + limit);
    }
    List<Path> starts = directories.stream().map(ChecksumCommand::existing).toList();
    List<Path> files = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Path start : starts) {
      FileTree tree = FileTree.below(start);
      files.addAll(tree.files());
      problems.addAll(tree.problems());
    }
    try {
      print(files, checksums(files), problems);
    } catch (CancellationException ctrlC) {
      return ExitCode.INTERRUPTED;
    }
    problems.forEach(problem -> shell.err().println("gather: " + problem));
    return problems.isEmpty() ? ExitCode.OK : ExitCode.SOME_FAILED;
  }

  private List<Outcome<String>> checksums(List<Path> files) {
    ProgressView view = ProgressViews.someLines(shell, "checksum", files.size());
    Ledger ledger =
        new Ledger(
            files.size(),
            view,
            (index, outcome, elapsed) -> Sha256Lines.escaped("" + files.get(index)));
    Runnable atCtrlC =
        () -> {
          view.close();
          shell
              .err()
              .printf(
                  "gather: interrupted: %d of %d files had been read%n",
                  ledger.succeeded(), ledger.size());
        };
    try (CtrlC ctrlC = new CtrlC(atCtrlC)) {
      return ctrlC
          .cancels(
              Gather.each(files, ChecksumCommand::sha256).limit(limit).listener(ledger).settled())
          .join();
    } finally {
      view.close();
    }
  }

  /** All at the end: what looks like a list of all files is one. */
  private void print(List<Path> files, List<Outcome<String>> outcomes, List<String> problems) {
    PrintStream to = shell.out();
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      Outcome<String> outcome = outcomes.get(i);
      if (outcome instanceof Outcome.Success<String> success) {
        to.writeBytes(Sha256Lines.line(success.value(), file));
      } else if (outcome instanceof Outcome.Failure<String> failure) {
        problems.add(FileTree.problem(file, failure.cause()));
      }
    }
    to.flush();
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
    byte[] buffer = new byte[BUFFER];
    // A file channel underneath: an interrupt ends a read at once.
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Path existing(String directory) {
    try {
      Path path = Path.of(directory);
      if (Files.exists(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // then it is not there either
    }
    throw new BadInput("no such file or directory: '" + directory + "'");
  }
}
