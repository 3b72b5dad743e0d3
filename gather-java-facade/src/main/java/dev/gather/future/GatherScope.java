package dev.gather.future;

import dev.gather.spi.Owned;
import dev.gather.threads.DaemonThreads;
import dev.gather.threads.Station;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns the gathers that are started with {@code .scope(this)}: none of their tasks outlives it.
 *
 * <p>{@link #close()} cancels what is still running, waits for it to end, and lets nothing new
 * start. It is also the owner of the tasks that {@link dev.gather.FailurePolicy#LEAVE_OTHERS}
 * leaves running.
 *
 * <pre>{@code
 * try (GatherScope scope = new GatherScope()) {
 *   var users = Gather.each(ids, this::load).scope(scope).all();
 *   var prices = Gather.each(skus, this::price).scope(scope).all();
 *   return render(users.join(), prices.join());
 * } // if one of them failed, the other is cancelled and has ended here
 * }</pre>
 *
 * <p>A scope is safe for use by many threads.
 */
public final class GatherScope implements AutoCloseable {
  private final String name;
  private final Set<Owned> running =
      Collections.newSetFromMap(new IdentityHashMap<>()); // guarded by itself
  private boolean closed; // guarded by running

  /** What the bridge has made for coroutines of this scope; guarded by running. */
  private @Nullable Owned attachment;

  /** Who waits for its gathers, where that is somebody else than who closes it. */
  private final @Nullable Outer outer;

  /** An open scope without a name. */
  public GatherScope() {
    this("", null);
  }

  /**
   * An open scope with a name for messages.
   *
   * @param name the name
   */
  public GatherScope(String name) {
    this(Objects.requireNonNull(name, "name must not be null"), null);
  }

  private GatherScope(String name, @Nullable Outer outer) {
    this.name = name;
    this.outer = outer;
  }

  /** One whose gathers belong to somebody who knows them as parts of a task. */
  static GatherScope inside(String name, Station.Parent owner, BooleanSupplier isOver) {
    return new GatherScope(name, new Outer(owner, isOver));
  }

  private record Outer(Station.Parent owner, BooleanSupplier isOver) {}

  /**
   * Cancels every gather of this scope that is still running, waits until all of their tasks have
   * ended, and refuses new ones from now on. A second call waits as well.
   *
   * <p>For a gather with a {@link Gather#grace} it waits no longer than that.
   *
   * <p>A task of this scope may call it as well, and so may its {@code onCancel} hook, a listener
   * or a subscriber. Since nobody can wait for their own end, such a call waits for the other
   * gathers only, and not for one in which somebody waits for this in the same way.
   *
   * <p>If the calling thread is interrupted it goes on waiting, since what it waits for has been
   * cancelled already, and returns with its interrupt flag set.
   */
  @Override
  public void close() {
    List<Owned> owned;
    synchronized (running) { // no user code in here
      closed = true;
      owned = new ArrayList<>(running);
    }
    // Dependents of one may wait for another. Those of what this thread is inside of never run
    // here, and whoever closes the scope from inside finds themselves cancelled when this returns.
    List<Owned> here = new ArrayList<>();
    for (Owned run : owned) {
      if (owned.size() == 1 || run.isOn(Thread.currentThread())) {
        here.add(run);
      } else {
        DaemonThreads.EXECUTOR.execute(run::cancelByOwner);
      }
    }
    here.forEach(Owned::cancelByOwner);
    long cancelled = System.nanoTime();
    for (Owned run : owned) {
      Duration grace = run.grace();
      Closing.await(run, grace == null ? null : grace.minusNanos(System.nanoTime() - cancelled));
    }
  }

  /**
   * {@return whether it takes no more gathers: {@link #close()} has been called, or what a scope of
   * the bridge belongs to has ended}
   */
  public boolean isClosed() {
    if (outer != null && outer.isOver().getAsBoolean()) {
      return true;
    }
    synchronized (running) {
      return closed;
    }
  }

  /** For people: the name and how many gathers are running. */
  @Override
  public String toString() {
    synchronized (running) {
      return "GatherScope["
          + (name.isEmpty() ? "" : name + ", ")
          + (closed ? "closed, " : "")
          + running.stream().filter(run -> !run.isIdle()).count()
          + " running]";
    }
  }

  /**
   * {@return whose part its gathers are as well; null if nobody waits for them but who closes it}
   */
  Station.@Nullable Parent owner() {
    return outer == null ? null : outer.owner();
  }

  void adopt(Owned run) {
    synchronized (running) {
      if (isClosed()) {
        throw new IllegalStateException("the scope is closed: " + this);
      }
      running.add(run);
    }
  }

  /** What there is one of for each scope; made when somebody asks for it. */
  Owned attached(Supplier<? extends Owned> maker) {
    synchronized (running) {
      Owned known = attachment;
      if (known == null) {
        known = maker.get();
        adopt(known);
        attachment = known;
      }
      return known;
    }
  }

  void forget(Owned run) {
    synchronized (running) {
      running.remove(run);
    }
  }
}
