package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gather.Completed;
import dev.gather.GatherListener;
import dev.gather.Outcome;
import io.micrometer.context.ContextRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Wherever a gather calls code of the user, that finds the class loader and the thread locals of
 * the caller as they were at the terminal call, and nothing else.
 */
class ThreadContextTest {
  private static final String KEY = "dev.gather.test.request";
  private static final ThreadLocal<String> REQUEST = new ThreadLocal<>();
  private static final List<Integer> ITEMS = IntStream.range(0, 20).boxed().toList();

  private final ExecutorService strangers = Executors.newCachedThreadPool();
  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  /** What is called, given how to run and what to call there. */
  private interface Place {
    CompletableFuture<?> start(UnaryOperator<Gather<Integer>> how, Runnable look);
  }

  /** What a thread holds. */
  private record Seen(ClassLoader loader, String request) {
    static Seen here() {
      return new Seen(Thread.currentThread().getContextClassLoader(), REQUEST.get());
    }

    void install() {
      Thread.currentThread().setContextClassLoader(loader);
      if (request == null) {
        REQUEST.remove();
      } else {
        REQUEST.set(request);
      }
    }

    static Seen of(String request) {
      return new Seen(new ClassLoader(Seen.class.getClassLoader()) {}, request);
    }
  }

  @BeforeEach
  void register() {
    ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, REQUEST);
  }

  @AfterEach
  void unregister() {
    ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
    strangers.shutdown();
    pool.shutdown();
  }

  @TestFactory
  Stream<DynamicTest> userCodeSeesWhatTheCallerHad() {
    return places().entrySet().stream()
        .flatMap(
            place ->
                Stream.of("the default executor", "a pool")
                    .flatMap(
                        where ->
                            Stream.of("set", "not set")
                                .map(
                                    value ->
                                        DynamicTest.dynamicTest(
                                            place.getKey() + ", " + where + ", " + value,
                                            () ->
                                                check(
                                                    place.getValue(),
                                                    where.equals("a pool"),
                                                    value.equals("set"))))));
  }

  private void check(Place place, boolean isPool, boolean isSet) throws Exception {
    leaveSomethingBehind();
    Seen caller = Seen.of(isSet ? "caller" : null);
    Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    Runnable look =
        () -> {
          seen.add(Seen.here());
          Seen.of("left by the one before").install();
        };
    onFreshThread(
        () -> {
          caller.install();
          CompletableFuture<?> future = place.start(g -> isPool ? g.executor(pool) : g, look);
          Seen.of("later").install(); // does not count
          return future.handle((value, failure) -> "ended").get(20, TimeUnit.SECONDS);
        });
    assertEquals(Set.of(caller), Set.copyOf(seen));
  }

  @TestFactory
  Stream<DynamicTest> aThreadHasItsOwnAgainAfterwards() {
    return Stream.of(pool, (Executor) Runnable::run)
        .map(
            executor ->
                DynamicTest.dynamicTest(
                    executor == pool ? "a pool" : "inline",
                    () -> {
                      Seen own = Seen.of("its own");
                      CompletableFuture<Seen> after = new CompletableFuture<>();
                      Gather<Integer> gather =
                          Gather.each(
                                  ITEMS,
                                  i -> {
                                    Seen.of("left behind").install();
                                    return i;
                                  })
                              .executor(
                                  task ->
                                      executor.execute(
                                          () -> {
                                            own.install();
                                            task.run();
                                            after.complete(Seen.here());
                                          }));
                      onFreshThread(
                          () -> {
                            Seen.of("caller").install();
                            return gather.all().get(20, TimeUnit.SECONDS);
                          });
                      assertEquals(own, after.get(20, TimeUnit.SECONDS));
                    }));
  }

  private Map<String, Place> places() {
    Map<String, Place> places = new TreeMap<>();
    places.put("a body", (how, look) -> how.apply(Gather.each(ITEMS, looking(look))).all());
    places.put(
        "a body, settled", (how, look) -> how.apply(Gather.each(ITEMS, looking(look))).settled());
    places.put(
        "a body that waits for its turn",
        (how, look) ->
            how.apply(Gather.each(ITEMS.subList(0, 3), looking(look)))
                .stagger(Duration.ofMillis(1))
                .all());
    places.put(
        "a body of a stream",
        (how, look) -> {
          List<Completed<Integer>> all;
          try (Stream<Completed<Integer>> results =
              how.apply(Gather.each(ITEMS, looking(look))).limit(2).stream()) {
            all = results.toList();
          }
          return CompletableFuture.completedFuture(all);
        });
    places.put(
        "a supplier of stages",
        (how, look) ->
            how.apply(Gather.eachAsync(ITEMS, i -> laterOn(looking(look).call(i)))).limit(1).all());
    for (String method : List.of("iterator", "hasNext", "next")) {
      places.put(
          "lazy input, " + method,
          (how, look) -> how.apply(Gather.each(lazy(method, look), i -> i)).limit(2).all());
    }
    places.put(
        "a listener",
        (how, look) -> how.apply(Gather.each(ITEMS, i -> i)).listener(listening(look)).all());
    places.put(
        "a listener of stages",
        (how, look) ->
            how.apply(Gather.eachAsync(ITEMS, this::laterOn)).listener(listening(look)).all());
    places.put(
        "a hook",
        (how, look) -> {
          CompletableFuture<Integer> never = new CompletableFuture<>();
          return how.apply(failingOnceStarted(task -> task.onCancel(look), never)).all();
        });
    places.put(
        "a dependent of a stage that is cancelled",
        (how, look) -> {
          CompletableFuture<Integer> never = new CompletableFuture<>();
          CompletableFuture<?> looked = never.handle((value, failure) -> value).thenRun(look);
          how.apply(failingOnceStarted(task -> task, never)).all();
          return looked; // which may run after the end
        });
    places.put(
        "combine",
        (how, look) ->
            how.apply(Gather.of(Task.async(() -> laterOn(1))))
                .combine(
                    results -> {
                      look.run();
                      return 1;
                    }));
    places.put(
        "a dependent of orTimeout",
        (how, look) ->
            pending(how).orTimeout(1, TimeUnit.MILLISECONDS).handle((all, e) -> e).thenRun(look));
    places.put(
        "a dependent of completeOnTimeout",
        (how, look) ->
            pending(how).completeOnTimeout(List.of(), 1, TimeUnit.MILLISECONDS).thenRun(look));
    places.put(
        "a dependent of a cancel by the body",
        (how, look) -> {
          CompletableFuture<GatherFuture<?>> own = new CompletableFuture<>();
          GatherFuture<?> future =
              how.apply(Gather.of(Task.of(() -> own.get().cancel(true) ? 1 : 0))).all();
          CompletableFuture<?> looked = future.handle((all, e) -> e).thenRun(look);
          own.complete(future);
          return looked;
        });
    places.put(
        "a dependent of a gather whose scope is closed",
        (how, look) -> {
          GatherScope scope = new GatherScope();
          CompletableFuture<?> looked =
              pending(gather -> how.apply(gather).scope(scope)).handle((all, e) -> e).thenRun(look);
          pending(gather -> how.apply(gather).scope(scope));
          strangers.execute(
              () -> {
                Seen.of("stranger").install();
                scope.close();
              });
          return looked;
        });
    places.put("a dependent of the result", dependent(future -> future));
    places.put("a dependent of the end", dependent(GatherFuture::terminated));
    places.put(
        "a subscriber",
        (how, look) -> {
          CompletableFuture<String> end = new CompletableFuture<>();
          how.apply(Gather.eachAsync(ITEMS, this::laterOn))
              .limit(2)
              .asCompleted()
              .subscribe(new Looking(look, end));
          return end;
        });
    return places;
  }

  /** A stage, and a task that fails when that has been asked for, and so cancels it. */
  private static Gather<Integer> failingOnceStarted(
      UnaryOperator<Task<Integer>> how, CompletableFuture<Integer> stage) {
    CompletableFuture<Integer> started = new CompletableFuture<>();
    Task<Integer> first =
        how.apply(
            Task.async(
                () -> {
                  started.complete(1);
                  return stage;
                }));
    return Gather.of(
        first,
        Task.async(
            () -> started.thenCompose(i -> CompletableFuture.failedFuture(new IOException()))));
  }

  private static GatherFuture<List<Integer>> pending(UnaryOperator<Gather<Integer>> how) {
    return how.apply(Gather.of(Task.async(() -> new CompletableFuture<Integer>()))).all();
  }

  private Place dependent(Function<GatherFuture<?>, CompletableFuture<?>> of) {
    return (how, look) -> {
      CompletableFuture<Integer> open = new CompletableFuture<>();
      CompletableFuture<?> dependent =
          of.apply(how.apply(Gather.of(Task.async(() -> open))).all()).thenRun(look);
      strangers.execute(() -> completeAsStranger(open, 1));
      return dependent;
    };
  }

  private static Body<Integer, Integer> looking(Runnable look) {
    return i -> {
      look.run();
      return i;
    };
  }

  private static Iterable<Integer> lazy(String method, Runnable look) {
    UnaryOperator<String> called =
        name -> {
          if (name.equals(method)) {
            look.run();
          }
          return name;
        };
    return () -> {
      called.apply("iterator");
      Iterator<Integer> items = ITEMS.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          called.apply("hasNext");
          return items.hasNext();
        }

        @Override
        public Integer next() {
          called.apply("next");
          return items.next();
        }
      };
    };
  }

  private static GatherListener listening(Runnable look) {
    return new GatherListener() {
      @Override
      public void onStart(int index, String name) {
        look.run();
      }

      @Override
      public void onEnd(int index, String name, Outcome<?> outcome, Duration elapsed) {
        look.run();
      }
    };
  }

  private record Looking(Runnable look, CompletableFuture<String> end)
      implements Flow.Subscriber<Completed<Integer>> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Completed<Integer> completed) {
      look.run();
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      look.run();
      end.complete("ended");
    }
  }

  /** A stage that ends on a thread of somebody else, who has a context of their own. */
  private CompletableFuture<Integer> laterOn(int value) {
    CompletableFuture<Integer> stage = new CompletableFuture<>();
    strangers.execute(() -> completeAsStranger(stage, value));
    return stage;
  }

  private static void completeAsStranger(CompletableFuture<Integer> stage, int value) {
    Seen.of("stranger").install();
    stage.complete(value);
  }

  /** In both threads of the pool, as another request may. */
  private void leaveSomethingBehind() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    Callable<Integer> leave =
        () -> {
          Seen.of("another request").install();
          return both.await(20, TimeUnit.SECONDS);
        };
    pool.invokeAll(List.of(leave, leave));
  }

  private static void onFreshThread(Callable<?> code) throws Exception {
    ExecutorService fresh = Executors.newSingleThreadExecutor();
    try {
      fresh.submit(code).get(30, TimeUnit.SECONDS);
    } finally {
      fresh.shutdown();
    }
  }
}
