package dev.gather.verification.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gather.verification.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GuaranteesPageTest {
  private static final Set<Integer> PROVED =
      Stream.concat(IntStream.rangeClosed(1, 24).boxed(), Stream.of(28, 29, 31, 32))
          .collect(Collectors.toSet());

  @Test
  void everyGuaranteeNamesATestThatIsThere() {
    List<Path> sources = new ArrayList<>();
    for (Path module : Project.modules()) {
      sources.addAll(Project.files(module.resolve("src/test"), ".java"));
      sources.addAll(Project.files(module.resolve("src/test"), ".kt"));
    }
    assertEquals(
        "",
        String.join(
            "\n",
            new Guarantees(sources)
                .check(Project.text(Project.root().resolve("docs/guarantees.md")), PROVED)));
  }
}
