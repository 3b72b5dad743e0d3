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

  /** The oldest for the suspend door, which is what the engine asks for. */
  static final List<Path> FLOOR = kotlin("floor");

  /** The oldest for the Java door. */
  static final List<Path> JAVA_FLOOR = kotlin("java-floor");

  /** What the program in src/consumers/dashboard prints. */
  static final String DASHBOARD_PRINTS =
      """
      of: [a, b, null]
      each: [1, 4, 9]
      eachAsync: [-1, -2]
      started: [done]
      zip: 1b
      none: []
      combine: Page[user=User[name=Ada], orders=[tea, milk]]
      described: Gather[1 task, GatherOptions[limit=2]], KeyedGather[1 task, GatherOptions[limit=3]]
      described: Gather[1 task, GatherOptions[limit=4]]
      limit: [10, 20, 30, 40, 50, 60], 2 at a time, 6 ended
      progress: 6/6 done
      settled: Success[value=fine]
      settled: Failure[cause=java.io.IOException: no route]
      settled: Failure[cause=java.util.concurrent.TimeoutException: task[2] slow did not end within 50ms]
      failure: gather failed: task[1] orders of 2: java.io.IOException: no route
      failure: 1, orders, java.io.IOException: no route
      failure: [Cancelled[reason=OTHER_FAILED, started=true], Failure[cause=java.io.IOException: no route]]
      failure: gather failed: task[1] orders of 2: java.io.IOException: no route
      failure: 1, orders, java.io.IOException: no route
      failure: [Success[value=fine], Failure[cause=java.io.IOException: no route]]
      timeout: gather dashboard timed out after 50ms: 1/2 done; unfinished: task[1]
      timeout: Success[value=ready]
      timeout: Success[value=ready]
      cancel: true
      cancel: the body saw an interrupt, GatherFuture[cancelled, 1/1 done, 1 cancelled]
      cancel: java.util.concurrent.CancellationException
      scope: GatherScope[request, 1 running]
      scope: true, true
      threads: [true, true]
      """;

  private Artifacts() {}

  static List<Path> path(List<Path> first, List<Path> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  static String join(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static List<Path> kotlin(String folder) {
    List<Path> jars = Project.files(Project.verification().resolve("target/" + folder), ".jar");
    if (jars.size() != 2) {
      throw new AssertionError(
          "the build of this module brings an old Kotlin and coroutines into target/"
              + folder
              + ", but found "
              + jars);
    }
    return jars;
  }

  /** What a module beside this one has brought for the tests. */
  static List<Path> tool(String name) {
    Path folder = Project.verification().resolve("tools/" + name + "/target/jars");
    List<Path> jars = Project.files(folder, ".jar");
    if (jars.isEmpty()) {
      throw new AssertionError("the build of gather-tool-" + name + " brings jars into " + folder);
    }
    return jars;
  }
}
