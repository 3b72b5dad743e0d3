package dev.gather.samples.cli.fetch.urls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A server on the loopback interface that behaves as servers do: most answer soon, some late, some
 * with an error, one never.
 */
public final class DemoServer implements AutoCloseable {
  private static final int NEVER = -1;

  /** One endpoint. */
  private record Endpoint(String path, int millis, int status, int bytes, String location) {
    Endpoint(String path, int millis, int status, int bytes) {
      this(path, millis, status, bytes, "");
    }
  }

  private static final List<Endpoint> ENDPOINTS =
      List.of(
          new Endpoint("/", 80, 200, 4_096),
          new Endpoint("/style.css", 50, 200, 12_480),
          new Endpoint("/users/1", 210, 200, 618),
          new Endpoint("/users/2", 340, 200, 602),
          new Endpoint("/users/3", 60, 404, 94),
          new Endpoint("/orders?page=1", 450, 200, 18_200),
          new Endpoint("/orders?page=2", 620, 200, 17_410),
          new Endpoint("/old/prices", 120, 301, 0, "/prices.json"),
          new Endpoint("/stock", 280, 503, 51),
          new Endpoint("/never", NEVER, 200, 0),
          new Endpoint("/search?q=gather", 900, 200, 7_950),
          new Endpoint("/report.pdf", 750, 200, 1_800_000));

  private static final List<Endpoint> HIDDEN =
      List.of(new Endpoint("/prices.json", 160, 200, 3_310));

  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool(daemons());
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(daemons());

  private DemoServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.createContext("/", this::handle);
    server.start();
  }

  public static DemoServer start() throws IOException {
    return new DemoServer();
  }

  /** All of them, in a good order to look at. */
  public List<URI> urls() {
    return ENDPOINTS.stream().map(endpoint -> url(endpoint.path())).toList();
  }

  private URI url(String path) {
    InetSocketAddress address = server.getAddress();
    return URI.create(
        "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + path);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    server.stop(0);
    workers.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    Endpoint endpoint = find(path);
    if (endpoint.millis() != NEVER) {
      // Waiting costs no thread: the exchange stays open until somebody answers it.
      clock.schedule(
          () -> workers.execute(() -> answer(exchange, endpoint)),
          endpoint.millis(),
          TimeUnit.MILLISECONDS);
    }
  }

  private static Endpoint find(String path) {
    return List.of(ENDPOINTS, HIDDEN).stream()
        .flatMap(List::stream)
        .filter(endpoint -> endpoint.path().equals(path))
        .findFirst()
        .orElse(new Endpoint(path, 0, 404, 0));
  }

  private static void answer(HttpExchange exchange, Endpoint endpoint) {
    try (exchange) {
      if (!endpoint.location().isEmpty()) {
        exchange.getResponseHeaders().set("Location", endpoint.location());
      }
      byte[] body = new byte[endpoint.bytes()];
      Arrays.fill(body, (byte) '.');
      exchange.sendResponseHeaders(endpoint.status(), body.length == 0 ? -1 : body.length);
      try (OutputStream to = exchange.getResponseBody()) {
        to.write(body);
      }
    } catch (IOException clientIsGone) {
      // It has been cancelled, or had no more time: as it happens to servers.
    }
  }

  private static ThreadFactory daemons() {
    return task -> {
      Thread thread = new Thread(task, "demo-server");
      thread.setDaemon(true);
      return thread;
    };
  }
}
