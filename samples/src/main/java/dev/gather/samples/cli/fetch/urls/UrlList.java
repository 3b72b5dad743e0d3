package dev.gather.samples.cli.fetch.urls;

import dev.gather.samples.cli.shell.BadInput;
import dev.gather.samples.cli.shell.Shell;
import dev.gather.samples.cli.words.Reasons;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The URLs to fetch, from the command line, files and standard input, in the order given. Two that
 * ask for the same thing are equal: fragments, which no server sees, are dropped.
 */
public final class UrlList {
  /** As a file name, and as an argument. */
  private static final String STANDARD_INPUT = "-";

  private final Shell shell;
  private final List<URI> urls = new ArrayList<>();
  private final List<String> sources = new ArrayList<>();

  private UrlList(Shell shell) {
    this.shell = shell;
  }

  /**
   * Reads and checks all of them.
   *
   * @throws BadInput for the first that cannot be read or fetched
   */
  public static List<URI> read(Shell shell, List<String> arguments, List<String> files) {
    UrlList list = new UrlList(shell);
    for (String argument : arguments) {
      if (argument.equals(STANDARD_INPUT)) {
        list.addFile(STANDARD_INPUT);
      } else {
        list.urls.add(parse(argument, ""));
      }
    }
    files.forEach(list::addFile);
    if (arguments.isEmpty() && files.isEmpty()) {
      if (shell.inIsTerminal()) {
        throw new BadInput("no URL given: name some, or use --file, standard input or --demo");
      }
      list.addFile(STANDARD_INPUT);
    }
    if (list.urls.isEmpty()) {
      throw new BadInput("no URL in " + String.join(", ", list.sources));
    }
    return List.copyOf(list.urls);
  }

  private void addFile(String file) {
    boolean standardInput = file.equals(STANDARD_INPUT);
    String source = standardInput ? "standard input" : "'" + file + "'";
    sources.add(source);
    // Standard input is not ours to close.
    try {
      if (standardInput) {
        addLines(source, shell.in());
      } else {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
          addLines(source, in);
        }
      }
    } catch (MalformedInputException e) {
      throw new BadInput("cannot read " + source + ": it is not text in UTF-8");
    } catch (InvalidPathException | IOException e) {
      throw new BadInput("cannot read " + source + ": " + Reasons.of(e));
    }
  }

  private void addLines(String source, InputStream in) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        urls.add(parse(text, " in " + source + ", line " + number));
      }
    }
  }

  private static URI parse(String text, String where) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw malformed(text, where, decapitalised(e.getReason()) + position(e));
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw malformed(text, where, "it has to start with http:// or https://");
    }
    if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
      throw malformed(
          text, where, uri.getHost() == null ? "it names no host" : "there is no such port");
    }
    String ascii = uri.toASCIIString();
    int fragment = ascii.indexOf('#');
    return URI.create(fragment < 0 ? ascii : ascii.substring(0, fragment));
  }

  private static BadInput malformed(String text, String where, String why) {
    return new BadInput("malformed URL '" + text + "'" + where + ": " + why);
  }

  private static String position(URISyntaxException e) {
    return e.getIndex() < 0 ? "" : " at position " + (e.getIndex() + 1);
  }

  private static String decapitalised(String text) {
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
