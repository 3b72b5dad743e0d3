package dev.gather.samples.bridge;

import static java.time.Duration.ofSeconds;

import dev.gather.GatherException;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.Task;
import java.util.List;
import java.util.stream.Stream;

/** A program in Java that calls a library written in Kotlin, beside work of its own. */
public final class JavaCaller {
  private JavaCaller() {}

  public static void main(String[] args) {
    try (UserClient client = new UserClient()) {
      // region caller
      System.out.println(client.find("7").thenApply(User::getName).join());

      List<Task<?>> page = List.of(client.findTask("7"), Task.of(() -> "a query that blocks"));
      System.out.println(Gather.of(page).limit(8).timeout(ofSeconds(2)).all().join());

      try (Stream<User> changes = client.changeStream()) {
        changes.map(User::getName).forEach(System.out::println);
      }
      // endregion
      cancel(client);
      fail(client);
    }
  }

  /**
   * A cancel reaches the coroutine, whichever stage it comes from; the end is when that has ended.
   */
  private static void cancel(UserClient client) {
    GatherFuture<User> user = client.find("8");
    user.thenApply(User::getName).cancel(true);
    user.terminated().join();
    System.out.println("cancelled, and ended: " + user.isCancelled());
  }

  private static void fail(UserClient client) {
    try {
      Gather.of(client.findTask("0")).all().join();
    } catch (GatherException e) {
      System.out.println(e.taskName() + ": " + e.getCause().getMessage());
    }
  }
}
