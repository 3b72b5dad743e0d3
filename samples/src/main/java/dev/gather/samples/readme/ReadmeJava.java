package dev.gather.samples.readme;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.gather.Completed;
import dev.gather.FailurePolicy;
import dev.gather.GatherException;
import dev.gather.GatherOptions;
import dev.gather.Limiter;
import dev.gather.Outcome;
import dev.gather.Outcomes;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.GatherScope;
import dev.gather.future.Task;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The Java code of the README, compiled. */
public final class ReadmeJava {
  private final Users users;
  private final Orders orders;
  private final HttpClient client = HttpClient.newHttpClient();

  /** With the services a dashboard would call. */
  public ReadmeJava(Users users, Orders orders) {
    this.users = users;
    this.orders = orders;
  }

  /** A blocking service. */
  public interface Users {
    /** Finds a user. */
    User find(int id) throws IOException;
  }

  /** A service that returns futures. */
  public interface Orders {
    /** Finds a user's orders. */
    CompletableFuture<List<String>> byUser(int id);
  }

  /** Somebody. */
  public record User(String name) {}

  /** What the dashboard shows. */
  public record Page(User user, List<String> orders) {}

  /** Many of one kind. */
  public List<String> fetchAll(List<URI> urls) {
    // region each
    List<String> pages =
        Gather.each(urls, this::fetch).limit(16).timeout(ofSeconds(5)).all().join();
    // endregion
    return pages;
  }

  /** A few of different kinds. */
  public Page dashboard(int id) {
    // region dashboard
    Task<User> user = Task.of(() -> users.find(id)); // blocking: runs on a thread of its own
    Task<List<String>> recent = Task.async(() -> orders.byUser(id)); // returns a future

    GatherFuture<Page> page =
        Gather.of(user, recent)
            .timeout(ofMillis(800))
            .combine(results -> new Page(results.get(user), results.get(recent)));
    // endregion
    return page.join();
  }

  /** The same, where a part may be missing. */
  public Page dashboardOfWhatThereIs(int id) {
    Task<User> user = Task.of(() -> users.find(id));
    Task<List<String>> recent = Task.async(() -> orders.byUser(id));
    // region partial
    GatherFuture<Page> page =
        Gather.of(user, recent)
            .timeout(ofMillis(800)) // what has not come by then is missing
            .combineSettled(
                results ->
                    new Page(results.get(user), results.outcome(recent).getOrElse(List.of())));
    // endregion
    return page.join();
  }

  /** A map of results. */
  public Map<String, Integer> prices(List<String> shops) {
    // region keyed
    Map<String, Task<Integer>> tasks = new LinkedHashMap<>();
    for (String shop : shops) {
      tasks.put(shop, Task.of(() -> price(shop)));
    }
    Map<String, Integer> prices = Gather.keyed(tasks).limit(16).all().join();
    // endregion
    return prices;
  }

  /** What failed, and what became of the others. */
  public String failure(List<URI> urls) {
    // region failure
    try {
      return String.join("\n", Gather.each(urls, this::fetch).all().join());
    } catch (GatherException e) {
      Throwable cause = e.getCause(); // what fetch threw, the same instance
      List<Outcome<?>> outcomes = e.outcomes(); // and how every other task ended, by index
      return urls.get(e.index()) + " failed with " + cause + ", " + outcomes.size() + " in all";
    }
    // endregion
  }

  /** Everything, whatever fails. */
  public void report(List<URI> urls) {
    // region settled
    List<Outcome<String>> outcomes = Gather.each(urls, this::fetch).limit(16).settled().join();
    for (Outcome<String> outcome : outcomes) {
      if (outcome instanceof Outcome.Success<String> success) {
        System.out.println(success.value().length() + " characters");
      } else if (outcome instanceof Outcome.Failure<String> failure) {
        System.out.println("failed: " + failure.cause().getMessage());
      } else if (outcome instanceof Outcome.Cancelled<String> cancelled) {
        System.out.println("cancelled: " + cancelled.reason());
      }
    }
    // endregion
  }

