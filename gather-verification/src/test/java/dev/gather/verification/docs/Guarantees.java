package dev.gather.verification.docs;

import dev.gather.verification.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Holds the table of guarantees against the tests that are there. A row is {@code | 11 | text |
 * `OrderTest.method`, `OrderSpec: name of the test` |}.
 */
final class Guarantees {
  private static final Pattern ROW = Pattern.compile("\\|\\s*(\\d+)\\s*\\|.*\\|");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");
  private static final Pattern METHOD = Pattern.compile("(\\w+)\\.(\\w+)");
  private static final Pattern SPEC = Pattern.compile("(\\w+Spec): (.+)");

  private final Map<String, String> tests;

  /** Takes the sources of tests. */
  Guarantees(List<Path> sources) {
    this.tests =
        sources.stream()
            .collect(
                Collectors.toMap(
                    file -> file.getFileName().toString().replaceFirst("\\.\\w+$", ""),
                    Project::text,
                    (one, other) -> one + "\n" + other,
                    HashMap::new));
  }

  /** What is wrong, one text for each problem. */
  List<String> check(String page, Set<Integer> required) {
    List<String> problems = new ArrayList<>();
    Set<Integer> missing = new TreeSet<>(required);
    for (String line : page.lines().toList()) {
      Matcher row = ROW.matcher(line.strip());
      if (row.matches()) {
        int number = Integer.parseInt(row.group(1));
        List<String> names = names(line.strip());
        if (!names.isEmpty()) {
          missing.remove(number);
        }
        names.stream()
            .filter(name -> !exists(name))
            .forEach(name -> problems.add("guarantee " + number + ": there is no test " + name));
      }
    }
    missing.forEach(number -> problems.add("guarantee " + number + ": no test is named"));
    return problems;
  }

  private static List<String> names(String row) {
    String cells = row.substring(0, row.length() - 1).replace("\\|", " ");
    Matcher name = NAME.matcher(cells.substring(cells.lastIndexOf('|') + 1));
    List<String> names = new ArrayList<>();
    while (name.find()) {
      names.add(name.group(1));
    }
    return names;
  }

  private boolean exists(String name) {
    Matcher spec = SPEC.matcher(name);
    if (spec.matches()) {
      String source = tests.get(spec.group(1));
      return source != null && source.contains("\"" + spec.group(2) + "\"");
    }
    Matcher method = METHOD.matcher(name);
    if (method.matches()) {
      String source = tests.get(method.group(1));
      return source != null
          && Pattern.compile("[\\w>\\]](?<!\\b(new|return)) `?" + method.group(2) + "`?\\(")
              .matcher(source)
              .find();
    }
    return false;
  }
}
