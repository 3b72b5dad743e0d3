package dev.gather;

import dev.gather.threads.Clock;
import dev.gather.threads.HeldPermits;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A bound on how much runs at the same time, how much begins in a second, or both. One limiter is
 * shared by everything that it is to bound together, say all that calls one backend.
 *
 * <pre>{@code
 * Limiter backend = Limiter.concurrent(16).andPerSecond(50);
 * String page = backend.call(() -> fetch(url));
 * }</pre>
 *
 * <p><b>Order.</b> First come, first served: permits are granted in the order in which they were
 * asked for. Those per second are evenly spaced; never more than {@code burst + permits × t} are
 * granted in any {@code t} seconds.
 *
 * <p><b>Nesting.</b> Work that holds a permit may ask the same limiter again and wait for it, at
 * any depth. It need not wait for a second permit: it borrows the one that it holds, and {@link
 * #active()} counts the two as one. A permit is lent to one borrower at a time; what is asked for
 * meanwhile gets a free permit in its turn or waits for the loan to come back, whichever is first.
 * A loan goes before those that wait for a free permit, but waits for the rate like everybody. A
 * permit is free again when it has been given back and so has what was borrowed from it. What the
 * work holds is known from the thread, inside {@link #call} and {@link Permit#call}, and in the
 * bodies and the input of a gather that is started there; a coroutine that holds one has it on its
 * threads, where the code that it calls in Java finds it, and a call of the bridge has those of its
 * caller. Elsewhere {@link #acquire(Permit)} is told. Work that does not wait for what it lends its
 * permit to runs beside that. Whoever needs permits of two limiters asks for them in the same order
 * everywhere, as with locks. A task of a gather has its permit before it has a thread, so a pool
 * for such work wants as many threads as there are permits.
 *
 * <p><b>Cancellation.</b> Whoever does not wait any more leaves no permit behind, be it in the very
 * moment in which it was granted.
 *
 * <p><b>Time.</b> The rate is kept in the time of whoever asks: that of the system, or, in a
 * coroutine under test, the virtual time of its scheduler. What was granted in one counts in the
 * other.
 *
 * <p><b>Threads.</b> Any thread may call any method, and only {@link #call} blocks. A permit is
 * granted on the thread that made room for it, or, where it had to wait for the rate, on a daemon
 * thread that is there while it is needed; never on a timer thread. Where one step makes room for
 * several, they are told in their turn; if what depends on one of them does not return soon, which
 * may wait for the next, the rest are told by another thread.
 */
public final class Limiter {
  private final PermitDesk desk;
  private final CountedCalls calls;

  private Limiter(PermitDesk desk) {
    this.desk = desk;
    this.calls = new CountedCalls(this, desk);
  }

  /** With a time of its own, for tests. */
  Limiter(PermitQueue queue, @Nullable Clock own) {
    this(new PermitDesk(queue, own));
  }

  /**
   * Bounds how many permits are out at the same time.
   *
   * @param max at least 1
   * @return a new limiter
   * @throws IllegalArgumentException if {@code max} is less than 1
   */
  public static Limiter concurrent(int max) {
    return new Limiter(new PermitQueue(Arguments.atLeastOne("max", max), null), null);
  }

  /**
   * Bounds how many permits are granted in a second, evenly spaced: one each {@code 1 / permits}
   * seconds at most. Timers are a little late, and what is late is not made up for: a rate of
   * thousands a second is reached with a {@linkplain #perSecond(double, int) burst}.
   *
   * @param permits how many in a second; positive, may be less than 1
   * @return a new limiter
   * @throws IllegalArgumentException if {@code permits} is not positive or not finite
   */
  public static Limiter perSecond(double permits) {
    return perSecond(permits, 1);
  }

  /**
   * Bounds how many permits are granted in a second, evenly spaced but for a burst after a pause.
   *
   * @param permits how many in a second; positive, may be less than 1
   * @param burst how many may be granted at once when none were for a while; at least 1
   * @return a new limiter
   * @throws IllegalArgumentException if {@code permits} is not positive or not finite, or {@code
   *     burst} is less than 1
   */
  public static Limiter perSecond(double permits, int burst) {
    return new Limiter(new PermitQueue(PermitQueue.UNLIMITED, null), null)
        .andPerSecond(permits, burst);
  }

  /**
   * Bounds the rate as well, evenly spaced. This limiter stays as it is, and what holds its permits
   * does not count for the new one.
   *
   * @param permits how many in a second; positive, may be less than 1
   * @return a new limiter that may have as many permits out as this one, and this rate
   * @throws IllegalArgumentException if {@code permits} is not positive or not finite
   */
  public Limiter andPerSecond(double permits) {
    return andPerSecond(permits, 1);
  }

  /**
   * Bounds the rate as well, evenly spaced but for a burst after a pause. This limiter stays as it
   * is, and what holds its permits does not count for the new one.
   *
   * @param permits how many in a second; positive, may be less than 1
   * @param burst how many may be granted at once when none were for a while; at least 1
   * @return a new limiter that may have as many permits out as this one, and this rate
   * @throws IllegalArgumentException if {@code permits} is not positive or not finite, or {@code
   *     burst} is less than 1
   */
  public Limiter andPerSecond(double permits, int burst) {
    Arguments.positive("permits", permits);
    return new Limiter(desk.with(new RateClock(permits, Arguments.atLeastOne("burst", burst))));
  }

  /**
   * Changes how many permits may be out at the same time, from now on. With more, those that wait
   * get theirs at once. With fewer, nothing is taken from anybody: no permit is granted until
   * enough of them have come back. A limiter that had no such bound has it from now on.
   *
   * @param max at least 1
   * @throws IllegalArgumentException if {@code max} is less than 1
   */
  public void setConcurrent(int max) {
    desk.setConcurrent(Arguments.atLeastOne("max", max));
  }

  /**
   * Changes how many permits are granted in a second, from now on; those that wait do not wait for
   * what is left of a longer interval. The burst stays as it is. A limiter that had no such bound
   * has it from now on, with a burst of 1.
   *
   * @param permits how many in a second; positive, may be less than 1
   * @throws IllegalArgumentException if {@code permits} is not positive or not finite
   */
  public void setPerSecond(double permits) {
    desk.setPerSecond(Arguments.positive("permits", permits));
  }

  /**
   * {@return how many permits are out now, one that is borrowed not counted again; more than are
   * allowed only after {@link #setConcurrent} has allowed fewer}
   */
  public int active() {
    return desk.active();
  }

  /** {@return how many wait for a permit now, those who wait to borrow one included} */
  public int waiting() {
    return desk.waiting();
  }

  /**
   * Asks for a permit without blocking. Where the current thread holds one, that may be borrowed.
   *
   * @return a future of the permit, see {@link #acquire(Permit)}
   */
  @CheckReturnValue
  public CompletableFuture<Permit> acquire() {
    return acquire(held());
  }

  /**
   * Asks for a permit without blocking, on behalf of work that holds one perhaps.
   *
   * <p>The future is done already if it is this one's turn at once. It never fails by itself.
   * Cancelling it, or completing it in any other way, leaves the queue, and a permit that was being
   * granted goes to the next; a stage that is derived from it knows nothing of the permit, so
   * cancelling that does not. Dependents run on the thread that made room, so they should be quick;
   * {@code …Async} methods without an executor use threads of Gather, never the common pool, and no
   * dependent runs on a timer thread, not after {@code orTimeout} either.
   *
   * @param outer the permit of this limiter that may be borrowed, of work that waits for what is
   *     going to be done; if it has been given back, that in which it was acquired; {@code null} to
   *     wait like anybody else
   * @return a new future of the permit, which whoever receives it closes
   * @throws IllegalArgumentException if {@code outer} is a permit of another limiter
   */
  @CheckReturnValue
  public CompletableFuture<Permit> acquire(@Nullable Permit outer) {
    Permit permit = new Permit(this, outer, Claim.State.WAITING);
    permit.future.asked(desk.ask(permit.claim, true));
    return permit.future;
  }

  /**
   * Takes a permit, or borrows that of the current thread, if nobody who waits would come first.
   *
   * @return the permit, which the caller closes; {@code null} if there is none now
   */
  @CheckReturnValue
  public @Nullable Permit tryAcquire() {
    Permit permit = new Permit(this, held(), Claim.State.WAITING);
    return desk.ask(permit.claim, false) ? permit : null;
  }

  /**
   * The permit of this limiter that the current thread holds: the innermost in whose {@code call}
   * it is. Work that is done on another thread, and waited for on this one, passes it on with
   * {@link #acquire(Permit)} or {@link Permit#call}.
   *
   * @return the permit; {@code null} if there is none
   */
  public @Nullable Permit held() {
    Object held = HeldPermits.of(this);
    return held instanceof PermitFuture future ? future.permit() : (Permit) held;
  }

  /**
   * Calls a body with a permit: waits for it, blocking the thread, calls the body there, and gives
   * it back, however that ends. Whatever the body asks this limiter for here may borrow it.
   *
   * @param body what to call; it may return {@code null}
   * @param <T> the type of the value
   * @return what the body returns
   * @throws InterruptedException if the current thread is interrupted while it waits; the body was
   *     not called, and no permit is left behind
   * @throws Exception what the body throws, the same instance
   */
  public <T extends @Nullable Object> T call(Callable<? extends T> body) throws Exception {
    Objects.requireNonNull(body, "body must not be null");
    @Nullable Object[] place = HeldPermits.place();
    HeldPermits atOnce = calls.tryTake(place);
    if (atOnce != null) {
      return calls.call(place, atOnce, body);
    }
    try (Permit permit = PermitFuture.await(acquire())) {
      return permit.call(body);
    }
  }

  /** For people: its bounds, and how many permits are out and asked for. */
  @Override
  public String toString() {
    return desk.toString();
  }

  /** What a {@link Limiter} has granted, until it is closed. */
  public static final class Permit implements AutoCloseable {
    private final Limiter limiter;
    private final Claim claim;
    private final PermitFuture future;

    Permit(Limiter limiter, @Nullable Permit outer, Claim.State state) {
      if (outer != null && outer.limiter != limiter) {
        throw new IllegalArgumentException(
            "outer must be a permit of this limiter, but was one of " + outer.limiter);
      }
      this.limiter = limiter;
      this.future = new PermitFuture(this);
      this.claim = new Claim(outer == null ? null : outer.claim, future::granted);
      claim.state = state;
    }

    /** Nobody waits for it any more; nothing if it has been granted. */
    void leave() {
      limiter.desk.leave(claim);
    }

    /**
     * Calls a body on the current thread as work that holds this permit: what it asks the same
     * limiter for on this thread may borrow the permit. It does not close the permit.
     *
     * @param body what to call; it may return {@code null}
     * @param <T> the type of the value
     * @return what the body returns
     * @throws Exception what the body throws, the same instance
     */
    public <T extends @Nullable Object> T call(Callable<? extends T> body) throws Exception {
      Objects.requireNonNull(body, "body must not be null");
      return HeldPermits.with(limiter, this, body);
    }

    /**
     * Gives the permit back; a second time does nothing. Whoever is next is granted theirs by this
     * call, and the dependents of their future run on this thread.
     */
    @Override
    public void close() {
      limiter.desk.giveBack(claim);
    }
  }
}
