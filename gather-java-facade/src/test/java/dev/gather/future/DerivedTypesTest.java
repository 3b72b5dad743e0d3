package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is derived from the future of a gather is one, and the compiler knows it. */
@Timeout(60)
class DerivedTypesTest {
  private final CompletableFuture<Integer> source = new CompletableFuture<>();
  private final GatherFuture<List<Integer>> all = Gather.started(List.of(source)).all();

  @Test
  void theGatherStaysInReach() throws Exception {
    GatherFuture<String> derived =
        all.thenApply(list -> list.get(0))
            .thenCombine(CompletableFuture.completedFuture("a"), (number, text) -> text + number)
            .exceptionally(failure -> "failed")
            .thenCompose(CompletableFuture::completedFuture)
            .whenComplete((value, failure) -> {})
            .handleAsync((value, failure) -> value)
            .orTimeout(1, TimeUnit.HOURS)
            .copy();
    assertEquals(all.progress(), derived.progress());
    assertSame(all.terminated(), derived.terminated());
    source.complete(1);
    assertEquals("a1", derived.get(20, TimeUnit.SECONDS));
    assertTrue(derived.terminated().isDone());
    assertSame(derived, derived.toCompletableFuture());
  }

  /** Where the other one is done, the JDK derives from that. */
  @Test
  void eitherBelongsToTheGatherOfTheFirst() {
    CompletableFuture<List<Integer>> done = CompletableFuture.completedFuture(List.of(2));
    GatherFuture<Integer> now = all.applyToEither(done, list -> list.get(0));
    assertEquals(2, now.join());
    assertSame(all.terminated(), now.terminated());
    GatherFuture<List<Integer>> other = Gather.of(() -> 3).all();
    other.join();
    assertSame(all.terminated(), all.acceptEither(other, list -> {}).terminated());
    CountDownLatch gate = new CountDownLatch(1);
    GatherFuture<Integer> later =
        all.applyToEitherAsync(
            done,
            list -> {
              awaitUninterruptibly(gate); // not before it is cancelled
              return 0;
            });
    later.cancel(true);
    gate.countDown();
    assertTrue(all.isCancelled(), "any stage that is derived cancels the gather");
    assertTrue(source.isCancelled());
  }

  /**
   * Whatever the JDK says to be a future or stage, but for the one that has no methods to cancel.
   */
  @Test
  void everyMethodThatDerivesSaysSo() {
    Set<String> others =
        methods()
            .filter(method -> CompletionStage.class.isAssignableFrom(method.getReturnType()))
            .filter(method -> method.getReturnType() != GatherFuture.class)
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of("minimalCompletionStage", "shielded", "terminated"), others);
  }

  /** Where the JDK declares another type for the same call, that method is there as a bridge. */
  private static Stream<Method> methods() {
    return Arrays.stream(GatherFuture.class.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(
            method ->
                Arrays.stream(GatherFuture.class.getMethods())
                    .noneMatch(
                        other ->
                            other.getReturnType() != method.getReturnType()
                                && method.getReturnType().isAssignableFrom(other.getReturnType())
                                && other.getName().equals(method.getName())
                                && Arrays.equals(
                                    other.getParameterTypes(), method.getParameterTypes())));
  }

  private static void awaitUninterruptibly(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStageWithoutAnybodyToCancelItIsNoGather() {
    CompletionStage<List<Integer>> minimal = all.minimalCompletionStage();
    assertInstanceOf(CompletableFuture.class, minimal.toCompletableFuture());
    all.cancel(true);
  }
}
