package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gather.GatherException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What people write as a body: it has to compile, without a cast and without a type that is named,
 * and mean what it says.
 */
@Timeout(60)
class ShapesTest {
  private final Set<String> done = new ConcurrentSkipListSet<>();

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static String fetch(String url) {
    return "page of " + url;
  }

  private static String fetch(Object url) {
    return "any page of " + url;
  }

  private static String home() {
    return "home";
  }

  private static String home(String language) {
    return "home in " + language;
  }

  private static void refuse(String item) throws IOException {
    throw new IOException("refused " + item);
  }

  private void delete(String item) {
    done.add(item);
  }

  private void delete(Object item) {
    done.add("any " + item);
  }

  private void close() throws IOException {
    done.add("closed");
  }

  // ---- bodies that return nothing

  @Test
  void eachDoTakesWhatReturnsNothing() throws Exception {
    List<String> items = List.of("a", "b");
    List<@Nullable Void> nothing = soon(Gather.eachDo(items, this::delete).limit(1).all());
    assertEquals(Collections.nCopies(2, null), nothing);
    assertEquals(Set.of("a", "b"), done);
    soon(Gather.eachDo(List.of("c"), item -> delete(item)).all());
    soon(
        Gather.eachDo(
                List.of("d"),
                item -> {
                  delete(item);
                })
            .all());
    soon(Gather.eachDo(List.of("e"), done::add).all()); // what it returns is not asked for
    assertEquals(new TreeSet<>(Set.of("a", "b", "c", "d", "e")), new TreeSet<>(done));
  }

  @Test
  void whatAnActionThrowsIsItsFailure() {
    GatherException failure =
        assertThrows(
            GatherException.class, Gather.eachDo(List.of("a"), ShapesTest::refuse).all()::join);
    assertEquals("refused a", failure.getCause().getMessage());
    IOException error = new IOException();
    GatherException thrown =
        assertThrows(
            GatherException.class,
            Gather.doing(
                        this::close,
                        () -> {
                          throw error;
                        })
                    .all()
                ::join);
    assertSame(error, thrown.getCause());
    assertEquals(1, thrown.index());
  }

  @Test
  void aTaskMayReturnNothing() throws Exception {
    Task<@Nullable Void> closing = Task.doing(() -> close());
    Task<@Nullable Void> closingToo = Task.doing(this::close).named("close");
    Task<String> value = Task.of(() -> "value");
    GatherFuture<String> both =
        Gather.of(closing, closingToo, value)
            .combine(
                results -> {
                  assertNull(results.get(closing));
                  return results.get(value);
                });
    assertEquals("value", soon(both));
    assertEquals(Set.of("closed"), done);
  }

  @Test
  void doingTakesSeveral() throws Exception {
    assertEquals(
        Collections.nCopies(3, null),
        soon(Gather.doing(() -> close(), this::close, () -> done.add("last")).all()));
    assertEquals(Set.of("closed", "last"), done);
  }

  // ---- bodies that return something compile as they always did

  @Test
  void bodiesWithValues() throws Exception {
    List<String> urls = List.of("a", "b");
    List<String> pages = List.of("page of a", "page of b");
    assertEquals(pages, soon(Gather.each(urls, ShapesTest::fetch).all()));
    assertEquals(pages, soon(Gather.each(urls, url -> fetch(url)).all()));
    assertEquals(
        pages,
        soon(
            Gather.each(
                    urls,
                    url -> {
                      return fetch(url);
                    })
                .all()));
    assertEquals(List.of("home", "home"), soon(Gather.of(ShapesTest::home, () -> home()).all()));
    Task<String> task = Task.of(ShapesTest::home);
    assertEquals(List.of("home"), soon(Gather.of(task).all()));
    assertEquals("home", soon(Gather.zip(ShapesTest::home, ShapesTest::home, (a, b) -> a)));
  }

