package dev.gather.benchmarks.workloads;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jmh.annotations.Benchmark;

/** Futures that are done already; each library gets its own kind of future. */
public class CompletedFutures extends ManyTasks {
  private List<CompletableFuture<Item>> futures;
  private List<ListenableFuture<Item>> listenable;
  private List<Future<Item>> ofVertx;

  @Override
  protected void open() {
    futures = items.stream().map(CompletableFuture::completedFuture).toList();
    listenable = items.stream().map(Futures::immediateFuture).toList();
    ofVertx = items.stream().map(Future::succeededFuture).toList();
  }

  @Benchmark
  public List<Item> gather() {
    return Awaiting.gather(futures).join();
  }

  @Benchmark
  public List<Item> allOf() {
    return Awaiting.allOf(futures).join();
  }

  @Benchmark
  public List<Item> spotify() {
    return Awaiting.spotify(futures).join();
  }

  @Benchmark
  public List<Item> guava() {
    return Awaiting.get(Awaiting.guava(listenable));
  }

  @Benchmark
  public List<Item> reactor() {
    return Awaiting.reactor(futures).join();
  }

  @Benchmark
  public List<Item> mutiny() {
    return Awaiting.mutiny(futures).join();
  }

  @Benchmark
  public List<Item> vertx() {
    return VertxPeer.await(Awaiting.vertx(ofVertx));
  }
}
