package dev.gather.benchmarks.workloads;

import java.util.List;
import java.util.concurrent.Callable;

/** Callables made beforehand, one for each item. */
public abstract class CallableState extends ManyTasks {
  protected List<Callable<Item>> callables;

  protected abstract Item call(Item item) throws Exception;

  @Override
  protected void open() {
    callables = items.stream().<Callable<Item>>map(item -> () -> call(item)).toList();
  }

  /** For {@code Supplier} and other types that allow no checked exception. */
  protected static <T> T unchecked(Callable<T> callable) {
    try {
      return callable.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
