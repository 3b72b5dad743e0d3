/** Run these concurrently, wait for all, get the results in order, as CompletableFutures. */
@NullMarked
package dev.gather.future;

import org.jspecify.annotations.NullMarked;
