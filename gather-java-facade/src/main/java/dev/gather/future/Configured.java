package dev.gather.future;

import dev.gather.CheckReturnValue;
import dev.gather.FailurePolicy;
import dev.gather.GatherException;
import dev.gather.GatherListener;
import dev.gather.GatherOptions;
import dev.gather.Limiter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * How a gather is run.
 *
 * <p>Users see neither this class nor those between it and {@link Gather} and {@link KeyedGather}:
 * to them its methods are those of the two. That is why none of them is final, although nobody
 * overrides one: only then javac gives the public classes a method that reflection may call. And
 * why {@code G} has no bound: it would stand in the descriptors of those methods, which a method
 * handle could not resolve from another package.
 *
 * @param <G> the type itself
 */
@CheckReturnValue
abstract sealed class Configured<G> permits Description {
  final Manner manner;

  Configured(Manner manner) {
    this.manner = manner;
  }

  /** The same work, run in another way. */
  abstract G described(Manner m);

  /**
   * At most this many tasks run at the same time. A slot is held from the start of a task to its
   * end, for a stage until it completes.
   *
   * @param maxConcurrent at least 1
   * @return a new description
   * @throws IllegalArgumentException if {@code maxConcurrent} is less than 1
   */
  public G limit(int maxConcurrent) {
    return with(manner.options().toBuilder().limit(maxConcurrent).build());
  }

  /**
   * A deadline for the whole gather, counted from the terminal call. When it passes, what is
   * running is cancelled; after that has ended {@link Gather#all} fails with a {@link
   * GatherException} that holds every outcome so far and whose cause is a {@link
   * dev.gather.GatherTimeoutException}, and {@link Gather#settled} <em>returns</em>: what was
   * finished as it is, the rest as cancelled.
   *
   * @param whole not negative; with zero nothing starts
   * @return a new description
   * @throws IllegalArgumentException if {@code whole} is negative
   */
  public G timeout(Duration whole) {
    Objects.requireNonNull(whole, "timeout must not be null");
    return with(manner.options().toBuilder().timeout(whole).build());
  }

  /**
   * How long each task may run, counted from its own start. A task that runs longer is cancelled,
   * alone; its outcome is a failure with a {@link java.util.concurrent.TimeoutException}.
   *
   * @param each not negative
   * @return a new description
   * @throws IllegalArgumentException if {@code each} is negative
   */
  public G taskTimeout(Duration each) {
    Objects.requireNonNull(each, "taskTimeout must not be null");
    return with(manner.options().toBuilder().taskTimeout(each).build());
  }

  /**
   * What the first failure means for the other tasks; {@link FailurePolicy#CANCEL_OTHERS} unless
   * set. {@link Gather#settled} does not ask for it.
   *
   * @param p the policy
   * @return a new description
   */
  public G onFailure(FailurePolicy p) {
    Objects.requireNonNull(p, "policy must not be null");
    return with(manner.options().toBuilder().onFailure(p).build());
  }

  /**
   * Bounds the wait for cancelled tasks. When it has passed, the gather completes without those
   * that would not stop and lets go of them; the message of its exception names them. A task that
   * was stopped by its own deadline is given up as well: it has failed, and its place is free. Who
   * owns the gather, a {@link GatherScope} or the body that has started it, waits no longer either.
   *
   * @param waitForCancelledTasks counted from the moment they were cancelled; not negative
   * @return a new description
   * @throws IllegalArgumentException if {@code waitForCancelledTasks} is negative
   */
  public G grace(Duration waitForCancelledTasks) {
    Objects.requireNonNull(waitForCancelledTasks, "grace must not be null");
    return with(manner.options().toBuilder().grace(waitForCancelledTasks).build());
  }

  /**
   * Starts the tasks one after another: the next when the one before has failed, or has been
   * running for this long. With {@link Gather#any} this is how to ask a second server when the
   * first is slow (hedging; <a href="https://www.rfc-editor.org/rfc/rfc8305#section-5">RFC 8305</a>
   * calls it Connection Attempt Delay).
   *
   * @param delay between two starts; not negative
   * @return a new description
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public G stagger(Duration delay) {
    Objects.requireNonNull(delay, "stagger must not be null");
    return with(manner.options().toBuilder().stagger(delay).build());
  }

  /**
   * Each task holds a permit of this limiter from its start to its end, besides its slot of the
   * {@link Gather#limit}. The limiter is shared by any number of gathers and single calls, which
   * get their permits first come, first served; a gather stands in that queue once at a time.
   * Waiting blocks no thread. A task that gathers under the same limiter lends its own permit to
   * those tasks, see {@link Limiter}. The next item of a lazy input is read before a permit is
   * asked for, which the input may do itself.
   *
   * @param l the limiter
   * @return a new description
   */
  public G limiter(Limiter l) {
    Objects.requireNonNull(l, "limiter must not be null");
    return with(manner.options().toBuilder().limiter(l).build());
  }

  /**
   * Where bodies run, in place of the default executor. What it refuses fails nothing while another
   * thread is at work on the gather; where none is, it is asked again for a while, 50 ms in all,
   * and then the refusal is the failure of a task. A pool that is too small for gathers within
   * gathers can starve them, as it can everything else; the default executor cannot.
   *
   * @param blockingBodies the executor; Gather never shuts it down
   * @return a new description
   * @throws IllegalArgumentException if it is a pool that drops what it cannot take without a word
   *     ({@code DiscardPolicy}, {@code DiscardOldestPolicy}): nobody would hear of the tasks
   */
  public G executor(Executor blockingBodies) {
    Objects.requireNonNull(blockingBodies, "executor must not be null");
    return with(manner.options().toBuilder().executor(blockingBodies).build());
  }

  /**
   * Gives every body a thread of its own, which has run no other: what one leaves in a thread local
   * no other finds. Without it bodies that do not block follow each other on one thread, which
   * costs much less. On JDK 17 each is a new platform thread, so set a {@link #limit}. An {@link
   * #executor} of yours gets every body as a task of its own, and what its threads keep between two
   * tasks is up to it.
   *
   * @return a new description
   */
  public G isolated() {
    return described(manner.isolated());
  }

  /**
   * What the gather is called in messages. The thread of a body has its name while it runs that,
   * with the number of the task, or its name or key: {@code pages[3]}.
   *
   * @param name the name
   * @return a new description
   */
  public G name(String name) {
    Objects.requireNonNull(name, "name must not be null");
    return with(manner.options().toBuilder().name(name).build());
  }

  /**
   * Who hears what the tasks do.
   *
   * @param l the listener; thread-safe
   * @return a new description
   */
  public G listener(GatherListener l) {
    Objects.requireNonNull(l, "listener must not be null");
    return with(manner.options().toBuilder().listener(l).build());
  }

  /**
   * Takes all options from a set, in place of those given before; the {@link Gather#scope} stays.
   *
   * @param o the options
   * @return a new description
   */
  public G with(GatherOptions o) {
    Objects.requireNonNull(o, "options must not be null");
    return described(manner.with(o));
  }

  /**
   * Gives the gather an owner: closing the scope cancels it and waits for it. Without one, a gather
   * that is started in the body of another is a part of that body, and is cancelled and ends with
   * it.
   *
   * @param s the scope
   * @return a new description
   */
  public G scope(GatherScope s) {
    Objects.requireNonNull(s, "scope must not be null");
    return described(manner.with(s));
  }
}
