/** The contenders that only a newer JDK has, in classes named as the workloads they belong to. */
package dev.gather.benchmarks.jdk25;
