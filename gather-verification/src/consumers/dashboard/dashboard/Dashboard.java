package dashboard;

import dev.gather.FailurePolicy;
import dev.gather.GatherException;
import dev.gather.GatherListener;
import dev.gather.GatherOptions;
import dev.gather.GatherTimeoutException;
import dev.gather.Outcome;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.GatherScope;
import dev.gather.future.KeyedGather;
import dev.gather.future.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/** A program of somebody who has heard of CompletableFuture and never of Kotlin. */
public final class Dashboard {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  private Dashboard() {}

  record User(String name) {}

  record Page(User user, List<String> orders) {}

  public static void main(String[] args) throws Exception {
    values();
    page();
    described();
    limit();
    settled();
    failure();
    timeout();
    cancel();
    scope();
    threads();
  }

  private static void values() {
    System.out.println("of: " + Gather.of(() -> "a", () -> "b", () -> (String) null).all().join());
    System.out.println("each: " + Gather.each(List.of(1, 2, 3), n -> n * n).all().join());
    System.out.println(
        "eachAsync: "
            + Gather.eachAsync(List.of(1, 2), n -> CompletableFuture.supplyAsync(() -> -n))
                .all()
                .join());
    System.out.println(
        "started: "
            + Gather.started(List.of(CompletableFuture.completedFuture("done"))).all().join());
    System.out.println("zip: " + Gather.zip(() -> 1, () -> "b", (n, s) -> n + s).join());
    System.out.println("none: " + Gather.of(List.<Task<String>>of()).all().join());
  }

  private static void page() {
    Task<User> user = Task.of(() -> new User("Ada"));
    Task<List<String>> orders =
        Task.async(() -> CompletableFuture.completedFuture(List.of("tea", "milk")));
    GatherFuture<Page> page =
        Gather.of(user, orders).timeout(LONG).combine(r -> new Page(r.get(user), r.get(orders)));
    System.out.println("combine: " + page.join());
  }

  /** The options are methods like any other: to name, and to find by reflection. */
  private static void described() throws Exception {
    Gather<String> gather = Gather.of(() -> "a");
    BiFunction<Gather<String>, Integer, Gather<String>> limit = Gather::limit;
    IntFunction<KeyedGather<String, String>> keyed =
        Gather.keyed(Map.of("key", Task.of(() -> "b")))::limit;
    System.out.println("described: " + limit.apply(gather, 2) + ", " + keyed.apply(3));
    Object found = Gather.class.getMethod("limit", int.class).invoke(gather, 4);
    System.out.println("described: " + found);
  }

  private static void limit() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger peak = new AtomicInteger();
    AtomicInteger ends = new AtomicInteger();
    CyclicBarrier pair = new CyclicBarrier(2);
    GatherOptions options =
        GatherOptions.builder()
            .limit(2)
            .listener(
                new GatherListener() {
                  @Override
                  public void onEnd(
                      int index, String taskName, Outcome<?> outcome, Duration elapsed) {
                    ends.incrementAndGet();
                  }
                })
            .build();
    GatherFuture<List<Integer>> all =
        Gather.each(
                List.of(1, 2, 3, 4, 5, 6),
                n -> {
                  peak.accumulateAndGet(running.incrementAndGet(), Math::max);
                  pair.await(30, TimeUnit.SECONDS);
                  running.decrementAndGet();
                  return 10 * n;
                })
            .with(options)
            .all();
    System.out.println("limit: " + all.join() + ", " + peak + " at a time, " + ends + " ended");
    System.out.println("progress: " + all.progress());
  }

  private static void settled() {
    Task<String> fine = Task.of(() -> "fine");
    Task<String> broken = Task.of(Dashboard::noRoute);
    Task<String> slow = Task.<String>of(Dashboard::forever).named("slow").timeout(SHORT);
    for (Outcome<String> outcome : Gather.of(fine, broken, slow).settled().join()) {
      System.out.println("settled: " + outcome);
    }
  }

  private static void failure() {
    Task<String> broken = Task.<String>of(Dashboard::noRoute).named("orders");
    Task<String> done = Task.started(CompletableFuture.completedFuture("fine"));
    Task<String> endless = Task.started(new CompletableFuture<>());
    fail(Gather.of(endless, broken));
    fail(Gather.of(done, broken).onFailure(FailurePolicy.AWAIT_OTHERS));
  }

  private static void fail(Gather<String> gather) {
    try {
      System.out.println(gather.all().join());
    } catch (GatherException e) {
      System.out.println("failure: " + e.getMessage());
      System.out.println("failure: " + e.index() + ", " + e.taskName() + ", " + e.getCause());
      System.out.println("failure: " + e.outcomes());
    }
  }

  private static void timeout() {
    Task<String> ready = Task.started(CompletableFuture.completedFuture("ready"));
    Task<String> slow = Task.started(new CompletableFuture<>());
    Gather<String> both = Gather.of(ready, slow).timeout(SHORT).name("dashboard");
    try {
      System.out.println(both.all().join());
    } catch (GatherException e) {
      GatherTimeoutException timeout = (GatherTimeoutException) e.getCause();
      System.out.println("timeout: " + timeout.getMessage());
      System.out.println("timeout: " + timeout.outcomes().get(0));
    }
    System.out.println("timeout: " + both.settled().join().get(0));
  }

  private static void cancel() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<String> seen = new AtomicReference<>("nothing");
    GatherFuture<List<String>> all =
        Gather.of(
                () -> {
                  running.countDown();
                  try {
                    return forever();
                  } catch (InterruptedException e) {
                    seen.set("an interrupt");
                    throw e;
                  }
                })
            .all();
    running.await();
    System.out.println("cancel: " + all.thenApply(List::size).cancel(true));
    all.terminated().get(30, TimeUnit.SECONDS);
    System.out.println("cancel: the body saw " + seen + ", " + all);
    try {
      all.join();
    } catch (CancellationException e) {
      System.out.println("cancel: " + e.getClass().getName());
    }
  }

  private static void scope() throws Exception {
    GatherFuture<List<String>> left;
    try (GatherScope scope = new GatherScope("request")) {
      left = Gather.<String>of(Dashboard::forever).scope(scope).all();
      System.out.println("scope: " + scope);
    }
    System.out.println("scope: " + left.isCancelled() + ", " + left.terminated().isDone());
  }

  private static void threads() {
    System.out.println(
        "threads: "
            + Gather.of(
                    () -> Thread.currentThread().isDaemon(),
                    () -> Thread.currentThread().getName().startsWith("gather"))
                .all()
                .join());
  }

  private static String noRoute() throws IOException {
    throw new IOException("no route");
  }

  private static String forever() throws InterruptedException {
    new CountDownLatch(1).await();
    return "never";
  }
}
