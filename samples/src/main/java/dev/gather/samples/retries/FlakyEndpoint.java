package dev.gather.samples.retries;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Fails a few times before it answers, and prints each attempt. */
public final class FlakyEndpoint implements Endpoint {
  private final PrintStream out;
  private final String name;
  private final int failures;
  private final AtomicInteger attempts = new AtomicInteger();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();

  /** Answers after so many failures. */
  public FlakyEndpoint(PrintStream out, String name, int failures) {
    this.out = out;
    this.name = name;
    this.failures = failures;
  }

  /** Never answers. */
  public static FlakyEndpoint down(PrintStream out, String name) {
    return new FlakyEndpoint(out, name, Integer.MAX_VALUE);
  }

  @Override
  public String fetch() throws IOException {
    int attempt = attempts.incrementAndGet();
    if (attempt <= failures) {
      out.println(name + ": attempt " + attempt + " fails");
      failed.complete(null);
      throw new IOException(name + " is down");
    }
    out.println(name + ": attempt " + attempt + " answers");
    return name;
  }

  @Override
  public CompletableFuture<String> fetchAsync() {
    try {
      return CompletableFuture.completedFuture(fetch());
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** How many attempts there have been. */
  public int attempts() {
    return attempts.get();
  }

  /** Completes with the first attempt that fails. */
  public CompletableFuture<Void> failed() {
    return failed;
  }
}
