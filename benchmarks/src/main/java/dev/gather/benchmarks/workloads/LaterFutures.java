package dev.gather.benchmarks.workloads;

import com.google.common.util.concurrent.SettableFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;

/** Futures that another thread completes, in order, when the contender waits for them already. */
public class LaterFutures extends ManyTasks {
  private ExecutorService completer;

  @Override
  protected void open() {
    completer = Executors.newSingleThreadExecutor();
  }

  @Override
  protected void close() throws Exception {
    Threads.end(completer);
  }

  @Benchmark
  public List<Item> gather() {
    return awaited(Awaiting::gather);
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
  public List<Item> guava() {
    List<SettableFuture<Item>> promises = promises(SettableFuture::create);
    var all = Awaiting.guava(promises);
    complete(i -> promises.get(i).set(items.get(i)));
    return Awaiting.get(all);
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
    List<Promise<Item>> promises = promises(Promise::promise);
    Future<List<Item>> all = Awaiting.vertx(promises.stream().map(Promise::future).toList());
    complete(i -> promises.get(i).tryComplete(items.get(i)));
    return VertxPeer.await(all);
  }

  private List<Item> awaited(
      Function<List<CompletableFuture<Item>>, CompletableFuture<List<Item>>> contender) {
    List<CompletableFuture<Item>> promises = promises(CompletableFuture::new);
    CompletableFuture<List<Item>> all = contender.apply(promises);
    complete(i -> promises.get(i).complete(items.get(i)));
    return all.join();
  }

  private <P> List<P> promises(Supplier<P> promise) {
    return items.stream().map(item -> promise.get()).toList();
  }

  private void complete(IntConsumer one) {
    completer.execute(
        () -> {
          for (int i = 0; i < n; i++) {
            one.accept(i);
          }
        });
  }
}
