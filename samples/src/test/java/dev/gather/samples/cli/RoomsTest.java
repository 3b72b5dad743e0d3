package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each room of the command knows only rooms below it; a new arrow is a deliberate act. It looks at
 * the sources, since a constant of another room leaves no trace in a class file.
 */
class RoomsTest {
  private static final Path HOUSE = Path.of("src/main/java/dev/gather/samples/cli");
  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?dev\\.gather\\.samples\\.cli\\.([a-z.]*)[A-Z].*");

  /** From the door, which has no name of its own, down to the ground. */
  private static final List<String> FLOORS =
      List.of(
          "",
          "fetch",
          "checksum",
          "fetch.report",
          "fetch.download",
          "fetch.urls",
          "running",
          "words",
          "shell");

  private static final Set<String> ARROWS =
      Set.of(
          " -> checksum",
          " -> fetch",
          " -> shell",
          "checksum -> running",
          "checksum -> shell",
          "checksum -> words",
          "fetch -> fetch.download",
          "fetch -> fetch.report",
          "fetch -> fetch.urls",
          "fetch -> running",
          "fetch -> shell",
          "fetch -> words",
          "fetch.download -> shell",
          "fetch.download -> words",
          "fetch.report -> words",
          "fetch.urls -> shell",
          "fetch.urls -> words",
          "running -> shell");

  @Test
  void everyRoomHasItsFloor() throws IOException {
    Set<String> rooms = new TreeSet<>();
    for (Path file : sources()) {
      rooms.add(room(file));
    }
    assertEquals(new TreeSet<>(FLOORS), rooms);
  }

  @Test
  void theArrowsAreThese() throws IOException {
    Set<String> arrows = new TreeSet<>();
    for (Path file : sources()) {
      for (String line : Files.readAllLines(file)) {
        IMPORT
            .matcher(line)
            .results()
            .map(found -> found.group(1).replaceFirst("\\.$", ""))
            .filter(room -> !room.equals(room(file))) // a nested type of its own room
            .forEach(room -> arrows.add(room(file) + " -> " + room));
      }
    }
    assertEquals(new TreeSet<>(ARROWS), arrows);
  }

  @Test
  void theyOnlyGoDown() {
    for (String arrow : ARROWS) {
      String[] rooms = arrow.split(" -> ", -1);
      assertEquals(1, Integer.signum(floor(rooms[1]) - floor(rooms[0])), arrow);
    }
  }

  private static int floor(String room) {
    return FLOORS.indexOf(room);
  }

  private static String room(Path file) {
    return HOUSE.relativize(file.getParent()).toString().replace('/', '.').replace('\\', '.');
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(HOUSE)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
