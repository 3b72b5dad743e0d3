package dev.gather.verification.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.CancelReason;
import dev.gather.Outcome;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The server of an exchange that is cancelled sees its connection close: it has really been
 * aborted.
 */
class HttpClientCancelTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void cancelOfTheGatherClosesTheConnection() throws Exception {
    abortedBy(gather -> gather.cancel(true));
  }

  @Test
  void cancelOfAStageDerivedFromTheGatherClosesTheConnection() throws Exception {
    abortedBy(gather -> gather.thenApply(List::size).cancel(true));
  }

  @Test
  void completingTheGatherFromOutsideClosesTheConnection() throws Exception {
    abortedBy(gather -> gather.complete(List.of()));
  }

  @Test
  void theTimeoutOfTheTaskClosesTheConnection() throws Exception {
    try (SilentServer server = new SilentServer()) {
      Task<HttpResponse<String>> exchange = exchange(server).timeout(Duration.ofMillis(300));
      List<Outcome<HttpResponse<String>>> outcomes =
          Gather.<HttpResponse<String>>of(exchange).settled().get(20, TimeUnit.SECONDS);
      assertInstanceOf(Outcome.Failure.class, outcomes.get(0));
      server.connectionClosed.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void theDeadlineOfTheGatherClosesTheConnection() throws Exception {
    try (SilentServer server = new SilentServer()) {
      List<Outcome<HttpResponse<String>>> outcomes =
          Gather.<HttpResponse<String>>of(exchange(server))
              .timeout(Duration.ofMillis(300))
              .settled()
              .get(20, TimeUnit.SECONDS);
      assertEquals(new Outcome.Cancelled<>(CancelReason.TIMEOUT, true), outcomes.get(0));
      server.connectionClosed.get(20, TimeUnit.SECONDS);
    }
  }

  private interface Abort {
    Object abort(GatherFuture<List<HttpResponse<String>>> gather);
  }

  private void abortedBy(Abort abort) throws Exception {
    try (SilentServer server = new SilentServer()) {
      GatherFuture<List<HttpResponse<String>>> gather =
          Gather.<HttpResponse<String>>of(exchange(server)).all();
      server.requestArrived.get(20, TimeUnit.SECONDS);
      abort.abort(gather);
      assertTrue(gather.isDone());
      server.connectionClosed.get(20, TimeUnit.SECONDS);
      gather.terminated().get(20, TimeUnit.SECONDS);
    }
  }

  private Task<HttpResponse<String>> exchange(SilentServer server) {
    HttpRequest request = HttpRequest.newBuilder(server.uri()).build();
    return Task.async(() -> client.sendAsync(request, BodyHandlers.ofString()));
  }

  /** Reads a request and never answers. */
  private static final class SilentServer implements AutoCloseable {
    final CompletableFuture<Void> requestArrived = new CompletableFuture<>();
    final CompletableFuture<Void> connectionClosed = new CompletableFuture<>();
    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

    SilentServer() throws IOException {
      Thread thread = new Thread(this::serve, "silent server");
      thread.setDaemon(true);
      thread.start();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/never");
    }

    private void serve() {
      try (Socket connection = server.accept()) {
        while (connection.getInputStream().read() >= 0) {
          requestArrived.complete(null);
        }
        connectionClosed.complete(null);
      } catch (SocketException reset) {
        connectionClosed.complete(null);
      } catch (IOException e) {
        connectionClosed.completeExceptionally(e);
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
