package dev.gather.benchmarks.workloads;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.Callable;

/** Vert.x is started by whoever needs it first: it brings threads of its own. */
final class VertxPeer implements AutoCloseable {
  private final int workers;
  private Vertx vertx;

  VertxPeer(int workers) {
    this.workers = workers;
  }

  <T> Future<T> executeBlocking(Callable<T> callable) {
    return vertx().executeBlocking(callable, false);
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private Vertx vertx() {
    if (vertx == null) {
      vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(workers));
    }
    return vertx;
  }

  @Override
  public void close() {
    if (vertx != null) {
      await(vertx.close());
    }
  }
}
