package dev.gather.verification.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.gather.coroutines.internal.bodies.ElementCount;
import dev.gather.verification.Project;
import java.nio.file.Path;
import java.util.List;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.CoroutineContext.Element;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.AbstractCoroutine;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.CoroutineName;
import kotlinx.coroutines.Job;
import org.junit.jupiter.api.Test;

/** What Gather uses of kotlinx.coroutines beyond its stable API. */
class InternalsTest {
  @Test
  void itStandsInOneFileOfEachModule() {
    assertEquals(List.of("Internals.kt"), filesOf("gather-kotlin"));
    assertEquals(List.of("DoorCoroutine.kt"), filesOf("gather-bridge"));
  }

  private static List<String> filesOf(String module) {
    return Project.files(Project.root().resolve(module).resolve("src/main"), ".kt").stream()
        .filter(file -> Project.text(file).contains("InternalCoroutinesApi"))
        .map(Path::getFileName)
        .map(Path::toString)
        .toList();
  }

  /** Should a newer version change these, it shows here and not in somebody's program. */
  @Test
  void itIsThere() throws NoSuchMethodException {
    Job.class.getMethod("getCancellationException");
    AbstractCoroutine.class.getDeclaredMethod("onCompleted", Object.class);
    AbstractCoroutine.class.getDeclaredMethod("onCancelled", Throwable.class, boolean.class);
    CoroutineDispatcher.class.getMethod("dispatchYield", CoroutineContext.class, Runnable.class);
  }

  /** Should that be counted in another way, it would be right all the same, and cost more. */
  @Test
  void itIsKnownHowThreadContextElementsAreCounted() {
    assertNotNull(ElementCount.operation);
    assertEquals(0, ElementCount.INSTANCE.of(EmptyCoroutineContext.INSTANCE, false));
    assertEquals(0, ElementCount.INSTANCE.of(new CoroutineName("x"), false));
    Element permit = ElementCount.INSTANCE.getNOTHING();
    assertEquals(permit, ElementCount.INSTANCE.of(EmptyCoroutineContext.INSTANCE, true));
    assertEquals(2, ElementCount.INSTANCE.of(permit, true));
  }
}
