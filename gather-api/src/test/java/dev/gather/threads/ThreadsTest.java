package dev.gather.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ThreadsTest {
  static List<Executor> executors() {
    return List.of(BodyThreads.EXECUTOR, DaemonThreads.EXECUTOR);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void asManyAsWantToRunTogether(Executor executor) throws Exception {
    int many = 200;
    CyclicBarrier meet = new CyclicBarrier(many);
    List<CompletableFuture<Integer>> met = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      met.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return meet.await(20, TimeUnit.SECONDS);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              },
              executor));
    }
    for (CompletableFuture<Integer> one : met) {
      one.get(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @MethodSource("executors")
  void itsThreadsInheritNothingAndKeepNoJvmAlive(Executor executor) throws Exception {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[0], before)) {
      local.set("of the one that asks");
      Thread.currentThread().setContextClassLoader(loader);
      CompletableFuture.runAsync(
              () -> {
                Thread thread = Thread.currentThread();
                assertNull(local.get());
                assertTrue(thread.isDaemon());
                assertFalse(thread.isInterrupted());
                assertSame(ClassLoader.getSystemClassLoader(), thread.getContextClassLoader());
              },
              executor)
          .get(20, TimeUnit.SECONDS);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
      local.remove();
    }
  }

  @ParameterizedTest
  @MethodSource("executors")
  void nobodyCanShutThemDown(Executor executor) {
    assertFalse(executor instanceof ExecutorService);
    assertFalse(executor instanceof AutoCloseable);
  }

  @Test
  void daemonsAreThreadsOfThePlatformAndBodiesHaveVirtualOnesWhereThereAreAny() throws Exception {
    assertTrue(name(DaemonThreads.EXECUTOR).matches("gather-daemon-\\d+"));
    boolean virtual = Runtime.version().feature() >= 21;
    assertTrue(name(BodyThreads.EXECUTOR).matches(virtual ? "gather" : "gather-\\d+"));
    assertEquals("gather-daemon", name(DaemonThreads.EXECUTOR).replaceAll("-\\d+$", ""));
  }

  private static String name(Executor executor) throws Exception {
    return CompletableFuture.supplyAsync(() -> Thread.currentThread().getName(), executor)
        .get(20, TimeUnit.SECONDS);
  }
}
