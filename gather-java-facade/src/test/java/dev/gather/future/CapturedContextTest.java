package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.context.ContextRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CapturedContextTest {
  private static final String KEY = "dev.gather.test";
  private final ThreadLocal<String> request = new ThreadLocal<>();

  @BeforeEach
  void register() {
    ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, request);
  }

  @AfterEach
  void unregister() {
    ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
    request.remove();
  }

  @Test
  void bodiesSeeTheCallersThreadLocals() throws Exception {
    request.set("caller");
    Gather<String> gather =
        Gather.of(
            Task.of(request::get),
            Task.async(() -> CompletableFuture.completedFuture(request.get())));
    request.set("at the call");
    GatherFuture<List<String>> values = gather.all();
    request.set("later");
    assertEquals(List.of("at the call", "at the call"), values.get(20, TimeUnit.SECONDS));
  }

  @Test
  void whatABodyChangesIsGoneAfterIt() throws Exception {
    request.set("caller");
    List<String> seen =
        Gather.each(
                IntStream.range(0, 1_000).boxed().toList(),
                i -> {
                  String before = request.get();
                  request.set("changed by " + i);
                  return before;
                })
            .limit(1)
            .all()
            .get(20, TimeUnit.SECONDS);
    assertEquals(List.of("caller"), seen.stream().distinct().toList());
    assertEquals("caller", request.get());
  }

  @Test
  void aThreadGetsBackWhatItHad() throws Exception {
    request.set("caller");
    Gather<String> gather = Gather.of(request::get);
    GatherFuture<List<String>> future =
        gather
            .executor(
                task -> {
                  request.set("executor");
                  task.run();
                })
            .all();
    assertEquals(List.of("caller"), future.get(20, TimeUnit.SECONDS));
    assertEquals("executor", request.get());
  }

  @Test
  void aCallerWithoutAnyLeavesNothingBehind() throws Exception {
    request.remove();
    Gather.of(() -> "nothing").executor(Runnable::run).all().get(20, TimeUnit.SECONDS);
    assertNull(request.get());
  }
}
