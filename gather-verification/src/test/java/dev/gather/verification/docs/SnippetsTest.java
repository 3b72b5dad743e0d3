package dev.gather.verification.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnippetsTest {
  private static final String SOURCE =
      """
      class A {
        // region greet
        void greet() {
          hello();
        }
        // endregion
      }
      """;
  private static final String PAGE =
      """
      Some words.

      <!-- snippet: src/A.java#greet -->
      ```java
      void greet() {
        hello();
      }
      ```
      """;

  @TempDir private Path root;

  @Test
  void aBlockThatIsItsRegionPasses() {
    assertProblems(SOURCE, PAGE);
  }

  @Test
  void aBlockMayStandInAList() {
    assertProblems(
        SOURCE,
        """
        * Some words.

          <!-- snippet: src/A.java#greet -->
          ```java
          void greet() {
            hello();
          }
          ```
        """);
  }

  @Test
  void blocksOfOtherLanguagesAreExempt() {
    assertProblems(
        SOURCE,
        PAGE
            + """

            ```sh
            mvn verify
            ```

            ```xml
            <version>1</version>
            ```

            ```
            anything
            ```
            """);
  }

  @Test
  void anotherTextIsShownAsADifference() {
    assertProblems(
        SOURCE.replace("hello();", "hello(name);"),
        PAGE,
        """
        README.md:4: differs from src/A.java#greet (- the page, + the source)
        -   hello();
        +   hello(name);\
        """);
  }

  @Test
  void aBlockWithoutAMarkerIsRefused() {
    assertProblems(
        "class A {}",
        PAGE.replaceAll("<!--.*-->\n", ""),
        "README.md:3: this java block is not cut from a compiled source");
    assertProblems(
        "class A {}",
        "```Kotlin\nfoo()\n```\n",
        "README.md:1: this Kotlin block is not cut from a compiled source");
  }

  @Test
  void aRegionThatIsNotThereIsNamed() {
    assertProblems(
        "class A {}", PAGE, "README.md:4: there is no src/A.java#greet, but the file is there");
    assertProblems(
        "class A {}",
        PAGE.replace("A.java", "B.java"),
        "README.md:4: there is no src/B.java#greet");
  }

  @Test
  void aRegionThatNobodyQuotesIsNamed() {
    assertProblems(SOURCE, "Some words.\n", "src/A.java#greet: no page quotes this region");
  }

  @Test
  void aMarkerWithoutABlockIsRefused() {
    assertProblems(
        SOURCE,
        PAGE.replace("-->\n", "-->\nOther words.\n"),
        "README.md:4: no block follows the marker of src/A.java#greet",
        "README.md:5: this java block is not cut from a compiled source",
        "src/A.java#greet: no page quotes this region");
    assertProblems(
        SOURCE,
        PAGE + "\n<!-- snippet: src/A.java#greet -->\n",
        "README.md: no block follows the marker of src/A.java#greet");
  }

  @Test
  void aBlockSaysItsLanguage() {
    assertProblems(
        SOURCE,
        PAGE.replace("```java", "```kotlin"),
        "README.md:4: src/A.java#greet is not kotlin");
  }

  @Test
  void regionsAreWellFormed() {
    assertProblems(
        SOURCE.replace("// endregion", ""), "", "src/A.java#greet: the region does not end");
    assertProblems(
        SOURCE.replace("// region greet", ""),
        "",
        "src/A.java: an end of a region without its beginning");
    assertProblems(SOURCE + SOURCE, PAGE, "src/A.java#greet: two regions have this name");
    assertProblems(
        "// region outer\n" + SOURCE, PAGE, "src/A.java#outer: another region begins inside of it");
  }

  @Test
  void aBlockEnds() {
    assertProblems(SOURCE, PAGE.replace("}\n```", "}"), "README.md:4: the block does not end");
  }

  private void assertProblems(String source, String page, String... problems) {
    try {
      Path src = Files.createDirectories(root.resolve("src"));
      Path sourceFile = Files.writeString(src.resolve("A.java"), source);
      Path pageFile = Files.writeString(root.resolve("README.md"), page);
      assertEquals(
          List.of(problems), new Snippets(root).check(List.of(pageFile), List.of(sourceFile)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
