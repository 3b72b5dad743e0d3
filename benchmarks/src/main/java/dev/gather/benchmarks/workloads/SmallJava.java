package dev.gather.benchmarks.workloads;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import com.spotify.futures.CompletableFutures;
import dev.gather.future.Gather;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.openjdk.jmh.annotations.Benchmark;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Three callables that return at once. */
public class SmallJava extends SmallState {
  private ExecutorService fixed;
  private ListeningExecutorService listening;
  private Scheduler scheduler;
  private VertxPeer vertx;

  @Override
  protected void open() {
    super.open();
    int threads = Runtime.getRuntime().availableProcessors();
    fixed = Executors.newFixedThreadPool(threads);
    listening = MoreExecutors.listeningDecorator(fixed);
    scheduler = Schedulers.fromExecutorService(fixed);
    vertx = new VertxPeer(threads);
  }

  @Override
  protected void close() throws Exception {
    vertx.close();
    scheduler.dispose();
    Threads.end(fixed);
  }

  @Benchmark
  public List<Item> gather() {
    return Gather.<Item>of(a, b, c).all().join();
  }

  @Benchmark
  public List<Item> gatherTyped() {
    return Gather.zip(a, b, c, (x, y, z) -> List.of(x, y, z)).join();
  }

  @Benchmark
  public List<Item> supplyAsync() {
    CompletableFuture<Item> x = supplied(a);
    CompletableFuture<Item> y = supplied(b);
    CompletableFuture<Item> z = supplied(c);
    CompletableFuture.allOf(x, y, z).join();
    return List.of(x.join(), y.join(), z.join());
  }

  @Benchmark
  public List<Item> spotify() {
    return CompletableFutures.combine(
            supplied(a), supplied(b), supplied(c), (x, y, z) -> List.of(x, y, z))
        .toCompletableFuture()
        .join();
  }

  @Benchmark
  public List<Item> invokeAllFixed() throws Exception {
    var futures = fixed.invokeAll(List.of(a, b, c));
    return List.of(futures.get(0).get(), futures.get(1).get(), futures.get(2).get());
  }

  @Benchmark
  public List<Item> guava() throws Exception {
    return Futures.allAsList(listening.submit(a), listening.submit(b), listening.submit(c)).get();
  }

  @Benchmark
  public List<Item> reactor() {
    return Mono.zip(mono(a), mono(b), mono(c))
        .map(all -> List.of(all.getT1(), all.getT2(), all.getT3()))
        .block();
  }

  @Benchmark
  public List<Item> mutiny() {
    return Uni.join().all(uni(a), uni(b), uni(c)).andFailFast().await().indefinitely();
  }

  @Benchmark
  public List<Item> vertx() {
    return VertxPeer.await(
        Future.all(vertx.executeBlocking(a), vertx.executeBlocking(b), vertx.executeBlocking(c))
            .map(all -> all.<Item>list()));
  }

  private static CompletableFuture<Item> supplied(Callable<Item> callable) {
    return CompletableFuture.supplyAsync(
        () -> CallableState.unchecked(callable), ForkJoinPool.commonPool());
  }

  private Mono<Item> mono(Callable<Item> callable) {
    return Mono.fromCallable(callable).subscribeOn(scheduler);
  }

  private Uni<Item> uni(Callable<Item> callable) {
    return Uni.createFrom().item(() -> CallableState.unchecked(callable)).runSubscriptionOn(fixed);
  }
}
