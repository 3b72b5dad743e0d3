package dev.gather.verification.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Methods that public types inherit from those of their package can be called from another. */
class DerivedReflectionTest {
  private final GatherFuture<List<Integer>> all = Gather.of(() -> 1).all();
  private final Function<List<Integer>, Integer> first = list -> list.get(0);

  @Test
  void byReflection() throws Exception {
    Object derived = GatherFuture.class.getMethod("thenApply", Function.class).invoke(all, first);
    assertEquals(1, ((GatherFuture<?>) derived).join());
    Object either =
        GatherFuture.class
            .getMethod("applyToEither", CompletionStage.class, Function.class)
            .invoke(all, new CompletableFuture<>(), first);
    assertEquals(1, ((GatherFuture<?>) either).join());
  }

  @Test
  void byMethodHandle() throws Throwable {
    for (Class<?> returned :
        List.of(GatherFuture.class, CompletableFuture.class, CompletionStage.class)) {
      Object derived =
          MethodHandles.publicLookup()
              .findVirtual(
                  GatherFuture.class, "thenApply", MethodType.methodType(returned, Function.class))
              .invoke(all, (Object) first);
      assertEquals(1, ((GatherFuture<?>) derived).join());
    }
  }

  @Test
  void byReference() {
    Function<GatherFuture<List<Integer>>, GatherFuture<List<Integer>>> copy = GatherFuture::copy;
    assertSame(all.terminated(), copy.apply(all).terminated());
    assertEquals(
        List.of(1),
        Stream.of(all.thenApply(first))
            .map(GatherFuture::toCompletableFuture)
            .map(f -> f.join())
            .toList());
  }
}
