package dev.gather.verification;

import com.tngtech.archunit.core.importer.Location;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Where things are: the repository, and what of it is on the class path of the tests. */
public final class Project {
  private static final Path VERIFICATION = codeSource(Project.class).getParent().getParent();

  private Project() {}

  public static Path root() {
    return VERIFICATION.getParent();
  }

  public static Path verification() {
    return VERIFICATION;
  }

  public static List<Path> modules() {
    try (Stream<Path> directories = Files.list(root())) {
      return directories
          .filter(directory -> Files.exists(directory.resolve("pom.xml")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A directory of classes in the middle of a build, a jar once it has been packaged. */
  public static Path codeSource(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The same, for ArchUnit. */
  public static Location location(Path artifact) {
    return artifact.toString().endsWith(".jar")
        ? Location.of(URI.create("jar:" + artifact.toUri() + "!/"))
        : Location.of(artifact);
  }

  public static Path onClassPath(String jarNamePrefix) {
    List<Path> found =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(path -> path.getFileName().toString().startsWith(jarNamePrefix))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError("expected one " + jarNamePrefix + "*, but found " + found);
    }
    return found.get(0);
  }

  public static List<Path> files(Path directory, String suffix) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(suffix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String text(Path file) {
    try {
      return Files.readString(file).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
