package dev.gather.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.Limiter;
import dev.gather.future.Gather;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** No thread of Gather keeps the JVM alive, whatever is still running on it. */
class JvmExitTest {
  @Test
  void theJvmEndsWithItsMainThread() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                LeavesAGatherRunning.class.getName())
            .inheritIO()
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertTrue(ended, "the JVM is still running");
    assertEquals(0, process.exitValue());
  }

  /** Ends its main thread while a body blocks, deadlines are set and a permit is waited for. */
  static final class LeavesAGatherRunning {
    public static void main(String[] args) throws InterruptedException {
      CountDownLatch running = new CountDownLatch(1);
      Gather.<Void>of(
              () -> {
                running.countDown();
                new CountDownLatch(1).await();
                return null;
              })
          .timeout(Duration.ofHours(1))
          .taskTimeout(Duration.ofHours(1))
          .all();
      Limiter limiter = Limiter.perSecond(100);
      limiter.acquire();
      limiter.acquire().join(); // granted on a thread that is still there
      limiter.setPerSecond(1e-3);
      limiter.acquire();
      running.await();
    }
  }
}
