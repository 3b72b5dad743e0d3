package dev.gather.future;

import dev.gather.GatherOptions;
import org.jspecify.annotations.Nullable;

/**
 * How a gather is run.
 *
 * @param options the options
 * @param scope who owns it, if anybody
 * @param isOrdered whether results that come one by one come in input order
 * @param isIsolated whether each body has a thread for itself
 * @param release what becomes of values that nobody gets
 */
record Manner(
    GatherOptions options,
    @Nullable GatherScope scope,
    boolean isOrdered,
    boolean isIsolated,
    @Nullable ItemAction<Object> release) {
  static final Manner DEFAULT = new Manner(GatherOptions.defaults(), null, false, false, null);

  Manner with(GatherOptions o) {
    return new Manner(o, scope, isOrdered, isIsolated, release);
  }

  Manner with(GatherScope s) {
    return new Manner(options, s, isOrdered, isIsolated, release);
  }

  Manner inOrder() {
    return new Manner(options, scope, true, isIsolated, release);
  }

  Manner isolated() {
    return new Manner(options, scope, isOrdered, true, release);
  }

  /** After what releases them already. */
  Manner releasing(ItemAction<Object> hook) {
    return new Manner(options, scope, isOrdered, isIsolated, Releases.both(release, hook));
  }
}
