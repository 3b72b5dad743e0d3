package dev.gather.samples.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server of which a test decides what each path does, and which counts. */
final class TestServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

  TestServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    requests.computeIfAbsent(path, p -> new AtomicInteger()).incrementAndGet();
    handlers.getOrDefault(path, e -> answer(e, 404, "")).handle(exchange);
  }

  TestServer on(String path, HttpHandler handler) {
    handlers.put(path, handler);
    return this;
  }

  TestServer on(String path, int status, String body) {
    return on(path, exchange -> answer(exchange, status, body));
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  int requests(String path) {
    AtomicInteger count = requests.get(path);
    return count == null ? 0 : count.get();
  }

  int requests() {
    return requests.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }

  /** Answers nobody before {@code size} are waiting, and counts how many ever were. */
  static final class Meeting implements HttpHandler {
    private final int size;
    private final List<HttpExchange> waiting = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    Meeting(int size) {
      this.size = size;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
      int now = inside.incrementAndGet();
      most.accumulateAndGet(now, Math::max);
      List<HttpExchange> met = List.of();
      synchronized (waiting) {
        waiting.add(exchange);
        if (waiting.size() == size) {
          met = List.copyOf(waiting);
          waiting.clear();
        }
      }
      for (HttpExchange one : met) {
        // Before the answer: once that is out, the client may send the next request.
        inside.decrementAndGet();
        answer(one, 200, "met");
      }
    }

    int most() {
      return most.get();
    }
  }
}
