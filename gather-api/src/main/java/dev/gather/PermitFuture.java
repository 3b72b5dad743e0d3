package dev.gather;

import dev.gather.Limiter.Permit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Somebody waits for a permit. Whoever completes it from outside does not wait any more. */
final class PermitFuture extends LimiterFuture<Permit> {
  private final Permit permit;

  PermitFuture(Permit permit) {
    this.permit = permit;
  }

  /** The limiter has been asked for the permit. */
  void asked(boolean isGranted) {
    if (isGranted) {
      super.complete(permit);
      return;
    }
    // For what passes the overrides by; by itself it would come too late, after the dependents.
    whenComplete(
        (given, failure) -> {
          if (given != permit) {
            permit.leave();
          }
        });
  }

  /** {@return the permit that is waited for, or has been granted} */
  Permit permit() {
    return permit;
  }

  /** It is this one's turn, after it had to wait. */
  void granted() {
    if (!super.complete(permit)) {
      permit.close(); // nobody waits for it any more
    }
  }

  /** For one who alone has this future; an interrupt leaves no permit behind. */
  static Permit await(CompletableFuture<Permit> future) throws InterruptedException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      if (!future.cancel(false)) {
        future.join().close();
      }
      throw e;
    } catch (ExecutionException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    permit.leave();
    return super.cancel(mayInterruptIfRunning);
  }

  @Override
  public boolean complete(Permit value) {
    permit.leave();
    return super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    permit.leave();
    return super.completeExceptionally(failure);
  }
}
