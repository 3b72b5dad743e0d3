package dev.gather.benchmarks.workloads;

import dev.gather.Completed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/** Takes what is published: asks for everything at once, or for one after another. */
final class ArrivalsSubscriber implements Subscriber<Completed<Item>> {
  private final Arrivals arrivals;
  private final boolean isOneByOne;
  private final CompletableFuture<List<Item>> all = new CompletableFuture<>();
  private Subscription subscription;

  private ArrivalsSubscriber(int expected, boolean isOneByOne) {
    this.arrivals = new Arrivals(expected);
    this.isOneByOne = isOneByOne;
  }

  static List<Item> takeAll(Publisher<Completed<Item>> publisher, int expected) {
    return new ArrivalsSubscriber(expected, false).take(publisher);
  }

  static List<Item> takeOneByOne(Publisher<Completed<Item>> publisher, int expected) {
    return new ArrivalsSubscriber(expected, true).take(publisher);
  }

  private List<Item> take(Publisher<Completed<Item>> publisher) {
    publisher.subscribe(this);
    return all.join();
  }

  @Override
  public void onSubscribe(Subscription to) {
    subscription = to;
    to.request(isOneByOne ? 1 : Long.MAX_VALUE);
  }

  @Override
  public void onNext(Completed<Item> completed) {
    arrivals.add(completed.getOrThrow());
    if (isOneByOne) {
      subscription.request(1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    all.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    all.complete(arrivals.inOrder());
  }
}
