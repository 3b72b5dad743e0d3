package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Something that is on its way for somebody, and may be late: who sent it may give it up, somebody
 * else may then take it over, and whoever is behind it when it arrives is served, once.
 *
 * @param <O> for whom it is on its way, or what for; compared by identity
 */
public class Errand<O> {
  /*
   *            leave(order)
   *   order ─────────────────► LEFT
   *     │  ◄─────────────────    │
   *     │      adopt(order)      │
   *     │ arrive: order          │ arrive: null
   *     ▼                        ▼
   *   ARRIVED ◄──────────────────┘
   */

  private static final Object LEFT = new Object();
  private static final Object ARRIVED = new Object();

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private static final AtomicReferenceFieldUpdater<Errand, Object> STATE =
      AtomicReferenceFieldUpdater.newUpdater(Errand.class, Object.class, "state");

  private volatile Object state;

  public Errand(O order) {
    this.state = order;
  }

  /** For whom it is on its way; null for nobody, also when it has arrived. */
  @SuppressWarnings("unchecked") // the rest are ours
  public final @Nullable O order() {
    Object seen = state;
    return seen == LEFT || seen == ARRIVED ? null : (O) seen;
  }

  /** Nobody waits for it any more; false if it is not, or no longer, on its way for this order. */
  public final boolean leave(O order) {
    return STATE.compareAndSet(this, order, LEFT);
  }

  /** It is on its way for somebody again; false if it has arrived, or is so for somebody else. */
  public final boolean adopt(O order) {
    return STATE.compareAndSet(this, LEFT, order);
  }

  /** Whom it was for; null for nobody, or if it had arrived before. */
  @SuppressWarnings("unchecked") // the rest are ours
  public final @Nullable O arrive() {
    Object seen = STATE.getAndSet(this, ARRIVED);
    return seen == LEFT || seen == ARRIVED ? null : (O) seen;
  }

  /** Whether it might be taken over. */
  public final boolean isLeft() {
    return state == LEFT;
  }
}
