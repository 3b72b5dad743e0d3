package dev.gather.samples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Takes one request, says at most the beginning of an answer, and sees the connection close. */
final class SilentServer implements AutoCloseable {
  private final ServerSocket server;
  private final String beginning;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final CompletableFuture<Void> hungUp = new CompletableFuture<>();

  private SilentServer(String beginning) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.beginning = beginning;
    Thread thread = new Thread(this::serve, "silent-server");
    thread.setDaemon(true);
    thread.start();
  }

  static SilentServer neverAnswers() throws IOException {
    return new SilentServer("");
  }

  /** Promises 1,000 bytes, gives half of them and falls silent. */
  static SilentServer halfAnswers() throws IOException {
    return new SilentServer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(500));
  }

  private void serve() {
    try (Socket socket = server.accept()) {
      sockets.add(socket);
      InputStream in = socket.getInputStream();
      int crlfs = 0;
      // A GET ends with an empty line.
      while (crlfs < 4) {
        int c = in.read();
        crlfs = c == '\r' || c == '\n' ? crlfs + 1 : 0;
      }
      socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
      asked.complete(null);
      while (in.read() >= 0) {
        // nothing else is expected
      }
      hungUp.complete(null);
    } catch (IOException reset) {
      hungUp.complete(null);
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getLocalPort() + path;
  }

  CompletableFuture<Void> asked() {
    return asked;
  }

  void awaitHangUp() throws Exception {
    hungUp.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
