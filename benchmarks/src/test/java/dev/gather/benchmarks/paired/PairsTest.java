package dev.gather.benchmarks.paired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairsTest {
  private static final Pairs PAIRS =
      new Pairs(
          "Work",
          1,
          "other",
          List.of(new Turn(1, 30, 2, 10), new Turn(30, 30, 10, 10), new Turn(100, 10, 100, 10)));

  @Test
  void theRatioIsTheMedianOfThoseOfTheTurnsAndNotThatOfTheMedians() {
    assertEquals(1.0, PAIRS.time());
    assertEquals(3.0, PAIRS.bytes());
    assertEquals(30.0, PAIRS.quantile(0.5, Turn::nanos));
  }

  @Test
  void aPartBetweenTwoTurnsLiesBetweenTheirRatios() {
    assertEquals(0.75, PAIRS.time(0.25));
    assertEquals(2.0, PAIRS.time(0.75));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothAreCalledInEachTurn(boolean isFirst) throws Exception {
    Duration time = Duration.ofMillis(1);
    Pairs pairs = Pairing.measure("CancelSuspended", 10, "raw", isFirst, time, time);
    assertTrue(pairs.turns().size() >= 5);
    for (Turn turn : pairs.turns()) {
      assertTrue(turn.nanos() > 0 && turn.peerNanos() > 0, turn::toString);
      assertTrue(turn.bytes() > 0 && turn.peerBytes() > 0, turn::toString);
    }
  }

  @Test
  void whoeverIsNotThereIsNotMeasured() {
    assertTrue(Pairing.isThere("NotSuspending", "raw"));
    assertFalse(Pairing.isThere("NotSuspending", "nobody"));
    assertFalse(Pairing.isThere("Nothing", "raw"));
  }
}
