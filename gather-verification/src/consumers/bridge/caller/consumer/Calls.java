package consumer;

import acme.users.User;
import acme.users.UserClient;
import dev.gather.GatherException;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

/** A program in Java that calls a library in Kotlin, and does not know it. */
public final class Calls {
  private Calls() {}

  public static void main(String[] args) throws Exception {
    UserClient client = new UserClient();
    try (client) {
      System.out.println("future: " + client.find("1").thenApply(User::getName).join());
      List<Task<User>> tasks = List.of(client.findTask("1"), Task.of(() -> new User("blocking")));
      System.out.println(
          "tasks: "
              + Gather.of(tasks).limit(1).timeout(Duration.ofSeconds(20)).all().join().stream()
                  .map(User::getName)
                  .toList());
      System.out.println("blocking: " + client.findNow("2").getName());
      try (Stream<User> changes = client.changeStream()) {
        System.out.println("stream: " + changes.map(User::getName).toList());
      }
      subscribe(client.changes());
      fail(client);
      GatherFuture<User> never = client.never();
      client.getNeverStarted().await();
      never.thenApply(User::getName).cancel(true);
      never.terminated().join();
      System.out.println("cancel: " + never.isCancelled() + ", " + client.getCleanedUp());
    }
    try {
      client.find("3").join();
    } catch (IllegalStateException e) {
      System.out.println("closed: " + e.getMessage());
    }
  }

  private static void fail(UserClient client) throws InterruptedException {
    try {
      client.find("0").get();
    } catch (ExecutionException e) {
      System.out.println("failure: " + e.getCause());
    }
    try {
      Gather.of(List.of(client.findTask("0"))).all().join();
    } catch (GatherException e) {
      System.out.println("failure: " + e.taskName() + ", " + e.getCause());
    }
  }

  private static void subscribe(Flow.Publisher<User> changes) throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    changes.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(10);
          }

          @Override
          public void onNext(User user) {
            System.out.println("publisher: " + user.getName());
          }

          @Override
          public void onError(Throwable failure) {
            System.out.println("publisher: " + failure);
            end.countDown();
          }

          @Override
          public void onComplete() {
            System.out.println("publisher: complete");
            end.countDown();
          }
        });
    end.await();
  }
}
