package dev.gather.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StackGuardTest {
  private static final int SAFE_DEPTH = 16;

  @Test
  void everySoManyLevelsItGoesOnElsewhere() {
    List<Runnable> elsewhere = new ArrayList<>();
    List<Integer> levels = new ArrayList<>();
    nest(elsewhere::add, levels, 2 * SAFE_DEPTH + 1);
    assertEquals(SAFE_DEPTH, levels.size());
    assertEquals(1, elsewhere.size());
    elsewhere.remove(0).run();
    assertEquals(2 * SAFE_DEPTH, levels.size());
    elsewhere.remove(0).run();
    assertEquals(2 * SAFE_DEPTH + 1, levels.size());
    assertEquals(List.of(), elsewhere);
  }

  private static void nest(Executor elsewhere, List<Integer> levels, int depth) {
    if (depth > 0) {
      StackGuard.run(
          elsewhere,
          () -> {
            levels.add(depth);
            nest(elsewhere, levels, depth - 1);
          });
    }
  }

  @Test
  void oneAfterTheOtherStaysHere() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      StackGuard.run(DaemonThreads.EXECUTOR, () -> threads.add(Thread.currentThread()));
    }
    assertEquals(100, threads.size());
    assertEquals(List.of(Thread.currentThread()), threads.stream().distinct().toList());
  }

  @Test
  void whatIsThrownIsThrownAndDoesNotCount() {
    IllegalStateException error = new IllegalStateException();
    for (int i = 0; i < 3 * SAFE_DEPTH; i++) {
      assertSame(
          error,
          assertThrows(
              IllegalStateException.class,
              () ->
                  StackGuard.run(
                      DaemonThreads.EXECUTOR,
                      () -> {
                        throw error;
                      })));
    }
    oneAfterTheOtherStaysHere();
  }

  @Test
  void aHundredThousandLevels() throws Exception {
    CompletableFuture<String> end = new CompletableFuture<>();
    deepen(100_000, end);
    assertEquals("reached", end.get(20, TimeUnit.SECONDS));
  }

  private static void deepen(int levels, CompletableFuture<String> end) {
    StackGuard.run(
        DaemonThreads.EXECUTOR,
        () -> {
          if (levels == 0) {
            end.complete("reached");
          } else {
            deepen(levels - 1, end);
          }
        });
  }
}
