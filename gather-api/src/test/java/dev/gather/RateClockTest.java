package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

  // ---- exactly

  static Stream<Arguments> ratesAndBursts() {
    double[] rates = {
      1e5, 1e5 / 3, 123_456.789, 333_333.3, 1e6, 3e6, 7e6 + 0.1, 3e8, 0.7e9, 999_999_999, 1e9
    };
    int[] bursts = {2, 3, 100, 10_000, 1_000_000};
    return Arrays.stream(rates)
        .boxed()
        .flatMap(rate -> Arrays.stream(bursts).mapToObj(burst -> arguments(rate, burst)));
  }

  @ParameterizedTest
  @MethodSource("ratesAndBursts")
  void asManyAsTheRateAllowsToThePermitWhileSomebodyAlwaysWaits(double rate, int burst) {
    RateClock clock = new RateClock(rate, burst);
    Random random = new Random(7);
    // As long as a burst is not full nothing is lost, so there is one right number at any time.
    long longest = (long) Math.max(1, Math.min(burst - 1.0, 1_000) / rate * 1e9);
    long now = 0;
    long granted = 0;
    for (int i = 0; i < 300; i++) {
      granted += takeAll(clock, now);
      BigDecimal earned = exactly(rate, now);
      assertEquals(burst + earned.longValue(), granted, () -> "of " + earned);
      now += 1 + random.nextLong(longest);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e5 / 3, 1e5, 777_777.7})
  void nothingAddsUpInHours(double rate) {
    int burst = 1_000_000;
    RateClock clock = new RateClock(rate, burst);
    long step = (long) ((burst - 1) / rate * 1e9);
    long granted = 0;
    for (int i = 0; i <= 200; i++) {
      granted += takeAll(clock, i * step);
    }
    assertEquals(burst + exactly(rate, 200 * step).longValue(), granted);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 3e-6, 0.3, 50, 1e5, 1e5 / 3, 123_456.789, 3e8, 999_999_999, 1e9})
  void eachWaitsUntilItsPermitIsEarnedAndNotLonger(double rate) {
    for (int burst : new int[] {2, 5, 1_000_000}) {
      RateClock clock = new RateClock(rate, burst);
      long now = 0;
      assertEquals(burst, takeAll(clock, now));
      long granted = 0;
      for (int i = 0; i < 1_000 && now < Long.MAX_VALUE / 8; i++) {
        now += clock.delay(now);
        // It comes in the first nanosecond in which there is one more.
        assertTrue(exactly(rate, now).longValue() > granted);
        assertEquals(granted, exactly(rate, now - 1).longValue());
        granted += takeAll(clock, now);
        assertEquals(exactly(rate, now).longValue(), granted);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 3e-6, 0.3, 1e5, 1e5 / 3, 123_456.789, 3e8, 999_999_999, 1e9, 3e9})
  void inAnyTimeNeverMoreThanABurstAndWhatTheRateAllows(double rate) {
    for (int burst : new int[] {1, 2, 7, 1_000}) {
      RateClock clock = new RateClock(rate, burst);
      Random random = new Random(burst);
      long now = random.nextLong(1_000);
      long granted = 0;
      BigDecimal least = null; // of what was granted beyond the rate before any of these times
      for (int i = 0; i < 2_000; i++) {
        BigDecimal due = exactly(rate, now);
        BigDecimal before = BigDecimal.valueOf(granted).subtract(due);
        least = least == null ? before : least.min(before);
        int most = random.nextInt(4) == 0 ? burst : random.nextInt(5);
        for (int taken = 0; taken < most && clock.delay(now) == 0; taken++) {
          clock.take(now);
          granted++;
        }
        BigDecimal above = BigDecimal.valueOf(granted).subtract(due).subtract(least);
        assertTrue(above.compareTo(BigDecimal.valueOf(burst)) <= 0, () -> "one too many: " + above);
        now +=
            switch (random.nextInt(4)) {
              case 0 -> clock.delay(now);
              case 1 -> 1;
              case 2 -> random.nextLong((long) Math.max(2, Math.min(1e15, 3e9 / rate)));
              default -> random.nextLong((long) Math.max(2, Math.min(1e15, burst * 2e9 / rate)));
            };
      }
      assertTrue(granted > 100, "only few");
    }
  }

  @Test
  void aLargeBurstOfASlowRateIsAllThere() {
    RateClock clock = new RateClock(1e-6, 1_000_000);
    assertEquals(1_000_000, takeAll(clock, 0));
    long delay = clock.delay(0);
    assertTrue(exactly(1e-6, delay).intValue() == 1 && exactly(1e-6, delay - 1).intValue() == 0);
    assertEquals(Integer.MAX_VALUE, new RateClock(1e-300, Integer.MAX_VALUE).burst());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000, Integer.MAX_VALUE})
  void theFastestRateFillsABurstInANanosecond(int burst) {
    RateClock clock = new RateClock(Double.MAX_VALUE, burst);
    clock.take(5);
    assertEquals(burst == 1 ? 1 : 0, clock.delay(5));
    assertEquals(0, clock.delay(6));
  }

  // ---- another time

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -7, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62})
  void whatIsOwedIsOwedInAnotherTimeToo(long other) {
    RateClock clock = new RateClock(1e9 / 3.5, 3);
    takeAll(clock, 1_000);
    assertEquals(4, clock.delay(1_000));
    assertEquals(2, clock.delay(1_002));
    clock.move(1_002, other);
    assertEquals(2, clock.delay(other));
    assertEquals(0, clock.delay(other + 2));
    assertEquals(1, takeAll(clock, other + 2));
    assertEquals(3, clock.delay(other + 2)); // the second after 7
    clock.move(other + 2, -1);
    assertEquals(0, clock.delay(2));
  }

  @Test
  void whatIsReadyIsReadyInAnotherTimeToo() {
    RateClock clock = new RateClock(1, 3);
    clock.move(0, Long.MIN_VALUE);
    assertEquals(3, takeAll(clock, Long.MIN_VALUE));
    clock.move(Long.MIN_VALUE + 2_000 * MILLI, 17);
    assertEquals(2, takeAll(clock, 17));
    assertEquals(1_000 * MILLI, clock.delay(17));
  }

  private static int takeAll(RateClock clock, long now) {
    int taken = 0;
    for (; clock.delay(now) == 0; taken++) {
      clock.take(now);
    }
    return taken;
  }

  private static BigDecimal exactly(double rate, long nanos) {
    return new BigDecimal(rate).multiply(BigDecimal.valueOf(nanos)).movePointLeft(9);
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
