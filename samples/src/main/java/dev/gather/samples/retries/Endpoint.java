package dev.gather.samples.retries;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Something remote. */
public interface Endpoint {
  /** Asks it, in the calling thread. */
  String fetch() throws IOException, InterruptedException;

  /** Asks it, and blocks nobody. */
  CompletableFuture<String> fetchAsync();
}
