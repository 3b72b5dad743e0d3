package dev.gather.samples.cli.fetch.download;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One URL that has been fetched.
 *
 * @param status of the answer, 2xx
 * @param bytes of the body
 * @param file where the body is, if it was to be kept
 */
public record Download(int status, long bytes, @Nullable Path file) {}
