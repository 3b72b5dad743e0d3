package dev.gather.verification.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.GlobalScope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of ArchitectureTest, held against code that breaks each of them. */
class ForbiddenCallsTest {
  private static final JavaClasses OFFENDER =
      new ClassFileImporter().importClasses(OffenderHelper.class);
  private static final JavaClasses INNOCENT = new ClassFileImporter().importClasses(Innocent.class);

  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of("everyCoroutineHasAnOwner", ArchitectureTest.everyCoroutineHasAnOwner, 1),
        Arguments.of(
            "noThreadIsBlockedForACoroutine", ArchitectureTest.noThreadIsBlockedForACoroutine, 1),
        Arguments.of("theCommonPoolIsLeftAlone", ArchitectureTest.theCommonPoolIsLeftAlone, 3),
        Arguments.of(
            "theTimerThreadOfTheJdkIsLeftAlone",
            ArchitectureTest.theTimerThreadOfTheJdkIsLeftAlone,
            2),
        Arguments.of("nobodySleeps", ArchitectureTest.nobodySleeps, 2),
        Arguments.of("aLibraryPrintsNothing", ArchitectureTest.aLibraryPrintsNothing, 2),
        Arguments.of("namesSayWhatAThingIs", ArchitectureTest.namesSayWhatAThingIs, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theRuleSeesWhatItForbids(String name, ArchRule rule, int violations) {
    EvaluationResult result = rule.evaluate(OFFENDER);
    assertTrue(result.hasViolation());
    assertEquals(
        violations,
        result.getFailureReport().getDetails().size(),
        () -> result.getFailureReport().toString());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theRuleLetsTheRestPass(String name, ArchRule rule, int violations) {
    assertFalse(rule.evaluate(INNOCENT).hasViolation());
  }

  static final class OffenderHelper {
    Object owner() {
      return GlobalScope.INSTANCE;
    }

    Object blocks() throws InterruptedException {
      return BuildersKt.runBlocking(EmptyCoroutineContext.INSTANCE, (scope, continuation) -> "");
    }

    Object pools() {
      return CompletableFuture.supplyAsync(() -> 1)
          .thenApplyAsync(n -> n)
          .thenCombine(CompletableFuture.completedFuture(1), (a, b) -> ForkJoinPool.commonPool());
    }

    Object timers() {
      return CompletableFuture.supplyAsync(
          () -> new CompletableFuture<>().orTimeout(1, TimeUnit.SECONDS),
          CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
    }

    void sleeps() throws InterruptedException {
      Thread.sleep(1);
      TimeUnit.SECONDS.sleep(1);
    }

    void prints() {
      System.out.println();
      new Exception().printStackTrace();
    }
  }

  static final class Innocent {
    Object pools(Executor executor) {
      return CompletableFuture.supplyAsync(() -> 1, executor).thenApplyAsync(n -> n, executor);
    }
  }
}
