package dev.gather.benchmarks.workloads;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;

/** The loop that takes one result and submits one callable for it. */
public final class CompletionService {
  private CompletionService() {}

  public static List<Item> take(Executor executor, List<Callable<Item>> callables, int limit)
      throws InterruptedException, ExecutionException {
    var service = new ExecutorCompletionService<Item>(executor);
    Arrivals arrivals = new Arrivals(callables.size());
    Iterator<Callable<Item>> rest = callables.iterator();
    for (int i = 0; i < limit && rest.hasNext(); i++) {
      service.submit(rest.next());
    }
    for (int i = 0; i < callables.size(); i++) {
      Item item = service.take().get();
      if (rest.hasNext()) {
        service.submit(rest.next());
      }
      arrivals.add(item);
    }
    return arrivals.inOrder();
  }
}
