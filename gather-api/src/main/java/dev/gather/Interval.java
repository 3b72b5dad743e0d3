package dev.gather;

import java.math.BigInteger;

/**
 * The time from one permit to the next, exactly: {@code nanos + rest / parts} nanoseconds. A
 * rounded one would be wrong by a permit after so many that have been added up, sooner the shorter
 * it is.
 *
 * @param nanos the whole ones
 * @param rest less than {@code parts}
 * @param parts into how many a nanosecond is divided, so that there is nothing to be rounded
 */
record Interval(long nanos, long rest, long parts) {
  private static final long SECOND = 1_000_000_000;

  /** 73 years: as good as never, and a few of them can be added up. */
  private static final long FOREVER = Long.MAX_VALUE / 4;

  /** In a nanosecond as many permits as there can be in a burst: more make no difference. */
  private static final double FASTEST = 0x1p61;

  private static final int FRACTION_BITS = 52;

  /**
   * A {@code double} is a whole number times a power of two, so the interval is a fraction with
   * that number below.
   */
  static Interval of(double permits) {
    if (SECOND / permits >= FOREVER) {
      return new Interval(FOREVER, 0, 1);
    }
    double rate = Math.min(permits, FASTEST);
    int exponent = Math.getExponent(rate) - FRACTION_BITS;
    long number = (long) Math.scalb(rate, -exponent);
    int zeros = Long.numberOfTrailingZeros(number);
    number >>= zeros;
    exponent += zeros;
    long parts = exponent > 0 ? number << exponent : number;
    BigInteger[] second =
        BigInteger.valueOf(SECOND)
            .shiftLeft(Math.max(0, -exponent))
            .divideAndRemainder(BigInteger.valueOf(parts));
    return new Interval(second[0].longValueExact(), second[1].longValueExact(), parts);
  }

  /** About how many of them fit into a time; at most one too many or too few up to a burst. */
  long about(long time) {
    return (long) (time / (nanos + (double) rest / parts));
  }

  /** How many parts it has, those of its whole nanoseconds included. */
  BigInteger allParts() {
    return BigInteger.valueOf(nanos)
        .multiply(BigInteger.valueOf(parts))
        .add(BigInteger.valueOf(rest));
  }
}
