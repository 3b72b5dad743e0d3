/** The command that measures Gather beside its peers and reports what came out. */
package dev.gather.benchmarks;
