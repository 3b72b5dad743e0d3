package dev.gather.verification.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.verification.Project;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program in one jar that has been shrunk and renamed by the rules that our jars bring along. */
class ShrunkTest {
  private static final Path DASHBOARD = Project.verification().resolve("src/consumers/dashboard");

  private static final List<String> MODULES =
      List.of("gather-api", "gather-java-facade", "gather-kotlin");

  @TempDir private Path work;

  @Test
  void aShrunkProgramDoesTheSame() throws Exception {
    Path classes = work.resolve("classes");
    Compilation compilation =
        Compilation.onClassPath(classes, Artifacts.COMPILE, Project.files(DASHBOARD, ".java"));
    assertEquals(List.of(), compilation.messages());

    List<Path> gather = List.of(Artifacts.API, Artifacts.FACADE, Artifacts.ENGINE);
    List<Path> parts = Artifacts.path(Artifacts.path(List.of(classes), gather), Artifacts.KOTLIN);
    Path shrunk = shrink(parts, MODULES, "dashboard.Dashboard");

    Jvm program = Jvm.onClassPath(work, List.of(shrunk), "dashboard.Dashboard");
    assertEquals("", program.err());
    assertEquals(Artifacts.DASHBOARD_PRINTS, program.out());
  }

  @Test
  void soDoesOneThatCallsALibraryInKotlin() throws Exception {
    Path library = BridgeProgram.compileLibrary(work);
    Path classes = work.resolve("classes");
    List<Path> path = Artifacts.path(List.of(library), Artifacts.COMPILE);
    List<Path> calls = List.of(BridgeProgram.CALLS);
    Compilation compilation = Compilation.onClassPath(classes, path, calls, "-Xlint:-classfile");
    assertTrue(compilation.succeeded(), () -> compilation.messages().toString());

    List<Path> parts =
        Artifacts.path(
            List.of(classes, library), Artifacts.path(BridgeProgram.GATHER, Artifacts.KOTLIN));
    List<String> modules = new ArrayList<>(MODULES);
    modules.add("gather-bridge");
    Path shrunk = shrink(parts, modules, "consumer.Calls");

    Jvm program = Jvm.onClassPath(work, List.of(shrunk), "consumer.Calls");
    assertEquals("", program.err());
    assertEquals(BridgeProgram.PRINTS, program.out());
  }

  /** One jar of all parts, by the rules that the modules bring along. */
  private Path shrink(List<Path> parts, List<String> modules, String main) throws Exception {
    Path shrunk = work.resolve("shrunk.jar");
    List<String> rules = rules(parts, modules, classesOfTheJdk(work.resolve("jdk")), shrunk, main);
    Jvm proguard =
        Jvm.onClassPath(
            work, Artifacts.tool("proguard"), "proguard.ProGuard", rules.toArray(String[]::new));
    assertEquals(0, proguard.exit(), () -> proguard.out() + proguard.err());
    long before = Files.size(Artifacts.KOTLIN.get(0)) + Files.size(Artifacts.KOTLIN.get(1));
    assertTrue(Files.size(shrunk) < before / 2, () -> "nothing was left out of " + shrunk);
    return shrunk;
  }

  private static List<String> rules(
      List<Path> parts, List<String> modules, Path jdk, Path shrunk, String main) {
    List<String> rules = new ArrayList<>();
    for (Path part : parts) {
      rules.addAll(List.of("-injars", part + "(!module-info.class,!META-INF/versions/**)"));
    }
    rules.addAll(List.of("-outjars", shrunk.toString()));
    rules.addAll(List.of("-libraryjars", jdk.toString()));
    for (String module : modules) {
      String file = module + "/src/main/resources/META-INF/proguard/" + module + ".pro";
      rules.addAll(List.of("-include", Project.root().resolve(file).toString()));
    }
    // What the Kotlin jars say of themselves, as far as it concerns a program on the JVM.
    rules.addAll(List.of("-dontwarn", "kotlin.**,kotlinx.**,android.**,java.lang.**,sun.**"));
    rules.addAll(
        List.of("-keepclassmembers", "class kotlinx.coroutines.** { volatile <fields>; }"));
    rules.addAll(List.of("-keepclassmembers", "class kotlin.** { volatile <fields>; }"));
    rules.addAll(List.of("-keep", "class " + main + " { public static void main(...); }"));
    // It prints the names of what it has.
    rules.addAll(List.of("-keepnames", "class dev.gather.**", "-keepnames", "class dashboard.**"));
    rules.addAll(List.of("-keepattributes", "*", "-dontnote", "-ignorewarnings"));
    return rules;
  }

  /** What a program finds there; not every JDK comes with its modules as files. */
  private static Path classesOfTheJdk(Path into) throws Exception {
    Path base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules/java.base");
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".class")).toList()) {
        Path copy = into.resolve(base.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    Files.delete(into.resolve("module-info.class"));
    return into;
  }
}