  /** What there is, and what went wrong. */
  public List<String> available(List<URI> urls) {
    // region outcomes
    List<Outcome<String>> outcomes = Gather.each(urls, this::fetch).settled().join();
    List<String> pages = Outcomes.successes(outcomes);
    List<Throwable> problems = Outcomes.failures(outcomes); // what the others threw
    // endregion
    problems.forEach(System.err::println);
    return pages;
  }

  /** Stopping it. */
  public void cancel(List<URI> urls) {
    // region cancel
    GatherFuture<List<HttpResponse<String>>> all =
        Gather.eachAsync(
                urls,
                url ->
                    client.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()))
            .limit(16)
            .all();

    all.cancel(true); // or all.thenApply(…).cancel(true), all.orTimeout(…), closing its scope
    all.terminated().join(); // every exchange has been aborted, nothing is running any more
    // endregion
  }

  /** Stopping what an interrupt does not stop. */
  public Task<Boolean> query(Statement statement, String sql) {
    // region hook
    Task<Boolean> query =
        Task.of(() -> statement.execute(sql))
            .onCancel(
                () -> {
                  try {
                    statement.cancel();
                  } catch (SQLException e) {
                    throw new IllegalStateException(e); // reaches the listener
                  }
                });
    // endregion
    return query;
  }

  /** Resources that must not stay open. */
  public List<Connection> connect(List<DataSource> replicas) {
    // region release
    List<Connection> all =
        Gather.each(replicas, DataSource::getConnection)
            .timeout(ofSeconds(2))
            .release(Connection::close) // one has failed, or was too slow: the others are closed
            .all()
            .join();
    // endregion
    return all;
  }

  /** What CPython does. */
  public List<String> leave(List<URI> urls) {
    // region scope
    try (GatherScope scope = new GatherScope()) {
      return Gather.each(urls, this::fetch)
          .onFailure(FailurePolicy.LEAVE_OTHERS)
          .scope(scope)
          .all()
          .join();
    } // whatever a failure has left running is cancelled, and has ended, here
    // endregion
  }

  /** Options to share. */
  public GatherFuture<List<String>> options(List<URI> urls) {
    // region options
    GatherOptions backend =
        GatherOptions.builder()
            .limit(16) // at most 16 tasks at a time; lazy input is read no further ahead
            .timeout(ofSeconds(30)) // for the whole gather
            .taskTimeout(ofSeconds(5)) // for each task, from its own start
            .onFailure(FailurePolicy.AWAIT_OTHERS) // let the others finish first
            .name("pages") // in messages, and of the threads that run its bodies
            .build();
    return Gather.each(urls, this::fetch).with(backend).all();
    // endregion
  }

  private int price(String shop) throws IOException, InterruptedException {
    return Integer.parseInt(fetch(URI.create(shop)));
  }

  private String fetch(URI url) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
  }

  /** Results as they come. */
  public void asTheyCome(List<URI> urls) {
    // region stream
    try (Stream<Completed<String>> pages = Gather.each(urls, this::fetch).limit(16).stream()) {
      pages.forEach(
          page -> System.out.println(urls.get((int) page.index()) + ": " + page.outcome()));
    } // closed early, it cancels the rest and waits for them
    // endregion
  }

  /** The first that counts. */
  public String fromMirrors(List<URI> mirrors) {
    // region any
    String page =
        Gather.each(mirrors, this::fetch)
            .stagger(ofMillis(250)) // the next when one has failed, or has been running for so long
            .any()
            .join();
    // endregion
    return page;
  }

  /** One bound for everybody. */
  public String politely(List<URI> urls, URI home) throws Exception {
    // region limiter
    Limiter backend = Limiter.concurrent(16).andPerSecond(50); // for all who ask this backend

    var pages = Gather.each(urls, this::fetch).limiter(backend).all();
    String first = backend.call(() -> fetch(home)); // a single call stands in the same queue
    // endregion
    return first + pages.join();
  }
}
