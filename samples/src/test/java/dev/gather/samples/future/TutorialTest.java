package dev.gather.samples.future;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Every program of the five tutorials prints what its Python original prints, when it does. */
class TutorialTest {

  @Nested
  class Tutorial000 {
    @Test
    void fetchData() throws Exception {
      Rehearsal.of((out, clock) -> new FetchData(out, clock).run())
          .prints(
              "Fetching data from API 1...",
              "Fetching data from API 2...",
              "Fetching data from API 3...")
          .asleep(3)
          .secondsPass(1)
          .prints("Done fetching from API 2")
          .secondsPass(1)
          .prints("Done fetching from API 3")
          .secondsPass(1)
          .prints(
              "Done fetching from API 1",
              "All requests completed in 3.00 seconds",
              "Results: [Data from API 1, Data from API 2, Data from API 3]")
          .ends();
    }

    @Test
    void errorHandling() throws Exception {
      Rehearsal.of((out, clock) -> new ErrorHandling(out, clock).run())
          .asleep(3)
          .secondsPass(1)
          .secondsPass(1)
          .prints("Something failed: no answer")
          .asleep(3)
          .secondsPass(2)
          .secondsPass(1)
          .prints(
              "Task 0 succeeded with: first",
              "Task 1 failed with: no answer",
              "Task 2 succeeded with: third")
          .ends();
    }
  }

  @Nested
  class Tutorial001 {
    @Test
    void countdown() throws Exception {
      Rehearsal.of((out, clock) -> new Countdown(out, clock).run())
          .prints("countdown(3): 3", "countdown(2): 2")
          .asleep(2)
          .secondsPass(1)
          .prints("countdown(3): 2", "countdown(2): 1")
          .asleep(2)
          .secondsPass(1)
          .prints("countdown(3): 1")
          .asleep(1)
          .secondsPass(1)
          .ends();
    }

    @Test
    void fetchInOrder() throws Exception {
      Rehearsal.of((out, clock) -> new FetchInOrder(out, clock).run())
          .asleep(3)
          .secondsPass(3)
          .prints("[Data 1, Data 2, Data 3]")
          .ends();
    }
  }

  @Nested
  class Tutorial002 {
    @Test
    void manualTasks() throws Exception {
      Rehearsal.of((out, clock) -> new ManualTasks(out, clock).run())
          .prints(
              "Fetching from endpoint1...",
              "Fetching from endpoint2...",
              "Fetching from endpoint3...")
          .asleep(3)
          .secondsPass(1)
          .prints(
              "Finished fetching from endpoint1",
              "Finished fetching from endpoint2",
              "Finished fetching from endpoint3")
          .ends();
    }

    @Test
    void fetchFromApi() throws Exception {
      Rehearsal.of((out, clock) -> new FetchFromApi(out, clock).run())
          .prints(
              "Fetching from users...", //
              "Fetching from products...",
              "Fetching from orders...")
          .asleep(3)
          .secondsPass(1)
          .prints("Finished fetching from users")
          .secondsPass(0.5)
          .prints("Finished fetching from orders")
          .secondsPass(0.5)
          .prints(
              "Finished fetching from products",
              "",
              "All tasks finished in 2.00 seconds.",
              "--- Results ---",
              "[{endpoint=users, status=success}, {endpoint=products, status=success},"
                  + " {endpoint=orders, status=success}]")
          .ends();
    }

    @Test
    void fetchOrFail() throws Exception {
      Rehearsal.of((out, clock) -> new FetchOrFail(out, clock).run())
          .prints(
              "Running tasks with potential errors...",
              "Fetching from users...",
              "Fetching from products...",
              "Fetching from orders...")
          .asleep(3)
          .secondsPass(2)
          .prints(
              "",
              "--- All tasks complete ---",
              "A task succeeded: {endpoint=users, status=success}",
              "A task failed: Failed to fetch from products",
              "A task succeeded: {endpoint=orders, status=success}")
          .ends();
    }
  }

  @Nested
  class Tutorial003 {
    @Test
    void fetchLetters() throws Exception {
      Rehearsal.of((out, clock) -> new FetchLetters(out, clock).run())
          .asleep(3)
          .secondsPass(0.05)
          .secondsPass(0.05)
          .secondsPass(0.1)
          .prints("[a, b, c]")
          .ends();
    }

    @Test
    void fetchOkAndBad() throws Exception {
      Rehearsal.of((out, clock) -> new FetchOkAndBad(out, clock).run())
          .asleep(2)
          .secondsPass(0.1)
          .prints("[ok-value, java.io.IOException: no route to bad]")
          .ends();
    }
  }

  @Nested
  class Tutorial004 {
    @Test
    void callApi() throws Exception {
      Rehearsal.of((out, clock) -> new CallApi(out, clock).run())
          .prints("Calling API 1 ...", "Calling API 2 ...")
          .asleep(2)
          .secondsPass(2)
          .prints("100 200")
          .ends();
    }

    @Test
    void callApiFailed() throws Exception {
      Rehearsal.of((out, clock) -> new CallApiFailed(out, clock).run())
          .prints("Calling API 1 ...", "Calling API 2 ...")
          .asleep(3)
          .secondsPass(3)
          .prints("APIError: API failed")
          .ends();
    }

    @Test
    void callApiReturnExceptions() throws Exception {
      Rehearsal.of((out, clock) -> new CallApiReturnExceptions(out, clock).run())
          .prints("Calling API 1 ...", "Calling API 2 ...")
          .asleep(3)
          .secondsPass(2)
          .prints("100 200 API failed")
          .ends();
    }
  }
}
