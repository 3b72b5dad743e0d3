package dev.gather.benchmarks.workloads;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/** Callables that ask for a permit themselves. */
public final class Permitted {
  private Permitted() {}

  public static Callable<Item> by(Semaphore permits, Callable<Item> callable) {
    return () -> {
      permits.acquire();
      try {
        return callable.call();
      } finally {
        permits.release();
      }
    };
  }

  public static List<Item> invokeAll(ExecutorService executor, List<Callable<Item>> callables)
      throws Exception {
    List<Item> results = new ArrayList<>(callables.size());
    for (var future : executor.invokeAll(callables)) {
      results.add(future.get());
    }
    return results;
  }
}
