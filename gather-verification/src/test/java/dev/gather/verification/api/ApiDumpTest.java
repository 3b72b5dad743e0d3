package dev.gather.verification.api;

import static org.junit.jupiter.api.Assertions.fail;

import dev.gather.verification.Project;
import dev.gather.verification.TextDiff;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ApiDumpTest {
  private static final String UPDATE =
      "mvn -q -Pquick -pl gather-verification -am test -Dgather.api.update=true -Dtest=ApiDumpTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  @ParameterizedTest
  @EnumSource
  void theApiIsTheOneWrittenDown(PublishedModule module) throws Exception {
    Path file = Project.root().resolve("api").resolve(module.artifact + ".txt");
    String actual = ApiDump.of(module);
    if (Boolean.getBoolean("gather.api.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, actual);
    }
    String written = Files.exists(file) ? Project.text(file) : "";
    if (!written.equals(actual)) {
      fail(
          "The public API is not what api/%s says:%n%n%s%n%nIf that is meant, write it down: %s"
              .formatted(file.getFileName(), TextDiff.between(written, actual), UPDATE));
    }
  }
}
