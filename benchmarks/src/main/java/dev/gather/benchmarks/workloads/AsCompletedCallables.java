package dev.gather.benchmarks.workloads;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import dev.gather.Completed;
import dev.gather.future.Gather;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Callables that return after some 20 ns, some at the same time, whose results are taken as they
 * come.
 */
public class AsCompletedCallables extends AsCompletedState {
  private ExecutorService fixed;
  private ListeningExecutorService listening;
  private Scheduler scheduler;

  @Override
  protected void open() {
    super.open();
    fixed = Executors.newFixedThreadPool(limit);
    listening = MoreExecutors.listeningDecorator(fixed);
    scheduler = Schedulers.fromExecutorService(fixed);
  }

  @Override
  protected void close() throws Exception {
    scheduler.dispose();
    Threads.end(fixed);
  }

  @Benchmark
  public List<Item> gather() {
    Arrivals arrivals = new Arrivals(n);
    try (Stream<Completed<Item>> results = limited().stream()) {
      results.forEach(completed -> arrivals.add(completed.getOrThrow()));
    }
    return arrivals.inOrder();
  }

  @Benchmark
  public List<Item> gatherPublisher() {
    return ArrivalsSubscriber.takeAll(limited().asCompleted(), n);
  }

  @Benchmark
  public List<Item> gatherOneByOne() {
    return ArrivalsSubscriber.takeOneByOne(limited().asCompleted(), n);
  }

  @Benchmark
  public List<Item> completionService() throws Exception {
    return CompletionService.take(fixed, callables, limit);
  }

  @Benchmark
  public List<Item> guava() throws Exception {
    Arrivals arrivals = new Arrivals(n);
    for (var future :
        Futures.inCompletionOrder(callables.stream().map(listening::submit).toList())) {
      arrivals.add(future.get());
    }
    return arrivals.inOrder();
  }

  @Benchmark
  public List<Item> reactor() {
    Arrivals arrivals = new Arrivals(n);
    Flux.fromIterable(callables)
        .flatMap(callable -> Mono.fromCallable(callable).subscribeOn(scheduler), limit)
        .doOnNext(arrivals::add)
        .blockLast();
    return arrivals.inOrder();
  }

  private Gather<Item> limited() {
    return Gather.<Callable<Item>, Item>each(callables, Callable::call).limit(limit);
  }
}
