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

  // What has come before onSubscribe has returned, as nothing else may be signalled meanwhile: how
  // much was asked for, a request that is none (1 if there was no such), and why the run was ended.
  // All guarded by this.
  private boolean isSubscribed;
  private long early;
  private long refused = 1;
  private @Nullable Throwable earlyFailure;

  private CompletedSubscription(
      Plan plan, @Nullable GatherScope scope, Subscriber<? super Completed<T>> subscriber) {
    super(plan, scope);
    this.subscriber = subscriber;
    enterScope();
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
    Throwable failure;
    synchronized (this) {
      isSubscribed = true;
      failure = earlyFailure;
    }
    // None of these changes any more.
    if (failure != null) {
      failed(failure);
    } else if (refused < 1) {
      requestFromRun(refused);
    } else if (early > 0) {
      requestFromRun(early);
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
        if (n < 1) {
          refused = n;
        } else {
          early = saturated(early + n);
        }
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
    readerIsGone();
  }

  @Override
  void takeNoMore() {}

  // ---- from the run

  @Override
  public boolean callsUser() {
    return true;
  }

  @Override
  @SuppressWarnings("unchecked") // the results of this description's tasks
  public boolean next(Completed<?> completed) {
    Subscriber<? super Completed<T>> to = subscriber;
    if (to != null) {
      signal(() -> to.onNext((Completed<T>) completed));
    }
    return to != null;
  }

  @Override
  public void completed() {
    Subscriber<? super Completed<T>> to = subscriber;
    subscriber = null;
    if (to != null) {
      signal(to::onComplete);
    }
    readerIsGone();
  }

  @Override
  public void failed(Throwable failure) {
    synchronized (this) {
      if (!isSubscribed) {
        earlyFailure = failure;
        return;
      }
    }
    Subscriber<? super Completed<T>> to = subscriber;
    subscriber = null;
    if (to != null) {
      signal(() -> to.onError(failure));
    }
    readerIsGone();
  }

  /** A subscriber that throws has cancelled (rule 2.13); there is nobody else to tell why. */
  private void signal(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      cancel();
      tellUncaught(e);
    }
  }

  /** As the JVM does where nobody catches: what the handler throws is ignored. */
  private static void tellUncaught(Throwable error) {
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
    } catch (Throwable ignored) {
      // the run must go on to its end
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