  @Test
  void bodiesThatOnlyThrow() {
    IOException error = new IOException();
    Gather<String> each =
        Gather.each(
            List.of(1),
            item -> {
              throw error;
            });
    Gather<String> of =
        Gather.of(
            () -> {
              throw error;
            });
    Task<String> task =
        Task.of(
            () -> {
              throw error;
            });
    for (Gather<String> gather : List.of(each, of, Gather.of(task))) {
      GatherException failure = assertThrows(GatherException.class, gather.all()::join);
      assertSame(error, failure.getCause());
    }
  }

  // ---- collections of bodies

  @Test
  void callablesInACollection() throws Exception {
    List<Callable<String>> list = List.of(() -> "a", () -> "b");
    Collection<? extends Callable<? extends CharSequence>> wild = list;
    assertEquals(List.of("a", "b"), soon(Gather.of(list).all()));
    assertEquals(List.of("a", "b"), soon(Gather.<CharSequence>of(list).all()));
    assertEquals(List.of("a", "b"), soon(Gather.of(wild).all()));
    assertEquals(List.of("a", "b", "a", "b"), soon(Gather.of(list, list).all()));
    assertEquals(
        List.of("page of a"),
        soon(Gather.of(Stream.of("a").<Callable<String>>map(s -> () -> fetch(s)).toList()).all()));
    Set<Callable<String>> set = Set.of(() -> "c");
    assertEquals(List.of("c"), soon(Gather.of(set).all()));
  }

  @Test
  void theCollectionIsCopiedByTheCall() throws Exception {
    List<Callable<String>> list = new ArrayList<>(List.of(() -> "a"));
    Gather<String> gather = Gather.of(list);
    list.clear();
    assertEquals(List.of("a"), soon(gather.all()));
  }

  @Test
  void tasksInACollectionAreStillTasks() throws Exception {
    List<Task<String>> tasks = Stream.of("a", "b").map(s -> Task.of(() -> s)).toList();
    assertEquals(List.of("a", "b"), soon(Gather.of(tasks).all()));
    assertEquals(List.of("a"), soon(Gather.of(List.of(Task.of(() -> "a"))).all()));
    assertEquals(List.of("a", "b"), soon(Gather.of(new ArrayList<>(tasks)).all()));
    assertEquals(
        List.of("a"),
        soon(
            Gather.of(Stream.of("a").map(s -> Task.of(() -> s)).collect(Collectors.toList()))
                .all()));
    assertEquals(List.of(), soon(Gather.of(List.of()).all()));
    assertEquals(List.of(), soon(Gather.of(Collections.emptyList()).all()));
  }

  // ---- stages

  private static CompletableFuture<? extends Number> one() {
    return CompletableFuture.completedFuture(1);
  }

  private static CompletionStage<String> connect(String host) throws IOException {
    if (host.isEmpty()) {
      throw new IOException("no host");
    }
    return CompletableFuture.completedFuture(host);
  }

  @Test
  void aBodyMayReturnAStageOfSomethingMoreSpecial() throws Exception {
    Gather<Number> numbers = Gather.eachAsync(List.of("a"), item -> one());
    assertEquals(List.of(1), soon(numbers.all()));
    AsyncBody<String, CharSequence> declared = ShapesTest::connect;
    assertEquals(List.of("a"), soon(Gather.eachAsync(List.of("a"), declared).all()));
    assertEquals(List.of("a"), soon(Gather.eachAsync(List.of("a"), ShapesTest::connect).all()));
  }

  @Test
  void whatStartsAStageMayThrow() throws Exception {
    Task<String> connected = Task.async(() -> connect("a"));
    assertEquals(List.of("a"), soon(Gather.of(connected).all()));
    GatherException failure =
        assertThrows(
            GatherException.class, Gather.<Object>of(Task.async(() -> connect(""))).all()::join);
    assertEquals("no host", failure.getCause().getMessage());
  }

  @Test
  void aSupplierThatIsThereAlreadyWillDo() throws Exception {
    Supplier<CompletionStage<? extends Number>> supplier = ShapesTest::one;
    Task<Number> task = Task.async(supplier);
    assertEquals(List.of(1), soon(Gather.of(task).all()));
    AsyncStart<String> start = () -> connect("");
    CompletionException thrown = assertThrows(CompletionException.class, start::get);
    assertEquals("no host", thrown.getCause().getMessage());
  }
}
