/** Gather and one of its peers in one JVM, in turn: how they compare, whatever the machine does. */
package dev.gather.benchmarks.paired;
