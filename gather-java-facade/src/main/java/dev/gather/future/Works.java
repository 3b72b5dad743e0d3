package dev.gather.future;

import dev.gather.spi.Work;
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
  private Works() {}

  /** Checks every element before any is taken: bad input starts nothing. */
  static <E> List<Work> list(
      String parameter, Collection<? extends E> elements, Function<? super E, Work> toWork) {
    Objects.requireNonNull(elements, () -> parameter + " must not be null");
    List<Work> works = new ArrayList<>(elements.size());
    for (E element : elements) {
      if (element == null) {
        throw new NullPointerException(parameter + "[" + works.size() + "] must not be null");
      }
      works.add(toWork.apply(element));
    }
    return works;
  }

  static Work blocking(Callable<?> body) {
    return new Blocking() {
      @Override
      public @Nullable Object call() throws Exception {
        return body.call();
      }
    };
  }

  static Work started(CompletionStage<?> stage) {
    return new StageWork() {
      @Override
      public Kind kind() {
        return Kind.STARTED;
      }

      @Override
      public CompletionStage<?> call() {
        return stage;
      }
    };
  }

  static <A extends @Nullable Object> Iterable<Work> each(
      Iterable<? extends A> items, Body<? super A, ?> body) {
    return () ->
        new Mapped<A>(items) {
          @Override
          Work work(A item) {
            return new Blocking() {
              @Override
              public @Nullable Object call() throws Exception {
                return body.call(item);
              }
            };
          }
        };
  }

  static <A extends @Nullable Object> Iterable<Work> eachAsync(
      Iterable<? extends A> items, AsyncBody<? super A, ?> body) {
    return () ->
        new Mapped<A>(items) {
          @Override
          Work work(A item) {
            return new StageWork() {
              @Override
              public Kind kind() {
                return Kind.ASYNC;
              }

              @Override
              public @Nullable Object call() throws Exception {
                return body.call(item);
              }
            };
          }
        };
  }

  private abstract static class Blocking implements Work {
    @Override
    public Kind kind() {
      return Kind.BLOCKING;
    }
  }

  private abstract static class Mapped<A extends @Nullable Object> implements Iterator<Work> {
    private final Iterator<? extends A> items;

    Mapped(Iterable<? extends A> items) {
      this.items =
          Objects.requireNonNull(items.iterator(), "items.iterator() must not return null");
    }

    abstract Work work(A item);

    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public Work next() {
      return work(items.next());
    }
  }
}
