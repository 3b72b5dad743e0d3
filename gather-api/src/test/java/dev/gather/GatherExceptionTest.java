package dev.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class GatherExceptionTest {
  private final IOException cause = new IOException("no route");
  private final List<Outcome<?>> outcomes =
      new ArrayList<>(List.of(new Outcome.Success<>(1), new Outcome.Failure<>(cause)));
  private final GatherException failed =
      new GatherException("gather failed: task[1] orders of 2", cause, 1, "orders", outcomes);
  private final GatherTimeoutException timedOut =
      new GatherTimeoutException("gather timed out after 5s: 1/2 done", outcomes);

  @Test
  void aFailureNamesTheTaskAndKeepsItsException() {
    assertEquals("gather failed: task[1] orders of 2", failed.getMessage());
    assertSame(cause, failed.getCause());
    assertEquals(1, failed.index());
    assertEquals("orders", failed.taskName());
    assertEquals(outcomes, failed.outcomes());
    assertEquals(
        "dev.gather.GatherException: gather failed: task[1] orders of 2", failed.toString());
  }

  @Test
  void aTaskNeedNoName() {
    assertNull(new GatherException("failed", cause, -1, null, List.of()).taskName());
    assertEquals(-1, new GatherException("failed", cause, -1, null, List.of()).index());
  }

  @Test
  void joinThrowsItAsItIsAndGetThrowsItsCause() {
    CompletableFuture<Integer> future = CompletableFuture.failedFuture(failed);
    assertInstanceOf(CompletionException.class, failed);
    assertSame(failed, assertThrows(GatherException.class, future::join));
    assertSame(cause, assertThrows(ExecutionException.class, future::get).getCause());
  }

  @Test
  void aTimeoutKeepsWhatHadBeenFinished() {
    assertInstanceOf(TimeoutException.class, timedOut);
    assertEquals("gather timed out after 5s: 1/2 done", timedOut.getMessage());
    assertNull(timedOut.getCause());
    assertEquals(outcomes, timedOut.outcomes());
  }

  @Test
  void theOutcomesCannotBeChanged() {
    assertThrows(UnsupportedOperationException.class, () -> failed.outcomes().remove(0));
    assertThrows(UnsupportedOperationException.class, () -> timedOut.outcomes().clear());
    assertEquals(2, failed.outcomes().size());
  }

  @Test
  void serializationKeepsAllButTheOutcomes() throws Exception {
    GatherException copy = copy(failed);
    assertEquals(failed.getMessage(), copy.getMessage());
    assertEquals("no route", assertInstanceOf(IOException.class, copy.getCause()).getMessage());
    assertEquals(1, copy.index());
    assertEquals("orders", copy.taskName());
    assertEquals(List.of(), copy.outcomes());

    GatherTimeoutException timeoutCopy = copy(timedOut);
    assertEquals(timedOut.getMessage(), timeoutCopy.getMessage());
    assertEquals(List.of(), timeoutCopy.outcomes());
  }

  private static <T> T copy(T original) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(original);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      @SuppressWarnings("unchecked") // a copy of a T
      T copy = (T) in.readObject();
      return copy;
    }
  }
}
