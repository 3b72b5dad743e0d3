package dev.gather.benchmarks.workloads;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers with the number it was asked for, and a client that asks. */
public final class EmbeddedServer {
  private static final int BACKLOG = 1_000;

  static {
    // Otherwise each answer waits 40 ms for the acknowledgement of its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final HttpServer server;
  private final HttpClient client;
  private final URI base;

  EmbeddedServer() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HttpServer.create(any, BACKLOG);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          byte[] answer =
              exchange.getRequestURI().getPath().substring(1).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    String host = server.getAddress().getAddress().getHostAddress();
    base = URI.create("http://" + host + ":" + server.getAddress().getPort() + "/");
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  public CompletableFuture<HttpResponse<String>> send(Item item) {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(Integer.toString(item.index()))).build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  public static Item item(HttpResponse<String> response) {
    return new Item(Integer.parseInt(response.body()));
  }

  void stop() throws InterruptedException {
    server.stop(0);
    Threads.end(threads);
  }
}
