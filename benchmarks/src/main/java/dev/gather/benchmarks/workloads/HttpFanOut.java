package dev.gather.benchmarks.workloads;

import dev.gather.future.Gather;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;

/** Requests to a server in the same JVM, from Java. */
public class HttpFanOut extends ManyTasks {
  private EmbeddedServer server;

  @Override
  protected void open() throws Exception {
    server = new EmbeddedServer();
  }

  @Override
  protected void close() throws Exception {
    server.stop();
  }

  @Benchmark
  public List<Item> gather() {
    return Gather.<Item, Item>eachAsync(items, this::fetch).all().join();
  }

  @Benchmark
  public List<Item> allOf() {
    return awaited(Awaiting::allOf);
  }

  @Benchmark
  public List<Item> spotify() {
    return awaited(Awaiting::spotify);
  }

  @Benchmark
  public List<Item> reactor() {
    return awaited(Awaiting::reactor);
  }

  @Benchmark
  public List<Item> mutiny() {
    return awaited(Awaiting::mutiny);
  }

  @Benchmark
  public List<Item> vertx() {
    return VertxPeer.await(
        Awaiting.vertx(
            items.stream().map(item -> Future.fromCompletionStage(fetch(item))).toList()));
  }

  private List<Item> awaited(
      Function<List<CompletableFuture<Item>>, CompletableFuture<List<Item>>> contender) {
    return contender.apply(items.stream().map(this::fetch).toList()).join();
  }

  private CompletableFuture<Item> fetch(Item item) {
    return server.send(item).thenApply(EmbeddedServer::item);
  }
}
