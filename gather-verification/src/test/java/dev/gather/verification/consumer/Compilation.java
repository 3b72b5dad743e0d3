package dev.gather.verification.consumer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** What javac says about a consumer, with every warning switched on and none allowed. */
record Compilation(boolean succeeded, List<String> codes, List<String> messages) {

  static Compilation onClassPath(
      Path out, List<Path> classPath, List<Path> sources, String... options) {
    return compile(out, List.of("--class-path", Artifacts.join(classPath)), sources, options);
  }

  static Compilation onModulePath(
      Path out, List<Path> modulePath, List<Path> sources, String... options) {
    return compile(out, List.of("--module-path", Artifacts.join(modulePath)), sources, options);
  }

  private static Compilation compile(
      Path out, List<String> path, List<Path> sources, String... more) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    List<String> options = new ArrayList<>(List.of("-Xlint:all", "-Werror", "--release", "17"));
    options.addAll(List.of("-d", out.toString()));
    options.addAll(path);
    options.addAll(List.of(more));
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      Files.createDirectories(out);
      boolean succeeded =
          javac
              .getTask(
                  null,
                  files,
                  diagnostics,
                  options,
                  null,
                  files.getJavaFileObjectsFromPaths(sources))
              .call();
      return new Compilation(
          succeeded,
          diagnostics.getDiagnostics().stream().map(Diagnostic::getCode).toList(),
          diagnostics.getDiagnostics().stream()
              .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
