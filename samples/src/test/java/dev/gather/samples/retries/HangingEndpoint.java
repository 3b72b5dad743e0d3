package dev.gather.samples.retries;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The first attempt hangs until it is cancelled; a second would answer. */
final class HangingEndpoint implements Endpoint {
  final AtomicInteger attempts = new AtomicInteger();
  final CompletableFuture<Void> asked = new CompletableFuture<>();
  final CompletableFuture<String> pending = new CompletableFuture<>();

  @Override
  public String fetch() throws InterruptedException {
    if (attempts.incrementAndGet() == 1) {
      asked.complete(null);
      new CountDownLatch(1).await();
    }
    return "answer";
  }

  @Override
  public CompletableFuture<String> fetchAsync() {
    if (attempts.incrementAndGet() > 1) {
      return CompletableFuture.completedFuture("answer");
    }
    asked.complete(null);
    return pending;
  }
}
