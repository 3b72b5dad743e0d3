package dev.gather.benchmarks.jdk25;

import dev.gather.benchmarks.workloads.BlockedTasks;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.StructuredTaskScope;
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
  public void invokeAllVirtual(OnVirtualThreads tasks) throws Exception {
    tasks.cancelAll();
  }

  @Benchmark
  public void structured(InScope tasks) throws Exception {
    tasks.cancelAll();
  }

  /** What interrupting the caller of {@code invokeAll} does, seen from outside. */
  public static class OnVirtualThreads extends BlockedTasks {
    private ExecutorService executor;

    @Override
    protected void start(List<Callable<Void>> blocked) {
      executor = Executors.newVirtualThreadPerTaskExecutor();
      blocked.forEach(executor::submit);
    }

    @Override
    protected void cancel() {
      executor.shutdownNow();
    }

    @Override
    protected void close() {
      executor.close();
    }
  }

  /** Cancelled by interrupting the owner, which closes the scope. */
  public static class InScope extends BlockedTasks {
    private Thread owner;

    @Override
    protected void start(List<Callable<Void>> blocked) {
      owner = Thread.ofVirtual().start(() -> own(blocked));
    }

    @Override
    protected void cancel() throws InterruptedException {
      owner.interrupt();
      owner.join();
    }

    private static void own(List<Callable<Void>> blocked) {
      try (var scope = StructuredTaskScope.open()) {
        blocked.forEach(scope::fork);
        scope.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
