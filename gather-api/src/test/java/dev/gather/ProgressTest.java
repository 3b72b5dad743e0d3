package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void endedCountsEveryWayToEnd() {
    assertEquals(6, new Progress(OptionalInt.of(9), 8, 3, 2, 1).ended());
    assertEquals(0, new Progress(OptionalInt.of(9), 8, 0, 0, 0).ended());
  }

  @Test
  void toStringIsForPeople() {
    assertEquals("0/0 done", text(OptionalInt.of(0), 0, 0, 0));
    assertEquals("3/5 done", text(OptionalInt.of(5), 3, 0, 0));
    assertEquals("3/5 done, 1 failed", text(OptionalInt.of(5), 2, 1, 0));
    assertEquals("3/5 done, 2 cancelled", text(OptionalInt.of(5), 1, 0, 2));
    assertEquals("5/5 done, 1 failed, 3 cancelled", text(OptionalInt.of(5), 1, 1, 3));
    assertEquals("3/? done", text(OptionalInt.empty(), 3, 0, 0));
  }

  private static String text(OptionalInt total, int succeeded, int failed, int cancelled) {
    int ended = succeeded + failed + cancelled;
    return new Progress(total, ended, succeeded, failed, cancelled).toString();
  }
}
