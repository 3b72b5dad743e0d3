package dev.gather.verification.docs;

import dev.gather.verification.Project;
import dev.gather.verification.TextDiff;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds the code in Markdown against the sources it was cut from, both ways. A block follows a
 * marker {@code <!-- snippet: path/of/the/Source.java#region -->}; a region stands between {@code
 * // region name} and {@code // endregion}.
 */
final class Snippets {
  private static final Pattern MARKER = Pattern.compile("<!--\\s*snippet:\\s*(\\S+)\\s*-->");
  private static final Pattern FENCE = Pattern.compile("(\\s*)(`{3,}|~{3,})\\s*(\\w*).*");
  private static final Pattern REGION = Pattern.compile("\\s*//\\s*region\\s+(\\S+)\\s*");
  private static final Pattern END_OF_REGION = Pattern.compile("\\s*//\\s*endregion\\b.*");
  private static final Set<String> CODE = Set.of("java", "kotlin", "kt", "kts", "groovy");

  private final Path root;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> regions = new LinkedHashMap<>();
  private final Set<String> quoted = new HashSet<>();
  private int blocks;

  Snippets(Path root) {
    this.root = root;
  }

  /** What is wrong, one text for each problem. */
  List<String> check(List<Path> pages, List<Path> sources) {
    sources.forEach(this::readRegions);
    pages.forEach(this::checkPage);
    for (String region : regions.keySet()) {
      if (!quoted.contains(region)) {
        problems.add(region + ": no page quotes this region");
      }
    }
    return problems;
  }

  int blocks() {
    return blocks;
  }

  private void readRegions(Path source) {
    String open = null;
    List<String> lines = new ArrayList<>();
    for (String line : Project.text(source).lines().toList()) {
      Matcher region = REGION.matcher(line);
      if (region.matches()) {
        if (open != null) {
          problems.add(open + ": another region begins inside of it");
        }
        open = name(source) + "#" + region.group(1);
        lines.clear();
      } else if (END_OF_REGION.matcher(line).matches()) {
        if (open == null) {
          problems.add(name(source) + ": an end of a region without its beginning");
        } else if (regions.put(open, text(lines)) != null) {
          problems.add(open + ": two regions have this name");
        }
        open = null;
      } else {
        lines.add(line);
      }
    }
    if (open != null) {
      problems.add(open + ": the region does not end");
    }
  }

  private void checkPage(Path page) {
    List<String> lines = Project.text(page).lines().toList();
    String marker = null;
    for (int i = 0; i < lines.size(); i++) {
      String where = name(page) + ":" + (i + 1);
      Matcher fence = FENCE.matcher(lines.get(i));
      if (fence.matches()) {
        String end = fence.group(2);
        List<String> block = new ArrayList<>();
        while (++i < lines.size() && !lines.get(i).strip().equals(end)) {
          block.add(lines.get(i));
        }
        if (i == lines.size()) {
          problems.add(where + ": the block does not end");
        }
        checkBlock(where, fence.group(3), marker, text(block));
        marker = null;
      } else if (!lines.get(i).isBlank()) {
        if (marker != null) {
          problems.add(where + ": no block follows the marker of " + marker);
        }
        Matcher snippet = MARKER.matcher(lines.get(i).strip());
        marker = snippet.matches() ? snippet.group(1) : null;
      }
    }
    if (marker != null) {
      problems.add(name(page) + ": no block follows the marker of " + marker);
    }
  }

  private void checkBlock(String where, String language, String marker, String block) {
    if (marker == null) {
      if (CODE.contains(language.toLowerCase(Locale.ROOT))) {
        problems.add(where + ": this " + language + " block is not cut from a compiled source");
      }
      return;
    }
    blocks++;
    quoted.add(marker);
    String region = regions.get(marker);
    if (region == null) {
      String file = marker.replaceFirst("#.*", "");
      problems.add(
          where
              + ": there is no "
              + marker
              + (Files.exists(root.resolve(file)) ? ", but the file is there" : ""));
    } else if (!marker.contains(language.equals("kotlin") ? ".kt#" : "." + language + "#")) {
      problems.add(where + ": " + marker + " is not " + language);
    } else if (!region.equals(block)) {
      problems.add(
          where
              + ": differs from "
              + marker
              + " (- the page, + the source)\n"
              + TextDiff.between(block, region));
    }
  }

  private String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines).stripIndent().strip();
  }
}
