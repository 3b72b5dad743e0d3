package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Requesting;

/** Requests to a server in the same JVM, from coroutines. */
public class HttpFanOutSuspending extends SuspendWorkload {
  private EmbeddedServer server;

  @Override
  protected Body body() throws Exception {
    server = new EmbeddedServer();
    return new Requesting(server);
  }

  @Override
  protected int rounds() {
    return 1;
  }

  @Override
  protected void close() throws Exception {
    server.stop();
  }
}
