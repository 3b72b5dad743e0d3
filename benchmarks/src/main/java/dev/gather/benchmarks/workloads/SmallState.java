package dev.gather.benchmarks.workloads;

import java.util.concurrent.Callable;

/** Three callables made beforehand. */
public abstract class SmallState extends ThreeTasks {
  protected Callable<Item> a;
  protected Callable<Item> b;
  protected Callable<Item> c;

  @Override
  protected void open() {
    a = () -> Work.shortly(items.get(0));
    b = () -> Work.shortly(items.get(1));
    c = () -> Work.shortly(items.get(2));
  }
}
