package dev.gather.samples.cli.fetch.download;

import dev.gather.samples.cli.shell.BadInput;
import dev.gather.samples.cli.words.Reasons;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Where the bodies go. */
public final class OutDirectory {
  private OutDirectory() {}

  /**
   * Makes sure that the directory is there and can be written to, and gives every URL its file.
   *
   * @throws BadInput if it cannot be used
   */
  public static Map<URI, Path> prepare(String directory, List<URI> urls) {
    try {
      Path path = Path.of(directory);
      Files.createDirectories(path);
      // Trying is the only check that is right for every user, mount and access list.
      Path probe = path.resolve(".gather-" + UUID.randomUUID() + ".probe");
      Files.createFile(probe);
      Files.delete(probe);
      SafeNames names = new SafeNames();
      try (Stream<Path> present = Files.list(path)) {
        present.forEach(file -> names.take(file.getFileName().toString()));
      }
      Map<URI, Path> files = new HashMap<>();
      urls.forEach(url -> files.computeIfAbsent(url, u -> path.resolve(names.next(u))));
      return files;
    } catch (IOException | InvalidPathException e) {
      throw new BadInput("cannot write to directory '" + directory + "': " + Reasons.of(e));
    }
  }
}
