package dev.gather.benchmarks.paired;

/**
 * A turn of both, one after the other.
 *
 * @param nanos how long a call of Gather took
 * @param bytes how much all threads together have allocated for it
 * @param peerNanos how long a call of the other took
 * @param peerBytes how much that allocated
 */
public record Turn(double nanos, double bytes, double peerNanos, double peerBytes) {}
