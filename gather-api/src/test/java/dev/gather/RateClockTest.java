package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateClockTest {
  private static final long MILLI = 1_000_000;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -7, Long.MAX_VALUE, Long.MAX_VALUE - MILLI, Long.MIN_VALUE})
  void permitsAreEvenlySpacedWhereverTimeBegins(long origin) {
    RateClock clock = new RateClock(50, 1);
    assertEquals(List.of(0L, 20L, 40L, 60L, 80L), millisOfEach(clock, 5, origin));
  }

  @Test
  void aBurstGoesAtOnceAndTheRestIsEvenlySpaced() {
    RateClock clock = new RateClock(50, 3);
    assertEquals(List.of(0L, 0L, 0L, 20L, 40L, 60L), millisOfEach(clock, 6, 0));
  }

  @Test
  void aPauseEarnsNoMoreThanABurst() {
    RateClock clock = new RateClock(50, 3);
    millisOfEach(clock, 6, 0);
    long later = 3_600_000 * MILLI;
    assertEquals(List.of(0L, 0L, 0L, 20L, 40L), millisOfEach(clock, 5, later));
  }

  @Test
  void aShortPauseEarnsAPartOfABurst() {
    RateClock clock = new RateClock(50, 3);
    assertEquals(List.of(0L, 0L, 0L), millisOfEach(clock, 3, 0));
    assertEquals(List.of(0L, 10L, 30L), millisOfEach(clock, 3, 30 * MILLI));
  }

  @Test
  void whoComesLateDoesNotMakeTheNextComeEarly() {
    RateClock clock = new RateClock(50, 1);
    clock.take(0);
    clock.take(33 * MILLI);
    assertEquals(20 * MILLI, clock.delay(33 * MILLI));
    assertEquals(5 * MILLI, clock.delay(48 * MILLI));
    assertEquals(0, clock.delay(53 * MILLI));
    assertEquals(0, clock.delay(54 * MILLI));
  }

  @Test
  void inNoTimeMoreThanABurstAndWhatTheRateAllows() {
    long interval = 7;
    int burst = 5;
    RateClock clock = new RateClock(1e9 / interval, burst);
    List<Long> times = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 2_000; i++) {
      now += i % 17 == 0 ? i % 101 : i % 5; // pauses and crowds
      if (clock.delay(now) == 0) {
        clock.take(now);
        times.add(now);
      }
    }
    assertTrue(times.size() > 300, () -> "only " + times.size());
    for (int from = 0; from < times.size(); from++) {
      for (int to = from; to < times.size(); to++) {
        long most = burst + (times.get(to) - times.get(from)) / interval;
        assertTrue(to - from + 1 <= most, "from " + times.get(from) + " to " + times.get(to));
      }
    }
  }

  @Test
  void aNewRateCountsWhatWasHandedOutAsPermits() {
    RateClock clock = new RateClock(1, 1);
    clock.take(0);
    assertEquals(1_000 * MILLI, clock.delay(0));
    clock.setPermits(100, 250 * MILLI); // three quarters of an interval are left
    assertEquals(7_500_000, clock.delay(250 * MILLI));
    clock.setPermits(0.1, 250 * MILLI);
    assertEquals(7_500 * MILLI, clock.delay(250 * MILLI));
    assertEquals(0.1, clock.permits());
  }

  @Test
  void aNewRateKeepsTheBurst() {
    RateClock clock = new RateClock(1, 3);
    clock.setPermits(50, 0);
    assertEquals(List.of(0L, 0L, 0L, 20L, 40L), millisOfEach(clock, 5, 0));
    assertEquals(3, clock.burst());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MIN_VALUE, 1e-300, 1e-12})
  void theSlowestRateIsABurstForEver(double permits) {
    for (int burst : new int[] {1, 2, 5, 1_000_000}) {
      RateClock clock = new RateClock(permits, burst);
      for (int i = 0; i < burst; i++) {
        assertEquals(0, clock.delay(0));
        clock.take(0);
      }
      assertTrue(clock.delay(0) > 365L * 86_400_000 * MILLI);
      clock.setPermits(1e9, 0);
      assertTrue(clock.delay(0) <= 5);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e9, 1e10, Double.MAX_VALUE})
  void theFastestRateIsOnePermitInANanosecond(double permits) {
    RateClock clock = new RateClock(permits, 1);
    clock.take(0);
    assertEquals(1, clock.delay(0));
    assertEquals(0, clock.delay(1));
  }

  /** When each is handed out if all wait from the same moment on. */
  private static List<Long> millisOfEach(RateClock clock, int permits, long from) {
    List<Long> times = new ArrayList<>();
    long now = from;
    for (int i = 0; i < permits; i++) {
      long delay = clock.delay(now);
      now += delay;
      assertEquals(0, clock.delay(now));
      clock.take(now);
      times.add((now - from) / MILLI);
    }
    return times;
  }
}
