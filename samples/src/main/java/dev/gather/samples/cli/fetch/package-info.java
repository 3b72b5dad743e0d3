/**
 * {@code gather fetch}: from what the user says to the gather, and on to the report. The URLs come
 * from {@code urls}, each is fetched in {@code download}, and what came of them stands in {@code
 * report}.
 */
@NullMarked
package dev.gather.samples.cli.fetch;

import org.jspecify.annotations.NullMarked;
