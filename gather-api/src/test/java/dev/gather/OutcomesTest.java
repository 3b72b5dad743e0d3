package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  private final IOException cause = new IOException("boom");
  private final Outcome<Integer> one = new Outcome.Success<>(1);
  private final Outcome<Integer> failed = new Outcome.Failure<>(cause);
  private final Outcome<Integer> cancelled = new Outcome.Cancelled<>(CancelReason.TASK, true);

  @Test
  void valuesMayBeTakenAsSomethingMoreGeneral() {
    List<Outcome<Integer>> outcomes = List.of(one, failed, cancelled);
    List<Number> numbers = Outcomes.successes(outcomes);
    assertEquals(List.of(1), numbers);
    Outcomes.Partition<Object> parts = Outcomes.partition(outcomes);
    assertEquals(List.of(1), parts.successes());
    assertEquals(List.of(cause), parts.failures());
    assertEquals(List.of(cancelled), parts.cancelled());
  }

  @Test
  void outcomesMayBeOfDifferentTypes() {
    List<Outcome<?>> outcomes = List.of(one, new Outcome.Success<>("two"), failed);
    List<Object> values = Outcomes.successes(outcomes);
    assertEquals(List.of(1, "two"), values);
    assertEquals(List.of(cause), Outcomes.failures(outcomes));
  }

  @Test
  void theValuesOfAMapAreReadInItsOrder() {
    Map<String, Outcome<Integer>> byKey = new LinkedHashMap<>();
    byKey.put("b", new Outcome.Success<>(2));
    byKey.put("a", one);
    assertEquals(List.of(2, 1), Outcomes.successes(byKey.values()));
    Outcomes.throwIfAnyFailed(byKey.values());
    byKey.put("c", failed);
    GatherException thrown =
        assertThrows(GatherException.class, () -> Outcomes.throwIfAnyFailed(byKey.values()));
    assertSame(cause, thrown.getCause());
    assertEquals(2, thrown.index());
    assertEquals("task[2] of 3 failed: java.io.IOException: boom", thrown.getMessage());
  }

  @Test
  void whatIsThrownHoldsTheOutcomesAsTheyWere() {
    List<Outcome<Integer>> outcomes = new ArrayList<>(List.of(one, cancelled));
    GatherException thrown =
        assertThrows(GatherException.class, () -> Outcomes.throwIfAnyFailed(outcomes));
    outcomes.clear();
    assertEquals(List.of(one, cancelled), thrown.outcomes());
    assertEquals("the task was cancelled (TASK)", thrown.getCause().getMessage());
  }

  @Test
  void aPartitionKeepsItsOwnLists() {
    List<Integer> values = new ArrayList<>(Arrays.asList(1, null));
    Outcomes.Partition<Integer> parts = new Outcomes.Partition<>(values, List.of(), List.of());
    values.clear();
    assertEquals(Arrays.asList(1, null), parts.successes());
    assertThrows(UnsupportedOperationException.class, () -> parts.successes().clear());
  }
}
