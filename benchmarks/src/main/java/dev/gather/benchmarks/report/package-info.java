/** Makes tables and charts of what JMH has written. */
package dev.gather.benchmarks.report;
