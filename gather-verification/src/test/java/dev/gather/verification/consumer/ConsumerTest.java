package dev.gather.verification.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.verification.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsumerTest {
  private static final Path CONSUMERS = Project.verification().resolve("src/consumers");
  private static final List<Path> DASHBOARD = sources("dashboard");
  private static final List<Path> MODULE = Artifacts.path(sources("module"), DASHBOARD);

  private static final String DASHBOARD_PRINTS =
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
      timeout: gather dashboard timed out after 50ms: 1/2 done
      timeout: Success[value=ready]
      timeout: Success[value=ready]
      cancel: true
      cancel: the body saw an interrupt, GatherFuture[cancelled, 1/1 done, 1 cancelled]
      cancel: java.util.concurrent.CancellationException
      scope: GatherScope[request, 1 running]
      scope: true, true
      threads: [true, true]
      """;
  private static final String SUSPEND_DASHBOARD_PRINTS =
      """
      gather: [a, b, null]
      typed: 1b
      deferred: [1, 2]
      limit: [10, 20, 30, 40, 50, 60], at most 2 at a time: true
      settled: Success[value=fine]
      settled: Failure[cause=java.io.IOException: no route]
      settled: Failure[cause=java.util.concurrent.TimeoutException: task[2] did not end within 50ms]
      failure: no route, the other has ended: true
      failure: no route, the other has ended: true
      timeout: gather dashboard timed out after 50ms: 1/2 done, Success[value=ready]
      timeout: [Success[value=ready], Cancelled[reason=TIMEOUT, started=true]]
      cancel: true, a list: false
      """;
  private static final String ENGINE_IS_MISSING =
      "Exception in thread \"main\" java.lang.IllegalStateException: Gather's engine is missing:"
          + " add dev.gather:gather-kotlin to the runtime class path or module path";

  @TempDir private Path work;

  @Test
  void aJavaProgramNeedsNoKotlinToCompile() throws Exception {
    assertCompiles(Compilation.onClassPath(classes(), Artifacts.COMPILE, DASHBOARD));
    assertPrints(
        DASHBOARD_PRINTS,
        Jvm.onClassPath(
            work,
            Artifacts.path(
                List.of(classes(), Artifacts.API, Artifacts.FACADE, Artifacts.ENGINE),
                Artifacts.KOTLIN),
            "dashboard.Dashboard"));
  }

  @Test
  void aJavaProgramRunsOnTheOldestKotlin() throws Exception {
    assertCompiles(Compilation.onClassPath(classes(), Artifacts.COMPILE, DASHBOARD));
    assertPrints(
        DASHBOARD_PRINTS,
        Jvm.onClassPath(
            work,
            Artifacts.path(
                List.of(classes(), Artifacts.API, Artifacts.FACADE, Artifacts.ENGINE),
                Artifacts.FLOOR),
            "dashboard.Dashboard"));
  }

  @Test
  void aModuleThatRequiresTheFacadeFindsTheEngine() throws Exception {
    assertCompiles(Compilation.onModulePath(classes(), Artifacts.COMPILE, MODULE));
    List<Path> everything =
        Artifacts.path(
            List.of(
                classes(),
                Artifacts.API,
                Artifacts.FACADE,
                Artifacts.ENGINE,
                Artifacts.JSPECIFY,
                Project.onClassPath("kotlinx-coroutines-jdk8-"),
                Project.onClassPath("annotations-")),
            Artifacts.KOTLIN);
    assertPrints(
        DASHBOARD_PRINTS
            + "modules: [consumer, dev.gather.api, dev.gather.coroutines, dev.gather.future]\n",
        Jvm.onModulePath(work, everything, "consumer/consumer.Modules"));
  }

  @Test
  void aModuleRunsOnTheOldestKotlinAndWithoutAnnotations() throws Exception {
    assertCompiles(Compilation.onModulePath(classes(), Artifacts.COMPILE, MODULE));
    List<Path> leastOfAll =
        Artifacts.path(
            List.of(classes(), Artifacts.API, Artifacts.FACADE, Artifacts.ENGINE), Artifacts.FLOOR);
    assertPrints(
        DASHBOARD_PRINTS
            + "modules: [consumer, dev.gather.api, dev.gather.coroutines, dev.gather.future]\n",
        Jvm.onModulePath(work, leastOfAll, "consumer/consumer.Modules"));
  }

  @Test
  void aKotlinProgramRunsOnTheKotlinOfToday() throws Exception {
    assertPrints("Kotlin 2.4.21\n" + SUSPEND_DASHBOARD_PRINTS, suspendDashboard(Artifacts.KOTLIN));
  }

  @Test
  void aKotlinProgramRunsOnTheOldestKotlin() throws Exception {
    assertPrints("Kotlin 2.2.21\n" + SUSPEND_DASHBOARD_PRINTS, suspendDashboard(Artifacts.FLOOR));
  }

  @Test
  void withoutTheEngineOneErrorNamesTheArtifact() throws Exception {
    assertCompiles(Compilation.onClassPath(classes(), Artifacts.COMPILE, DASHBOARD));
    assertEngineIsMissing(
        Jvm.onClassPath(
            work, List.of(classes(), Artifacts.API, Artifacts.FACADE), "dashboard.Dashboard"));
  }

  @Test
  void withoutTheEngineModuleTheErrorIsTheSame() throws Exception {
    assertCompiles(Compilation.onModulePath(classes(), Artifacts.COMPILE, MODULE));
    assertEngineIsMissing(
        Jvm.onModulePath(
            work,
            List.of(classes(), Artifacts.API, Artifacts.FACADE),
            "consumer/consumer.Modules"));
  }

  @Test
  void kotlinIsNotOnTheCompileClassPath() {
    Compilation compilation =
        Compilation.onClassPath(
            classes(), Artifacts.COMPILE, List.of(CONSUMERS.resolve("refused/NamesKotlin.java")));
    assertFalse(compilation.succeeded());
    assertEquals("package kotlin does not exist", compilation.messages().get(0));
  }

  @Test
  void theEngineIsNotOnTheCompileClassPath() {
    Compilation compilation =
        Compilation.onClassPath(
            classes(),
            Artifacts.COMPILE,
            List.of(CONSUMERS.resolve("refused/NamesTheEngine.java")));
    assertFalse(compilation.succeeded());
    assertEquals("package dev.gather.coroutines does not exist", compilation.messages().get(0));
  }

  @Test
  void theSpiIsNotForOtherModules() {
    Compilation compilation =
        Compilation.onModulePath(classes(), Artifacts.COMPILE, sources("refused-module"));
    assertFalse(compilation.succeeded());
    assertEquals(List.of("compiler.err.package.not.visible"), compilation.codes());
  }

  private Jvm suspendDashboard(List<Path> kotlin) throws Exception {
    List<Path> path = new ArrayList<>(kotlin);
    path.add(Project.codeSource(SuspendDashboard.class));
    path.add(Artifacts.API);
    path.add(Artifacts.ENGINE);
    return Jvm.onClassPath(work, path, SuspendDashboard.class.getName());
  }

  private Path classes() {
    return work.resolve("classes");
  }

  private static List<Path> sources(String consumer) {
    return Project.files(CONSUMERS.resolve(consumer), ".java");
  }

  private static void assertCompiles(Compilation compilation) {
    assertEquals(List.of(), compilation.messages());
    assertTrue(compilation.succeeded());
  }

  private static void assertPrints(String expected, Jvm run) {
    assertEquals("", run.err());
    assertEquals(expected, run.out());
    assertEquals(0, run.exit());
  }

  private static void assertEngineIsMissing(Jvm run) {
    assertNotEquals(0, run.exit());
    assertEquals("", run.out());
    assertEquals(ENGINE_IS_MISSING, run.err().lines().findFirst().orElse(""));
  }
}
