package dev.gather.benchmarks.workloads;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** From the cancel to the end of all tasks, which are blocked. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CancelBlocked {
  @Benchmark
  public void gather(Gathered tasks) throws Exception {
    tasks.cancelAll();
  }

  @Benchmark
  public void invokeAllFixed(OnFixedThreads tasks) throws Exception {
    tasks.cancelAll();
  }

  @Benchmark
  public void guava(OnGuava tasks) throws Exception {
    tasks.cancelAll();
  }

  /** Cancelled through its future. */
  public static class Gathered extends BlockedTasks {
    private GatherFuture<List<Void>> all;

    @Override
    protected void start(List<Callable<Void>> blocked) {
      all = Gather.<Callable<Void>, Void>each(blocked, Callable::call).all();
    }

    @Override
    protected void cancel() {
      all.cancel(true);
      all.terminated().join();
    }
  }

  /** What interrupting the caller of {@code invokeAll} does, seen from outside. */
  public static class OnFixedThreads extends BlockedTasks {
    private ExecutorService executor;

    @Override
    protected void start(List<Callable<Void>> blocked) {
      executor = Executors.newFixedThreadPool(blocked.size());
      blocked.forEach(executor::submit);
    }

    @Override
    protected void cancel() {
      executor.shutdownNow();
    }

    @Override
    protected void close() throws Exception {
      Threads.end(executor);
    }
  }

  /** Cancelled through the future of the list. */
  public static class OnGuava extends BlockedTasks {
    private ListeningExecutorService executor;
    private ListenableFuture<List<Void>> all;

    @Override
    protected void start(List<Callable<Void>> blocked) {
      executor = MoreExecutors.listeningDecorator(Executors.newFixedThreadPool(blocked.size()));
      all = Futures.allAsList(blocked.stream().map(executor::submit).toList());
    }

    @Override
    protected void cancel() {
      all.cancel(true);
    }

    @Override
    protected void close() throws Exception {
      Threads.end(executor);
    }
  }
}
