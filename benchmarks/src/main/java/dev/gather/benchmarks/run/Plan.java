package dev.gather.benchmarks.run;

import java.util.List;

/**
 * What is to be measured.
 *
 * @param jmh by JMH, in this order
 * @param effort how long
 * @param heartbeats beside whom the waits of other coroutines are measured
 * @param python in which workloads, and at which sizes, Python is measured
 */
public record Plan(List<Pass> jmh, Effort effort, List<Pass> heartbeats, List<Pass> python) {}
