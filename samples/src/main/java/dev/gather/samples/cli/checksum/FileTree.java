package dev.gather.samples.cli.checksum;

import dev.gather.samples.cli.words.Reasons;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The regular files below a directory, in the byte order of their paths. Symbolic links are not
 * followed, as with {@code find DIR -type f}; only the starting point may be one.
 *
 * @param files sorted
 * @param problems directories that could not be read, in words
 */
record FileTree(List<Path> files, List<String> problems) {

  static FileTree below(Path start) {
    List<Path> files = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try {
      Path root = Files.isSymbolicLink(start) ? start.toRealPath() : start;
      Files.walkFileTree(root, new Visitor(start, root, files, problems));
    } catch (IOException e) {
      problems.add(problem(start, e));
    }
    files.sort(null); // paths compare by bytes where paths are bytes
    return new FileTree(files, problems);
  }

  static String problem(Path path, Throwable e) {
    return Sha256Lines.escaped(path.toString()) + ": " + Reasons.of(e);
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path start;
    private final Path root;
    private final List<Path> files;
    private final List<String> problems;

    Visitor(Path start, Path root, List<Path> files, List<String> problems) {
      this.start = start;
      this.root = root;
      this.files = files;
      this.problems = problems;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files.add(asGiven(file));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      problems.add(problem(asGiven(file), e));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException e) {
      if (e != null) {
        problems.add(problem(asGiven(directory), e));
      }
      return FileVisitResult.CONTINUE;
    }

    /** Under the name that the user gave, not under what a link points to. */
    private Path asGiven(Path path) {
      return root == start ? path : start.resolve(root.relativize(path));
    }
  }
}
