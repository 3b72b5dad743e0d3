package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.CancelReason;
import dev.gather.GatherException;
import dev.gather.GatherListener;
import dev.gather.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A value in place of a failure, and only of a failure. */
@Timeout(60)
class RecoverTest {
  private static final Duration SHORT = Duration.ofMillis(30);

  private final IOException error = new IOException("boom");
  private final Queue<Throwable> asked = new ConcurrentLinkedQueue<>();
  private final Task<String> failing =
      Task.of(
          () -> {
            throw error;
          });

  private static <T> T soon(Future<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static String waitForEver() throws InterruptedException {
    new CountDownLatch(1).await();
    return "never";
  }

  private Task<String> recovering(Task<String> task) {
    return task.recover(
        failure -> {
          asked.add(failure);
          return "instead";
        });
  }

  private Throwable askedOnce() {
    assertEquals(1, asked.size(), asked::toString);
    return asked.remove();
  }

  private void assertRecovers(Task<String> task) throws Exception {
    assertEquals(List.of("instead", "b"), soon(Gather.of(task, Task.of(() -> "b")).all()));
  }

  // ---- failures of every kind

  @Test
  void ofABody() throws Exception {
    assertRecovers(recovering(failing));
    assertSame(error, askedOnce());
    assertEquals(List.of("else"), soon(Gather.of(failing.orElse("else")).all()));
    Task<@Nullable String> orNull = Task.of(() -> waitForEver());
    assertNull(soon(Gather.of(orNull.timeout(SHORT).orElse(null)).all()).get(0));
  }

  @Test
  void ofAFunctionGivenEarlier() throws Exception {
    for (Throwable thrown : List.of(new IllegalStateException("x"), new AssertionError("x"))) {
      Task<String> broken =
          failing.recover(
              failure -> {
                if (thrown instanceof Error error) {
                  throw error;
                }
                throw (RuntimeException) thrown;
              });
      assertRecovers(recovering(broken));
      assertSame(thrown, askedOnce());
    }
  }

  @Test
  void ofItsTimeout() throws Exception {
    assertRecovers(recovering(Task.of(RecoverTest::waitForEver).timeout(SHORT)));
    assertInstanceOf(TimeoutException.class, askedOnce());
    CompletableFuture<String> stage = new CompletableFuture<>();
    assertRecovers(recovering(Task.started(stage)).timeout(SHORT));
    assertInstanceOf(TimeoutException.class, askedOnce());
    assertTrue(stage.isCancelled());
    assertRecovers(recovering(Task.of(() -> "not even called")).timeout(Duration.ZERO));
    assertInstanceOf(TimeoutException.class, askedOnce());
  }

  @Test
  void ofAStage() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    GatherFuture<List<String>> all =
        Gather.of(recovering(Task.async(() -> stage.thenApply(value -> value)))).all();
    stage.completeExceptionally(error);
    assertEquals(List.of("instead"), soon(all));
    assertSame(error, askedOnce());
    assertRecovers(recovering(Task.started(CompletableFuture.failedFuture(error))));
    assertSame(error, askedOnce());
  }

  @Test
  void ofATaskThatCancelsItself() throws Exception {
    assertRecovers(
        recovering(
            Task.of(
                () -> {
                  throw new CancellationException("mine");
                })));
    assertEquals("mine", askedOnce().getMessage());
  }

  @Test
  void ofAnExecutorThatRefuses() throws Exception {
    Gather<String> refused =
        Gather.of(List.of(recovering(Task.of(() -> "a"))))
            .executor(
                task -> {
                  throw new RejectedExecutionException();
                });
    assertEquals(List.of("instead"), soon(refused.all()));
    assertInstanceOf(RejectedExecutionException.class, askedOnce());
  }

  // ---- what it is then

  @Test
  void itIsASuccessForEverybody() throws Exception {
    Queue<Outcome<?>> heard = new ConcurrentLinkedQueue<>();
    GatherListener listener =
        new GatherListener() {
          @Override
          public void onEnd(
              int index, @Nullable String name, Outcome<?> outcome, Duration elapsed) {
            heard.add(outcome);
          }
        };
    Task<String> task = recovering(failing).named("user");
    Outcome<String> success = new Outcome.Success<>("instead");
    assertEquals(List.of(success), soon(Gather.of(task).listener(listener).settled()));
    assertEquals(List.of(success), List.copyOf(heard));
    assertEquals("instead", soon(Gather.of(task, Task.of(RecoverTest::waitForEver)).any()));
    assertEquals(Map.of("key", "instead"), soon(Gather.keyed(Map.of("key", task)).all()));
    asked.clear();
    assertEquals(List.of("instead", "instead"), soon(Gather.of(task, task).all()));
    assertSame(error, askedOnce());
  }

  @Test
  void whatTheFunctionThrowsIsTheFailure() throws Exception {
    IllegalStateException second = new IllegalStateException();
    Task<String> task =
        failing.recover(
            failure -> {
              throw second;
            });
    GatherException failure = assertThrows(GatherException.class, Gather.of(task).all()::join);
    assertSame(second, failure.getCause());
    assertRecovers(recovering(task));
    assertSame(second, askedOnce());
  }

  // ---- where it is not asked

  @Test
  void notByACancel() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Task<String> task =
        recovering(
            Task.of(
                () -> {
                  started.countDown();
                  return waitForEver();
                }));
    GatherFuture<List<Outcome<String>>> settled = Gather.of(task).settled();
    started.await();
    settled.cancel(true);
    soon(settled.terminated());
    assertEquals(List.of(), List.copyOf(asked));
  }

  @Test
  void notAtTheDeadlineOfTheGather() throws Exception {
    Task<String> task = recovering(Task.of(RecoverTest::waitForEver));
    assertEquals(
        List.of(new Outcome.Cancelled<>(CancelReason.TIMEOUT, true)),
        soon(Gather.of(task).timeout(SHORT).settled()));
    assertEquals(List.of(), List.copyOf(asked));
  }

  @Test
  void notWhenAnotherHasFailed() {
    CountDownLatch started = new CountDownLatch(1);
    Task<String> waiting =
        recovering(
            Task.of(
                () -> {
                  started.countDown();
                  return waitForEver();
                }));
    Task<String> other =
        Task.of(
            () -> {
              started.await();
              throw error;
            });
    GatherException failure =
        assertThrows(GatherException.class, Gather.of(waiting, other).all()::join);
    assertSame(error, failure.getCause());
    assertEquals(List.of(), List.copyOf(asked));
  }

  @Test
  void notForAnErrorAfterWhichNothingCanBeTrusted() {
    OutOfMemoryError fatal = new OutOfMemoryError("of a test");
    Task<String> task =
        recovering(
            Task.of(
                () -> {
                  throw fatal;
                }));
    GatherException failure = assertThrows(GatherException.class, Gather.of(task).all()::join);
    assertSame(fatal, failure.getCause());
    assertEquals(List.of(), List.copyOf(asked));
  }
}
