package dev.gather.verification.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.verification.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A file has one job: what grows over this has got another. */
class FileSizeTest {
  private static final int LINES = 300;

  @Test
  void noFileOfMainIsLonger() throws Exception {
    List<Path> files = new ArrayList<>();
    for (Path module : Project.modules()) {
      Path main = module.resolve("src/main");
      if (Files.isDirectory(main)) {
        files.addAll(Project.files(main, ".java"));
        files.addAll(Project.files(main, ".kt"));
      }
    }
    assertTrue(files.size() > 100, () -> "only " + files.size() + " files were found");
    List<String> longer = new ArrayList<>();
    for (Path file : files) {
      int lines = Files.readAllLines(file).size();
      if (lines > LINES) {
        longer.add(Project.root().relativize(file) + ": " + lines);
      }
    }
    assertEquals(List.of(), longer);
  }
}
