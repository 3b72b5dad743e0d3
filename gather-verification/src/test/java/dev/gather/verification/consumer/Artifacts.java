package dev.gather.verification.consumer;

import dev.gather.Outcome;
import dev.gather.coroutines.GatherKt;
import dev.gather.future.Gather;
import dev.gather.verification.Project;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kotlin.KotlinVersion;
import kotlinx.coroutines.Job;
import org.jspecify.annotations.Nullable;

/** What a user would have on a path, each a jar or a directory of classes. */
final class Artifacts {
  static final Path API = Project.codeSource(Outcome.class);
  static final Path FACADE = Project.codeSource(Gather.class);
  static final Path ENGINE = Project.codeSource(GatherKt.class);
  static final Path JSPECIFY = Project.codeSource(Nullable.class);

  static final List<Path> COMPILE = List.of(API, FACADE, JSPECIFY);
  static final List<Path> KOTLIN =
      List.of(Project.codeSource(KotlinVersion.class), Project.codeSource(Job.class));
  static final List<Path> FLOOR = floor();

  private Artifacts() {}

  static List<Path> path(List<Path> first, List<Path> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  static String join(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static List<Path> floor() {
    List<Path> jars = Project.files(Project.verification().resolve("target/floor"), ".jar");
    if (jars.size() != 2) {
      throw new AssertionError(
          "the build of this module brings the oldest Kotlin and coroutines into target/floor,"
              + " but found "
              + jars);
    }
    return jars;
  }
}
