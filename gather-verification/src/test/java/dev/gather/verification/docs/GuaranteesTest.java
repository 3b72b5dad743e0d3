package dev.gather.verification.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuaranteesTest {
  @TempDir private Path directory;
  private Guarantees guarantees;

  @BeforeEach
  void sources() throws Exception {
    guarantees =
        new Guarantees(
            List.of(
                Files.writeString(
                    directory.resolve("OrderTest.java"),
                    "void inputOrder() { return called(); }\nStream<DynamicTest> all() {}"),
                Files.writeString(
                    directory.resolve("OrderSpec.kt"), "test(\"the order of the input\") {}")));
  }

  @Test
  void testsThatAreThereAreFound() {
    assertProblems("| 1 | order | `OrderTest.inputOrder`, `OrderSpec: the order of the input` |");
    assertProblems("| 1 | order | `OrderTest.all` |");
  }

  @Test
  void testsThatAreNotThereAreNamed() {
    assertProblems(
        """
        | 1 | order | `OrderTest.inputOrder`, `OrderTest.input`, `OrderTest.called` |
        | 2 | time | `OrderSpec: the order`, `TimeSpec: the order of the input`, `nonsense` |
        """,
        "guarantee 1: there is no test OrderTest.input",
        "guarantee 1: there is no test OrderTest.called",
        "guarantee 2: there is no test OrderSpec: the order",
        "guarantee 2: there is no test TimeSpec: the order of the input",
        "guarantee 2: there is no test nonsense");
  }

  @Test
  void aGuaranteeWithoutATestIsNamed() {
    assertProblems(
        "| 1 | says `OrderTest.inputOrder` | none yet |", "guarantee 1: no test is named");
    assertProblems("no table", "guarantee 1: no test is named");
  }

  private void assertProblems(String page, String... problems) {
    assertEquals(List.of(problems), guarantees.check(page, Set.of(1)));
  }
}
