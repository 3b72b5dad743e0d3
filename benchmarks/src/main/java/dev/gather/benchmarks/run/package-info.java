/** Runs JMH. */
package dev.gather.benchmarks.run;
