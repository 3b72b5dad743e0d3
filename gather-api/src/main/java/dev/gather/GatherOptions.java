package dev.gather;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a gather runs: an immutable set of options to keep and share, say one per backend.
 *
 * <pre>{@code
 * GatherOptions patient = GatherOptions.builder().limit(16).timeout(Duration.ofSeconds(30)).build();
 * Gather.each(urls, this::fetch).with(patient).all();
 * }</pre>
 *
 * <p>An option that is not set is {@code null} here (or {@link #UNLIMITED}) and costs nothing.
 */
public final class GatherOptions {
  /** The {@link #limit()} of a gather that runs all its tasks at once. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final GatherOptions DEFAULTS = new Builder().build();

  /** Changed by nobody. */
  private final Builder set;

  private GatherOptions(Builder set) {
    this.set = set;
  }

  /**
   * {@return options without limit or timeouts: {@link FailurePolicy#CANCEL_OTHERS}, default
   * executor}
   */
  public static GatherOptions defaults() {
    return DEFAULTS;
  }

  /** {@return a builder that starts from {@link #defaults()}} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder that starts from these options} */
  public Builder toBuilder() {
    return new Builder(set);
  }

  /** {@return how many tasks may run at the same time; {@link #UNLIMITED} unless set} */
  public int limit() {
    return set.limit;
  }

  /** {@return the deadline of the whole gather, counted from its start; {@code null} for none} */
  public @Nullable Duration timeout() {
    return set.timeout;
  }

  /**
   * {@return how long each task may run, counted from its own start; {@code null} for as long as it
   * likes}
   */
  public @Nullable Duration taskTimeout() {
    return set.taskTimeout;
  }

  /** {@return what the first failure means for the other tasks} */
  public FailurePolicy onFailure() {
    return set.onFailure;
  }

  /** {@return how long cancelled tasks are waited for; {@code null} for as long as they take} */
  public @Nullable Duration grace() {
    return set.grace;
  }

  /**
   * {@return how long each task waits for the one before to fail, before it starts beside it;
   * {@code null} for not at all}
   */
  public @Nullable Duration stagger() {
    return set.stagger;
  }

  /** {@return who grants a permit for each task, besides the limit; {@code null} for nobody} */
  public @Nullable Limiter limiter() {
    return set.limiter;
  }

  /** {@return where bodies run; {@code null} for the default executor} */
  public @Nullable Executor executor() {
    return set.executor;
  }

  /** {@return what the gather is called in messages; {@code null} for no name} */
  public @Nullable String name() {
    return set.name;
  }

  /** {@return who hears what the tasks do; {@code null} for nobody} */
  public @Nullable GatherListener listener() {
    return set.listener;
  }

  private Map<String, @Nullable Object> values() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("name", set.name);
    values.put("limit", set.limit);
    values.put("timeout", set.timeout);
    values.put("taskTimeout", set.taskTimeout);
    values.put("onFailure", set.onFailure);
    values.put("grace", set.grace);
    values.put("stagger", set.stagger);
    values.put("limiter", set.limiter);
    values.put("executor", set.executor);
    values.put("listener", set.listener);
    return values;
  }

  /** Equal if every option is equal; executors and listeners are compared with their own equals. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GatherOptions that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  /** Only what differs from the defaults: {@code "GatherOptions[limit=16, timeout=PT30S]"}. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "GatherOptions[", "]");
    Map<String, @Nullable Object> unset = DEFAULTS.values();
    values()
        .forEach(
            (option, value) -> {
              if (!Objects.equals(value, unset.get(option))) {
                text.add(option + "=" + value);
              }
            });
    return text.toString();
  }

  /** Collects options; not thread-safe. Every setter checks its argument at once. */
  public static final class Builder {
    private int limit = UNLIMITED;
    private @Nullable Duration timeout;
    private @Nullable Duration taskTimeout;
    private FailurePolicy onFailure = FailurePolicy.CANCEL_OTHERS;
    private @Nullable Duration grace;
    private @Nullable Duration stagger;
    private @Nullable Limiter limiter;
    private @Nullable Executor executor;
    private @Nullable String name;
    private @Nullable GatherListener listener;

    private Builder() {}

    private Builder(Builder other) {
      this.limit = other.limit;
      this.timeout = other.timeout;
      this.taskTimeout = other.taskTimeout;
      this.onFailure = other.onFailure;
      this.grace = other.grace;
      this.stagger = other.stagger;
      this.limiter = other.limiter;
      this.executor = other.executor;
      this.name = other.name;
      this.listener = other.listener;
    }

    /**
     * At most this many tasks run at the same time, and a lazy input is read no further ahead.
     *
     * @param maxConcurrent at least 1; {@link #UNLIMITED} takes a limit away
     * @return this builder
     * @throws IllegalArgumentException if {@code maxConcurrent} is less than 1
     */
    public Builder limit(int maxConcurrent) {
      this.limit = Arguments.limit(maxConcurrent);
      return this;
    }

    /**
     * The deadline of the whole gather.
     *
     * @param whole counted from the start of the gather; zero means that nothing starts; {@code
     *     null} takes a deadline away
     * @return this builder
     * @throws IllegalArgumentException if {@code whole} is negative
     */
    public Builder timeout(@Nullable Duration whole) {
      this.timeout = Arguments.notNegative("timeout", whole);
      return this;
    }

    /**
     * How long each task may run.
     *
     * @param each counted from the start of the task's own body; {@code null} takes the bound away
     * @return this builder
     * @throws IllegalArgumentException if {@code each} is negative
     */
    public Builder taskTimeout(@Nullable Duration each) {
      this.taskTimeout = Arguments.notNegative("taskTimeout", each);
      return this;
    }

    /**
     * What the first failure means for the other tasks.
     *
     * @param policy the policy
     * @return this builder
     */
    public Builder onFailure(FailurePolicy policy) {
      this.onFailure = Objects.requireNonNull(policy, "policy must not be null");
      return this;
    }

    /**
     * How long to wait for cancelled tasks to end before the gather completes without them.
     *
     * @param waitForCancelledTasks counted from the moment they were cancelled; {@code null} to
     *     wait for as long as they take
     * @return this builder
     * @throws IllegalArgumentException if {@code waitForCancelledTasks} is negative
     */
    public Builder grace(@Nullable Duration waitForCancelledTasks) {
      this.grace = Arguments.notNegative("grace", waitForCancelledTasks);
      return this;
    }

    /**
     * Tasks start one after another: the next when the one before has failed, or has been running
     * for so long.
     *
     * @param delay between two starts; {@code null} to start without delay
     * @return this builder
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public Builder stagger(@Nullable Duration delay) {
      this.stagger = Arguments.notNegative("stagger", delay);
      return this;
    }

    /**
     * Who grants a permit for each task, besides the limit.
     *
     * @param limiter shared by any number of gathers; {@code null} for nobody
     * @return this builder
     */
    public Builder limiter(@Nullable Limiter limiter) {
      this.limiter = limiter;
      return this;
    }

    /**
     * Where bodies run; not a pool that drops what it refuses.
     *
     * @param blockingBodies {@code null} for the default executor
     * @return this builder
     */
    public Builder executor(@Nullable Executor blockingBodies) {
      this.executor = Arguments.speaking("executor", blockingBodies);
      return this;
    }

    /**
     * What the gather is called in messages, and a thread while it runs a body: {@code name[3]}.
     *
     * @param name {@code null} for no name
     * @return this builder
     */
    public Builder name(@Nullable String name) {
      this.name = name;
      return this;
    }

    /**
     * Who hears what the tasks do.
     *
     * @param listener {@code null} for nobody
     * @return this builder
     */
    public Builder listener(@Nullable GatherListener listener) {
      this.listener = listener;
      return this;
    }

    /** {@return the options collected so far; the builder may go on} */
    public GatherOptions build() {
      return new GatherOptions(new Builder(this));
    }
  }
}
