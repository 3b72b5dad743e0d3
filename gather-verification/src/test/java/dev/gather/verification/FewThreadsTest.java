package dev.gather.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Where the system has no more threads a gather goes on with those that there are, and deadlines
 * pass. The JVM gets so little address space, and threads such large stacks, that there are a few;
 * where a shell cannot bound that, or threads are virtual, there are enough and all is as ever.
 */
class FewThreadsTest {
  @Test
  void aGatherGoesOnWithTheThreadsThatThereAre() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -v 14000000 2>/dev/null; exec \"$0\" \"$@\"",
                java,
                "-Xmx64m",
                "-Xss512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable",
                "-cp",
                System.getProperty("java.class.path"),
                WantsManyThreads.class.getName())
            .inheritIO()
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertTrue(ended, "the JVM is still running");
    assertEquals(0, process.exitValue());
  }

  /** Asks for a hundred threads at once, each time anew. */
  static final class WantsManyThreads {
    private static final List<Integer> ITEMS = IntStream.range(0, 100).boxed().toList();

    public static void main(String[] args) throws Exception {
      for (int round = 0; round < 2; round++) {
        List<Integer> all =
            Gather.each(
                    ITEMS,
                    i -> {
                      Thread.sleep(20); // so that each wants a thread of its own
                      return i;
                    })
                .all()
                .get(30, TimeUnit.SECONDS);
        assertEquals(ITEMS, all);
        int outcomes =
            Gather.each(ITEMS, i -> new CompletableFuture<Integer>().get())
                .timeout(Duration.ofMillis(200))
                .settled()
                .get(30, TimeUnit.SECONDS)
                .size();
        assertEquals(ITEMS.size(), outcomes);
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<String> hook = new CompletableFuture<>();
        Task<Integer> task =
            Task.of(
                () -> {
                  running.countDown();
                  return new CompletableFuture<Integer>().get();
                });
        GatherFuture<List<Integer>> future =
            Gather.of(task.onCancel(() -> hook.complete("called"))).all();
        running.await();
        future.cancel(true);
        future.terminated().get(30, TimeUnit.SECONDS);
        assertEquals("called", hook.get(30, TimeUnit.SECONDS));
      }
      System.exit(0);
    }
  }
}
