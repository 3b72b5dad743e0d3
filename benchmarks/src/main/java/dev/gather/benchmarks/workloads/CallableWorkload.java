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
import org.openjdk.jmh.annotations.Benchmark;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Callables, run by whoever can run them on any JDK. */
public abstract class CallableWorkload extends CallableState {
  private ExecutorService fixed;
  private Executor async;
  private ListeningExecutorService listening;
  private Scheduler scheduler;
  private VertxPeer vertx;

  /** How many threads a contender gets that has a fixed number of them. */
  protected abstract int threads();

  /** What Gather is told beside the callables. */
  protected Gather<Item> configured(Gather<Item> gather) {
    return gather;
  }

  /** How many at a time those are told to run that have to be told. */
  protected int concurrency() {
    return n;
  }

  /** Where {@code supplyAsync} runs. */
  protected Executor async(ExecutorService fixedPool) {
    return fixedPool;
  }

  @Override
  protected void open() {
    super.open();
    fixed = Executors.newFixedThreadPool(threads());
    async = async(fixed);
    listening = MoreExecutors.listeningDecorator(fixed);
    scheduler = Schedulers.fromExecutorService(fixed);
    vertx = new VertxPeer(threads());
  }

  @Override
  protected void close() throws Exception {
    vertx.close();
    scheduler.dispose();
    Threads.end(fixed);
  }

  @Benchmark
  public List<Item> gather() {
    return configured(Gather.<Callable<Item>, Item>each(callables, Callable::call)).all().join();
  }

  @Benchmark
  public List<Item> supplyAsync() {
    List<CompletableFuture<Item>> futures = supplied();
    CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
    return futures.stream().map(CompletableFuture::join).toList();
  }

  @Benchmark
  public List<Item> spotify() {
    return CompletableFutures.allAsList(supplied()).join();
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
        .flatMapSequential(
            callable -> Mono.fromCallable(callable).subscribeOn(scheduler), concurrency())
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
    return Uni.join()
        .all(unis)
        .usingConcurrencyOf(concurrency())
        .andFailFast()
        .await()
        .indefinitely();
  }

  @Benchmark
  public List<Item> vertx() {
    List<Future<Item>> futures = callables.stream().map(vertx::executeBlocking).toList();
    return VertxPeer.await(Future.all(futures).map(all -> all.<Item>list()));
  }

  private List<CompletableFuture<Item>> supplied() {
    return callables.stream()
        .map(callable -> CompletableFuture.supplyAsync(() -> unchecked(callable), async))
        .toList();
  }
}
