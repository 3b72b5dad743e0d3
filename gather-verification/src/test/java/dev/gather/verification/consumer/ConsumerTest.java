package dev.gather.verification.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.verification.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kotlin.KotlinVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsumerTest {
  private static final Path CONSUMERS = Project.verification().resolve("src/consumers");
  private static final Path KOTLIN_SOURCES =
      Project.verification().resolve("src/test/kotlin/dev/gather/verification/consumer");
  private static final List<Path> DASHBOARD = sources("dashboard");
  private static final List<Path> MODULE = Artifacts.path(sources("module"), DASHBOARD);

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
      timeout: gather dashboard timed out after 50ms: 1/2 done; unfinished: task[1], Success[value=ready]
      timeout: [Success[value=ready], Cancelled[reason=TIMEOUT, started=true]]
      cancel: true, a list: false
      """;
  private static final String ENGINE_IS_MISSING =
      "Exception in thread \"main\" java.lang.IllegalStateException: Gather's engine is missing:"
          + " add dev.gather:gather-kotlin to the runtime class path or module path";

  private static final String ROOT_IT =
      "; where it is there and was left out, as by jlink, root it with"
          + " --add-modules dev.gather.coroutines";

  @TempDir private Path work;

  @Test
  void aJavaProgramNeedsNoKotlinToCompile() throws Exception {
    assertCompiles(Compilation.onClassPath(classes(), Artifacts.COMPILE, DASHBOARD));
    assertPrints(
        Artifacts.DASHBOARD_PRINTS,
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
        Artifacts.DASHBOARD_PRINTS,
        Jvm.onClassPath(
            work,
            Artifacts.path(
                List.of(classes(), Artifacts.API, Artifacts.FACADE, Artifacts.ENGINE),
                Artifacts.JAVA_FLOOR),
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
                Project.onClassPath("annotations-")),
            Artifacts.KOTLIN);
    assertPrints(
        Artifacts.DASHBOARD_PRINTS
            + "modules: [consumer, dev.gather.api, dev.gather.coroutines, dev.gather.future]\n",
        Jvm.onModulePath(work, everything, "consumer/consumer.Modules"));
  }

  @Test
  void aModuleRunsOnTheOldestKotlinAndWithoutAnnotations() throws Exception {
    assertCompiles(Compilation.onModulePath(classes(), Artifacts.COMPILE, MODULE));
    List<Path> leastOfAll =
        Artifacts.path(
            List.of(classes(), Artifacts.API, Artifacts.FACADE, Artifacts.ENGINE),
            Artifacts.JAVA_FLOOR);
    assertPrints(
        Artifacts.DASHBOARD_PRINTS
            + "modules: [consumer, dev.gather.api, dev.gather.coroutines, dev.gather.future]\n",
        Jvm.onModulePath(work, leastOfAll, "consumer/consumer.Modules"));
  }

  @Test
  void aKotlinProgramRunsOnTheKotlinOfToday() throws Exception {
    assertPrints(
        "Kotlin " + KotlinVersion.CURRENT + "\n" + SUSPEND_DASHBOARD_PRINTS,
        suspendDashboard(Project.codeSource(SuspendDashboard.class), Artifacts.KOTLIN));
  }

  @Test
  void aKotlinProgramCompilesWithTheOldestCompilerAndRunsOnTheOldestKotlin() throws Exception {
    List<Path> path = new ArrayList<>(Artifacts.FLOOR);
    path.addAll(List.of(Artifacts.API, Artifacts.ENGINE));
    Jvm compiler = kotlinc("kotlin-floor", path, KOTLIN_SOURCES.resolve("SuspendDashboard.kt"));
    assertEquals(0, compiler.exit(), () -> compiler.out() + compiler.err());
    assertPrints(
        "Kotlin 2.2.21\n" + SUSPEND_DASHBOARD_PRINTS, suspendDashboard(classes(), Artifacts.FLOOR));
  }

  @Test
  void whoDropsWhatASuspendFunctionReturnsIsToldByTheKotlinCompiler() throws Exception {
    List<Path> path = new ArrayList<>(List.of(Artifacts.API, Artifacts.ENGINE));
    path.addAll(Artifacts.tool("kotlin")); // with its own library
    Path source = CONSUMERS.resolve("refused/DropsOutcomes.kt");
    Jvm compiler = kotlinc("kotlin", path, source, "-Xreturn-value-checker=check");
    assertTrue(compiler.err().contains("unused return value of 'gatherSettled'"), compiler::err);
    assertNotEquals(0, compiler.exit());
    Jvm careless = kotlinc("kotlin", path, source);
    assertEquals(0, careless.exit(), () -> careless.out() + careless.err());
  }

  /** With every warning an error. */
  private Jvm kotlinc(String tool, List<Path> classPath, Path source, String... arguments)
      throws Exception {
    List<String> all =
        new ArrayList<>(List.of("-no-stdlib", "-no-reflect", "-Werror", "-jvm-target", "17"));
    all.addAll(List.of("-cp", Artifacts.join(classPath), "-d", classes().toString()));
    all.addAll(List.of(arguments));
    all.add(source.toString());
    return Jvm.onClassPath(
        work,
        Artifacts.tool(tool),
        "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
        all.toArray(String[]::new));
  }

  @Test
  void belowThatTheSuspendDoorSaysSoAtOnce() throws Exception {
    List<Path> path = new ArrayList<>(Artifacts.JAVA_FLOOR);
    path.addAll(List.of(Project.codeSource(BelowTheFloor.class), Artifacts.API, Artifacts.ENGINE));
    String refused =
        "java.lang.IllegalStateException: the suspend functions of Gather need Kotlin 2.2.21 and"
            + " kotlinx-coroutines 1.10.2 or newer, but this program runs on 1.9.25 and 1.8.1\n";
    assertPrints(refused.repeat(3), Jvm.onClassPath(work, path, BelowTheFloor.class.getName()));
  }

  @Test
  void withoutTheEngineOneErrorNamesTheArtifact() throws Exception {
    assertCompiles(Compilation.onClassPath(classes(), Artifacts.COMPILE, DASHBOARD));
    assertEngineIsMissing(
        ENGINE_IS_MISSING,
        Jvm.onClassPath(
            work, List.of(classes(), Artifacts.API, Artifacts.FACADE), "dashboard.Dashboard"));
  }

  @Test
  void withoutTheEngineModuleTheErrorIsTheSame() throws Exception {
    assertCompiles(Compilation.onModulePath(classes(), Artifacts.COMPILE, MODULE));
    assertEngineIsMissing(
        ENGINE_IS_MISSING + ROOT_IT,
        Jvm.onModulePath(
            work,
            List.of(classes(), Artifacts.API, Artifacts.FACADE),
            "consumer/consumer.Modules"));
  }

  @Test
  void anImageOfJlinkHasTheEngineWhereThatIsRooted() throws Exception {
    assertCompiles(Compilation.onModulePath(classes(), Artifacts.COMPILE, MODULE));
    List<Path> path =
        Artifacts.path(
            List.of(classes(), Artifacts.API, Artifacts.FACADE, Artifacts.ENGINE), Artifacts.FLOOR);
    assertEngineIsMissing(ENGINE_IS_MISSING + ROOT_IT, linked(path, "consumer"));
    assertPrints(
        Artifacts.DASHBOARD_PRINTS
            + "modules: [consumer, dev.gather.api, dev.gather.coroutines, dev.gather.future]\n",
        linked(path, "consumer,dev.gather.coroutines"));
  }

  /** Runs an image that has nothing but these modules and what they require. */
  private Jvm linked(List<Path> path, String modules) throws Exception {
    Path image = work.resolve("image of " + modules);
    Path home = Path.of(System.getProperty("java.home"));
    List<String> arguments =
        List.of("-p", Artifacts.join(path), "--add-modules", modules, "--output", image.toString());
    Jvm jlink = Jvm.tool(work, home, "jlink", arguments);
    assertEquals(0, jlink.exit(), () -> jlink.out() + jlink.err());
    return Jvm.tool(work, image, "java", List.of("-m", "consumer/consumer.Modules"));
  }

  @Test
  void whoDropsAFutureIsToldByErrorProne() throws Exception {
    Jvm dropped = errorProne("refused/DropsTheFuture.java");
    assertTrue(dropped.err().contains("[CheckReturnValue]"), dropped::err);
    assertEquals(1, dropped.err().lines().filter(line -> line.contains(": error:")).count());
    assertNotEquals(0, dropped.exit());
    Jvm kept = errorProne("dashboard/dashboard/Dashboard.java");
    assertEquals("", kept.err());
    assertEquals(0, kept.exit());
  }

  private Jvm errorProne(String consumer) throws Exception {
    List<String> arguments = new ArrayList<>();
    for (String javac : List.of("api", "file", "main", "model", "parser", "processing", "tree")) {
      arguments.add("--add-exports=jdk.compiler/com.sun.tools.javac." + javac + "=ALL-UNNAMED");
    }
    arguments.add("--add-exports=jdk.compiler/com.sun.tools.javac.util=ALL-UNNAMED");
    arguments.add("--add-opens=jdk.compiler/com.sun.tools.javac.code=ALL-UNNAMED");
    arguments.add("--add-opens=jdk.compiler/com.sun.tools.javac.comp=ALL-UNNAMED");
    arguments.add("--add-modules=ALL-DEFAULT"); // Error Prone looks for more than javac needs
    arguments.addAll(List.of("-m", "jdk.compiler/com.sun.tools.javac.Main"));
    arguments.addAll(List.of("-XDcompilePolicy=simple", "--should-stop=ifError=FLOW"));
    arguments.addAll(List.of("-processorpath", Artifacts.join(Artifacts.tool("error-prone"))));
    arguments.add("-Xplugin:ErrorProne -XepDisableAllWarnings");
    arguments.addAll(List.of("-cp", Artifacts.join(Artifacts.COMPILE), "-d", classes().toString()));
    arguments.add(CONSUMERS.resolve(consumer).toString());
    return Jvm.run(work, arguments);
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

  private Jvm suspendDashboard(Path program, List<Path> kotlin) throws Exception {
    List<Path> path = new ArrayList<>(kotlin);
    path.add(program);
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

  private static void assertEngineIsMissing(String message, Jvm run) {
    assertNotEquals(0, run.exit());
    assertEquals("", run.out());
    assertEquals(message, run.err().lines().findFirst().orElse(""));
  }
}
