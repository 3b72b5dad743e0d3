package dev.gather.benchmarks.workloads;

/**
 * What a task gets and gives back: an object made beforehand, so that no contender boxes a number.
 */
public record Item(int index) {}
