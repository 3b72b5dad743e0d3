package dev.gather;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatherOptionsTest {
  private static final Executor EXECUTOR = named("my executor");
  private static final GatherListener LISTENER =
      new GatherListener() {
        @Override
        public String toString() {
          return "my listener";
        }
      };
  private static final GatherOptions FULL =
      GatherOptions.builder()
          .name("pages")
          .limit(16)
          .timeout(Duration.ofSeconds(30))
          .taskTimeout(Duration.ofSeconds(2))
          .onFailure(FailurePolicy.AWAIT_OTHERS)
          .grace(Duration.ofMillis(50))
          .executor(EXECUTOR)
          .listener(LISTENER)
          .build();

  @Test
  void theDefaultsBoundNothing() {
    GatherOptions options = GatherOptions.defaults();
    assertEquals(GatherOptions.UNLIMITED, options.limit());
    assertEquals(Integer.MAX_VALUE, GatherOptions.UNLIMITED);
    assertNull(options.timeout());
    assertNull(options.taskTimeout());
    assertEquals(FailurePolicy.CANCEL_OTHERS, options.onFailure());
    assertNull(options.grace());
    assertNull(options.executor());
    assertNull(options.name());
    assertNull(options.listener());
    assertEquals(options, GatherOptions.builder().build());
  }

  @Test
  void everySetterIsHeard() {
    assertEquals("pages", FULL.name());
    assertEquals(16, FULL.limit());
    assertEquals(Duration.ofSeconds(30), FULL.timeout());
    assertEquals(Duration.ofSeconds(2), FULL.taskTimeout());
    assertEquals(FailurePolicy.AWAIT_OTHERS, FULL.onFailure());
    assertEquals(Duration.ofMillis(50), FULL.grace());
    assertSame(EXECUTOR, FULL.executor());
    assertSame(LISTENER, FULL.listener());
  }

  @Test
  void everySetterTakesItsOptionAwayAgain() {
    GatherOptions cleared =
        FULL.toBuilder()
            .name(null)
            .limit(GatherOptions.UNLIMITED)
            .timeout(null)
            .taskTimeout(null)
            .onFailure(FailurePolicy.CANCEL_OTHERS)
            .grace(null)
            .executor(null)
            .listener(null)
            .build();
    assertEquals(GatherOptions.defaults(), cleared);
  }

  @Test
  void toBuilderStartsFromTheseOptionsAndLeavesThemAlone() {
    assertEquals(FULL, FULL.toBuilder().build());
    GatherOptions other = FULL.toBuilder().limit(1).build();
    assertEquals(1, other.limit());
    assertEquals("pages", other.name());
    assertEquals(16, FULL.limit());
  }

  @Test
  void aBuilderMayGoOnAfterBuild() {
    GatherOptions.Builder builder = GatherOptions.builder().limit(1);
    GatherOptions one = builder.build();
    GatherOptions two = builder.limit(2).build();
    assertEquals(1, one.limit());
    assertEquals(2, two.limit());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void aLimitBelowOneIsRefused(int limit) {
    assertEquals(
        "limit must be at least 1, but was " + limit,
        assertThrows(
                IllegalArgumentException.class, () -> GatherOptions.builder().limit(limit).build())
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, Integer.MAX_VALUE})
  void aLimitFromOneIsTaken(int limit) {
    assertEquals(limit, GatherOptions.builder().limit(limit).build().limit());
  }

  @Test
  void negativeDurationsAreRefusedByTheSetter() {
    Duration negative = Duration.ofMillis(-1);
    GatherOptions.Builder builder = GatherOptions.builder();
    assertEquals(
        "timeout must not be negative, but was PT-0.001S",
        assertThrows(IllegalArgumentException.class, () -> builder.timeout(negative)).getMessage());
    assertEquals(
        "taskTimeout must not be negative, but was PT-0.001S",
        assertThrows(IllegalArgumentException.class, () -> builder.taskTimeout(negative))
            .getMessage());
    assertEquals(
        "grace must not be negative, but was PT-0.001S",
        assertThrows(IllegalArgumentException.class, () -> builder.grace(negative)).getMessage());
    assertEquals(GatherOptions.defaults(), builder.build());
  }

  @Test
  void poolsThatDropTasksInSilenceAreRefused() {
    for (RejectedExecutionHandler silent :
        List.of(
            new ThreadPoolExecutor.DiscardPolicy(),
            new ThreadPoolExecutor.DiscardOldestPolicy(),
            new ThreadPoolExecutor.DiscardPolicy() {})) {
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(0, 1, 1, SECONDS, new SynchronousQueue<>(), silent);
      GatherOptions.Builder builder = GatherOptions.builder();
      String message =
          assertThrows(IllegalArgumentException.class, () -> builder.executor(pool)).getMessage();
      assertTrue(message.startsWith("executor must not drop tasks in silence"), message);
      assertNull(builder.build().executor());
      pool.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
      assertSame(pool, builder.executor(pool).build().executor());
    }
  }

  @Test
  void zeroDurationsAreTaken() {
    GatherOptions options =
        GatherOptions.builder()
            .timeout(Duration.ZERO)
            .taskTimeout(Duration.ZERO)
            .grace(Duration.ZERO)
            .build();
    assertEquals(Duration.ZERO, options.timeout());
    assertEquals(Duration.ZERO, options.taskTimeout());
    assertEquals(Duration.ZERO, options.grace());
  }

  @Test
  void aPolicyIsRequired() {
    FailurePolicy none = null;
    assertEquals(
        "policy must not be null",
        assertThrows(
                NullPointerException.class, () -> GatherOptions.builder().onFailure(none).build())
            .getMessage());
  }

  @Test
  void optionsAreValues() {
    assertEquals(FULL, FULL.toBuilder().build());
    assertEquals(FULL.hashCode(), FULL.toBuilder().build().hashCode());
    assertNotEquals(FULL, GatherOptions.defaults());
    assertNotEquals(FULL, (Object) "GatherOptions");
    List<UnaryOperator<GatherOptions.Builder>> changes =
        List.of(
            builder -> builder.name("other"),
            builder -> builder.limit(17),
            builder -> builder.timeout(Duration.ofSeconds(31)),
            builder -> builder.taskTimeout(Duration.ofSeconds(3)),
            builder -> builder.onFailure(FailurePolicy.LEAVE_OTHERS),
            builder -> builder.grace(Duration.ofMillis(51)),
            builder -> builder.executor(named("other")),
            builder -> builder.listener(new GatherListener() {}));
    for (UnaryOperator<GatherOptions.Builder> change : changes) {
      assertNotEquals(FULL, change.apply(FULL.toBuilder()).build());
    }
  }

  @Test
  void toStringTellsWhatDiffersFromTheDefaults() {
    assertEquals("GatherOptions[]", GatherOptions.defaults().toString());
    assertEquals(
        "GatherOptions[limit=16, timeout=PT30S]",
        GatherOptions.builder().timeout(Duration.ofSeconds(30)).limit(16).build().toString());
    assertEquals(
        "GatherOptions[name=pages, limit=16, timeout=PT30S, taskTimeout=PT2S,"
            + " onFailure=AWAIT_OTHERS, grace=PT0.05S, executor=my executor, listener=my listener]",
        FULL.toString());
  }

  private static Executor named(String name) {
    return new Executor() {
      @Override
      public void execute(Runnable task) {
        task.run();
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }
}
