/**
 * One class for each workload, in it one method for each contender; a contender has the same name
 * everywhere. What needs a newer JDK is under {@code src/jdk25}, in a class of the same name.
 */
package dev.gather.benchmarks.workloads;
