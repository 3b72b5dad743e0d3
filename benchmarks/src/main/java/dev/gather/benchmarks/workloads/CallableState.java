package dev.gather.benchmarks.workloads;

import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Setup;

/** Callables made beforehand, one for each item. */
public abstract class CallableState extends Workload {
  protected List<Callable<Item>> callables;

  protected abstract Item call(Item item) throws Exception;

  @Setup
  public void makeCallables() {
    makeItems();
    callables = items.stream().<Callable<Item>>map(item -> () -> call(item)).toList();
  }

  /** What {@code Supplier} and other types that allow no checked exception need. */
  protected static <T> T unchecked(Callable<T> callable) {
    try {
      return callable.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
