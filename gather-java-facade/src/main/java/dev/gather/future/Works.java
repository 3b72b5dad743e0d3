package dev.gather.future;

import dev.gather.spi.Snapshot;
import dev.gather.spi.Work;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns what a user hands to {@link Gather} into what the engine runs. */
final class Works {
  /** More than this is not allocated on trust. */
  private static final int TRUSTED_SIZE = 1 << 20;

  private Works() {}

  /** Checks every element before any is taken: bad input starts nothing. */
  static <E> List<Work> list(
      String parameter, Collection<? extends E> elements, Function<? super E, Work> toWork) {
    Objects.requireNonNull(elements, () -> parameter + " must not be null");
    List<Work> works = new ArrayList<>(Math.max(0, Math.min(sizeOf(elements), TRUSTED_SIZE)));
    for (E element : elements) {
      if (element == null) {
        throw new NullPointerException(parameter + "[" + works.size() + "] must not be null");
      }
      works.add(toWork.apply(element));
    }
    return works;
  }

  /** What a collection says of itself, which may be a lie; -1 if it does not even say that. */
  private static int sizeOf(Collection<?> elements) {
    try {
      return elements.size();
    } catch (RuntimeException noIdea) {
      return -1; // only a hint: what counts is what the iterator says
    }
  }

  /** How many works there are as far as anybody knows before they are read; -1 for no idea. */
  static int sizeHint(Iterable<? extends Work> works) {
    Object counted = works instanceof Each<?> each ? each.items : works;
    return counted instanceof Collection<?> collection ? sizeOf(collection) : -1;
  }

  /**
   * What there is at the start of a run: all works, where they stand in a collection. Else they are
   * read as there is room for them.
   */
  static Iterable<? extends Work> read(Iterable<? extends Work> works) {
    return works instanceof Each<?> each ? each.read() : works;
  }

  static List<Work> blocking(Collection<? extends Callable<?>>[] bodies) {
    Objects.requireNonNull(bodies, "bodies must not be null");
    List<Callable<?>> all = new ArrayList<>();
    for (Collection<? extends Callable<?>> some : bodies) {
      all.addAll(Objects.requireNonNull(some, "bodies must not be null"));
    }
    return list("bodies", all, Works::blocking);
  }

  static Work blocking(Callable<?> body) {
    return new Blocking() {
      @Override
      public @Nullable Object call() throws Exception {
        return body.call();
      }
    };
  }

  static Work action(Action action) {
    return new Blocking() {
      @Override
      public @Nullable Object call() throws Exception {
        action.call();
        return null;
      }
    };
  }

  static Work started(CompletionStage<?> stage) {
    return new Started(stage, false);
  }

  static Work shared(CompletionStage<?> stage) {
    return new Started(stage, true);
  }

  static <A extends @Nullable Object> Iterable<Work> each(
      Iterable<? extends A> items, Body<? super A, ?> body) {
    return new Each<A>(
        items,
        item ->
            new Blocking() {
              @Override
              public @Nullable Object call() throws Exception {
                return body.call(item);
              }
            });
  }

  static <A extends @Nullable Object> Iterable<Work> each(
      Iterable<? extends A> items, Body<? super A, ?> body, ItemAction<? super A> onCancel) {
    return new Each<A>(
        items,
        item ->
            new Blocking() {
              @Override
              public @Nullable Object call() throws Exception {
                return body.call(item);
              }

              @Override
              public boolean hasHook() {
                return true;
              }

              @Override
              public void onCancel() throws Exception {
                onCancel.call(item);
              }
            });
  }

  static <A extends @Nullable Object> Iterable<Work> eachAsync(
      Iterable<? extends A> items, AsyncBody<? super A, ?> body) {
    return new Each<A>(
        items,
        item ->
            new StageWork() {
              @Override
              public Kind kind() {
                return Kind.ASYNC;
              }

              @Override
              public @Nullable Object call() throws Exception {
                return body.call(item);
              }
            });
  }

  /** Whether these are made one by one from the items of a user. */
  static boolean areMade(Iterable<? extends Work> works) {
    return works instanceof Made<?>;
  }

  private static final class Started extends StageWork {
    private final CompletionStage<?> stage;
    private final boolean isShared;

    Started(CompletionStage<?> stage, boolean isShared) {
      this.stage = stage;
      this.isShared = isShared;
    }

    @Override
    public Kind kind() {
      return Kind.STARTED;
    }

    @Override
    public CompletionStage<?> call() {
      return stage;
    }

    /** The same stage in two places is one task. */
    @Override
    public Object identity() {
      return stage;
    }

    @Override
    public boolean isShared() {
      return isShared;
    }
  }

  private abstract static class Blocking implements Work {
    @Override
    public Kind kind() {
      return Kind.BLOCKING;
    }
  }

  /** Items that are just there: several threads may ask for them at the same time. */
  private static final class Made<A extends @Nullable Object> extends AbstractList<Work> {
    private final List<? extends A> items;
    private final Function<A, Work> toWork;

    Made(List<? extends A> items, Function<A, Work> toWork) {
      this.items = items;
      this.toWork = toWork;
    }

    @Override
    public Work get(int index) {
      return toWork.apply(items.get(index));
    }

    @Override
    public int size() {
      return items.size();
    }
  }

  /** Items of the user, read anew in each run. */
  private static final class Each<A extends @Nullable Object> implements Iterable<Work> {
    private final Iterable<? extends A> items;
    private final Function<A, Work> toWork;

    Each(Iterable<? extends A> items, Function<A, Work> toWork) {
      this.items = items;
      this.toWork = toWork;
    }

    Iterable<Work> read() {
      if (!(items instanceof Collection<? extends A> collection)) {
        return this;
      }
      try {
        return new Made<A>(Snapshot.of(collection), toWork);
      } catch (RuntimeException | Error e) {
        return () -> {
          throw e; // as that of any other iterator it fails the gather
        };
      }
    }

    @Override
    public Iterator<Work> iterator() {
      Iterator<? extends A> from =
          Objects.requireNonNull(items.iterator(), "items.iterator() must not return null");
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return from.hasNext();
        }

        @Override
        public Work next() {
          return toWork.apply(from.next());
        }
      };
    }
  }
}
