package dev.gather.verification.streams;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.gather.Completed;
import dev.gather.future.Gather;
import dev.gather.future.GatherScope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Flow.Publisher;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;

/**
 * Every test of the Reactive Streams TCK for publishers, on every kind of publisher there is. The
 * TCK is written for TestNG; it is called from here so that its tests are counted with all others.
 */
class ReactiveStreamsTest {
  private static final long MILLIS = 1_000;
  private static final long MILLIS_OF_SILENCE = 50;

  private record Kind(String name, Function<Gather<Long>, Gather<Long>> how) {}

  @TestFactory
  Stream<DynamicContainer> asCompleted() {
    return Stream.of(
            new Kind("without a limit", gather -> gather),
            new Kind("limit 1", gather -> gather.limit(1)),
            new Kind("limit 4", gather -> gather.limit(4)),
            new Kind("in order, limit 4", gather -> gather.limit(4).ordered()),
            new Kind(
                "bodies on the requesting thread",
                gather -> gather.limit(2).executor(Runnable::run)))
        .map(kind -> DynamicContainer.dynamicContainer(kind.name(), tests(kind)));
  }

  private static Stream<DynamicTest> tests(Kind kind) {
    return Arrays.stream(FlowPublisherVerification.class.getMethods())
        .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
        .filter(method -> !method.getName().startsWith("untested_")) // the TCK cannot test these
        // For publishers that give the same to all; here each subscription is a run of its own.
        .filter(method -> !method.getName().contains("_multicast_"))
        .sorted(Comparator.comparing(Method::getName))
        .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(kind, method)));
  }

  private static void run(Kind kind, Method test) throws Throwable {
    Verification verification = new Verification(kind);
    verification.setUp();
    try {
      test.invoke(verification);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException skipped) {
        fail("skipped, and all of it was promised: " + skipped.getMessage());
      }
      throw e.getCause();
    }
  }

  private static final class Verification extends FlowPublisherVerification<Completed<Long>> {
    private final Kind kind;

    Verification(Kind kind) {
      super(new TestEnvironment(MILLIS, MILLIS_OF_SILENCE), MILLIS);
      this.kind = kind;
    }

    @Override
    public Publisher<Completed<Long>> createFlowPublisher(long elements) {
      Iterable<Long> items = () -> LongStream.range(0, elements).iterator();
      return kind.how().apply(Gather.each(items, (Long item) -> item)).asCompleted();
    }

    @Override
    public Publisher<Completed<Long>> createFailedFlowPublisher() {
      GatherScope closed = new GatherScope();
      closed.close();
      assertTrue(closed.isClosed());
      return kind.how().apply(Gather.of(() -> 1L)).scope(closed).asCompleted();
    }
  }
}
