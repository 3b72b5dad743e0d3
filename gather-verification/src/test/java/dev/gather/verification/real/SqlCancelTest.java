package dev.gather.verification.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.GatherException;
import dev.gather.Outcome;
import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import dev.gather.future.Task;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An {@code onCancel} hook stops a statement that no interrupt would stop. */
class SqlCancelTest {
  /** Far longer than any test waits: a statement that is not stopped fails the test. */
  private static final String SLEEP = "select pg_sleep(3600)";

  private static EmbeddedPostgres postgres;

  /** An interrupt would close the socket of the connection if the body ran on a virtual thread. */
  private static final Executor PLATFORM_THREADS = body -> new Thread(body, "jdbc").start();

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @Test
  void cancelStopsTheStatement() throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      GatherFuture<List<Boolean>> gather =
          Gather.<Boolean>of(sleep(statement)).executor(PLATFORM_THREADS).all();
      awaitSleeping(1);
      assertTrue(gather.cancel(true));
      gather.terminated().get(20, TimeUnit.SECONDS);
      awaitSleeping(0);
      assertUsable(connection);
    }
  }

  @Test
  void theFailureOfAnotherTaskStopsTheStatement() throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      CountDownLatch sleeping = new CountDownLatch(1);
      Task<Boolean> failing =
          Task.of(
              () -> {
                sleeping.await();
                throw new IOException("the other one");
              });
      GatherFuture<List<Boolean>> gather =
          Gather.of(sleep(statement), failing).executor(PLATFORM_THREADS).all();
      awaitSleeping(1);
      sleeping.countDown();
      GatherException failure =
          assertInstanceOf(
              GatherException.class,
              assertThrows(
                  CompletionException.class, gather.orTimeout(20, TimeUnit.SECONDS)::join));
      assertEquals("the other one", failure.getCause().getMessage());
      awaitSleeping(0);
      assertUsable(connection);
    }
  }

  @Test
  void theDeadlineStopsTheStatement() throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      List<Outcome<Boolean>> outcomes =
          Gather.<Boolean>of(sleep(statement))
              .executor(PLATFORM_THREADS)
              .timeout(Duration.ofMillis(200))
              .settled()
              .get(20, TimeUnit.SECONDS);
      assertInstanceOf(Outcome.Cancelled.class, outcomes.get(0));
      awaitSleeping(0);
      assertUsable(connection);
    }
  }

  private static Task<Boolean> sleep(Statement statement) {
    return Task.<Boolean>of(() -> statement.execute(SLEEP))
        .onCancel(
            () -> {
              try {
                statement.cancel();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static void awaitSleeping(int expected) throws SQLException {
    String count =
        "select count(*) from pg_stat_activity where query = '" + SLEEP + "' and state = 'active'";
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    try (Connection watcher = postgres.getPostgresDatabase().getConnection();
        Statement statement = watcher.createStatement()) {
      while (number(statement, count) != expected) {
        assertTrue(System.nanoTime() < until, "sleeping statements should be " + expected);
      }
    }
  }

  private static void assertUsable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertEquals(42, number(statement, "select 42"));
    }
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
