package dev.gather.verification.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.verification.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentationTest {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)#\\s]+)(#[^)\\s]*)?\\)");

  @Test
  void everyBlockOfCodeIsCutFromACompiledSource() throws Exception {
    Snippets snippets = new Snippets(Project.root());
    List<String> problems = snippets.check(pages(), sources());
    assertEquals("", String.join("\n\n", problems));
    assertTrue(snippets.blocks() > 10, () -> "only " + snippets.blocks() + " blocks were compared");
  }

  @Test
  void everyLinkLeadsSomewhere() throws Exception {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Project.text(page));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains(":") && !Files.exists(page.resolveSibling(target))) {
          broken.add(Project.root().relativize(page) + ": " + target);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static List<Path> pages() throws Exception {
    List<Path> pages = new ArrayList<>(Project.files(Project.root().resolve("docs"), ".md"));
    try (Stream<Path> files = Files.list(Project.root())) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    for (Path module : Project.modules()) {
      try (Stream<Path> files = Files.list(module)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  private static List<Path> sources() {
    List<Path> sources = new ArrayList<>();
    for (String directory : List.of("samples/src", "gather-verification/src")) {
      Path path = Project.root().resolve(directory);
      sources.addAll(Project.files(path, ".java"));
      sources.addAll(Project.files(path, ".kt"));
    }
    // The checker's own test is full of regions that are none.
    sources.removeIf(source -> source.endsWith(SnippetsTest.class.getSimpleName() + ".java"));
    return sources;
  }
}
