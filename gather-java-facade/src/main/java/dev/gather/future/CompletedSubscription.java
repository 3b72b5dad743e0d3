package dev.gather.future;

import dev.gather.Completed;
import dev.gather.spi.Plan;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A run whose results go to a subscriber, by the rules of Reactive Streams.
 *
 * @param <T> the type of the results
 */
final class CompletedSubscription<T extends @Nullable Object> extends Streaming
    implements Subscription {

  /** Dropped when nothing more may be signalled. */
  private volatile @Nullable Subscriber<? super Completed<T>> subscriber;

  // What was asked for before onSubscribe has returned; nothing else may be signalled meanwhile.
  private boolean isSubscribed; // guarded by this
  private long early; // guarded by this; 0 for nothing

  private CompletedSubscription(
      Plan plan, @Nullable GatherScope scope, Subscriber<? super Completed<T>> subscriber) {
    super(plan, scope);
    this.subscriber = subscriber;
  }

  static <T extends @Nullable Object> void start(
      Plan plan, @Nullable GatherScope scope, Subscriber<? super Completed<T>> subscriber) {
    CompletedSubscription<T> subscription;
    try {
      subscription = new CompletedSubscription<>(plan, scope, subscriber);
    } catch (IllegalStateException cannotStart) {
      subscriber.onSubscribe(new Nothing());
      subscriber.onError(cannotStart);
      return;
    }
    subscriber.onSubscribe(subscription);
    subscription.subscribed();
  }

  private void subscribed() {
    long wanted;
    synchronized (this) {
      isSubscribed = true;
      wanted = early;
    }
    if (wanted != 0) {
      requestFromRun(wanted);
    }
  }

  // ---- from the subscriber

  @Override
  public void request(long n) {
    if (subscriber == null) {
      return;
    }
    synchronized (this) {
      if (!isSubscribed) {
        early = n < 1 || early < 0 ? Math.min(n, early) : saturated(early + n);
        return;
      }
    }
    requestFromRun(n);
  }

  private static long saturated(long sum) {
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  @Override
  public void cancel() {
    subscriber = null;
    cancelRun();
  }

  // ---- from the run

  @Override
  @SuppressWarnings("unchecked") // the results of this description's tasks
  public void next(Completed<?> completed) {
    Subscriber<? super Completed<T>> to = subscriber;
    if (to == null) {
      return;
    }
    try {
      to.onNext((Completed<T>) completed);
    } catch (Throwable e) {
      // A subscriber that throws has cancelled (rule 2.13); there is nobody else to tell why.
      cancel();
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  @Override
  public void completed() {
    Subscriber<? super Completed<T>> to = subscriber;
    subscriber = null;
    if (to != null) {
      to.onComplete();
    }
  }

  @Override
  public void failed(Throwable failure) {
    Subscriber<? super Completed<T>> to = subscriber;
    subscriber = null;
    if (to != null) {
      to.onError(failure);
    }
  }

  /** What a subscriber gets where there is nothing to subscribe to. */
  private static final class Nothing implements Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
