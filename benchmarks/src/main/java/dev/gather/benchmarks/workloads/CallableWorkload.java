package dev.gather.benchmarks.workloads;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import com.spotify.futures.CompletableFutures;
import dev.gather.future.Gather;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Callables, all at the same time if there are threads for them. */
public abstract class CallableWorkload extends CallableState {
  protected ExecutorService fixed;
  private ListeningExecutorService listening;
  private Scheduler scheduler;
  private VertxPeer vertx;

  /** Where {@code supplyAsync} runs; what its documentation names for work that does not block. */
  protected Executor async() {
    return ForkJoinPool.commonPool();
  }

  /** How many threads a contender gets that has a fixed number of them. */
  protected int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Setup
  public void open() {
    fixed = Executors.newFixedThreadPool(threads());
    listening = MoreExecutors.listeningDecorator(fixed);
    scheduler = Schedulers.fromExecutorService(fixed);
    vertx = new VertxPeer(threads());
  }

  @TearDown
  public void close() {
    vertx.close();
    scheduler.dispose();
    fixed.shutdownNow();
  }

  @Benchmark
  public List<Item> gather() {
    return Gather.<Callable<Item>, Item>each(callables, Callable::call).all().join();
  }

  @Benchmark
  public List<Item> supplyAsync() {
    List<CompletableFuture<Item>> futures = suppliedAsync();
    CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
    return futures.stream().map(CompletableFuture::join).toList();
  }

  @Benchmark
  public List<Item> spotify() {
    return CompletableFutures.allAsList(suppliedAsync()).join();
  }

  @Benchmark
  public List<Item> invokeAllFixed() throws Exception {
    List<Item> results = new ArrayList<>(n);
    for (var future : fixed.invokeAll(callables)) {
      results.add(future.get());
    }
    return results;
  }

  @Benchmark
  public List<Item> guava() throws Exception {
    return Futures.allAsList(callables.stream().map(listening::submit).toList()).get();
  }

  @Benchmark
  public List<Item> reactor() {
    return Flux.fromIterable(callables)
        .flatMapSequential(callable -> Mono.fromCallable(callable).subscribeOn(scheduler), n)
        .collectList()
        .block();
  }

  @Benchmark
  public List<Item> mutiny() {
    List<Uni<Item>> unis =
        callables.stream()
            .map(
                callable ->
                    Uni.createFrom().item(() -> unchecked(callable)).runSubscriptionOn(fixed))
            .toList();
    return Uni.join().all(unis).andFailFast().await().indefinitely();
  }

  @Benchmark
  public List<Item> vertx() {
    List<Future<Item>> futures = callables.stream().map(vertx::executeBlocking).toList();
    return VertxPeer.await(Future.all(futures).map(all -> all.<Item>list()));
  }

  private List<CompletableFuture<Item>> suppliedAsync() {
    return callables.stream()
        .map(callable -> CompletableFuture.supplyAsync(() -> unchecked(callable), async()))
        .toList();
  }
}
