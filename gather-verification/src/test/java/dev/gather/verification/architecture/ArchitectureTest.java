package dev.gather.verification.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import dev.gather.Outcome;
import dev.gather.bridge.JavaDoor;
import dev.gather.coroutines.GatherKt;
import dev.gather.future.Gather;
import dev.gather.verification.Project;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

@AnalyzeClasses(
    locations = ArchitectureTest.PublishedModules.class,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static void allModulesAreThere(JavaClasses classes) {
    for (String name :
        List.of(
            "dev.gather.GatherOptions",
            "dev.gather.threads.Timer",
            "dev.gather.future.Control",
            "dev.gather.bridge.internal.DoorCoroutine",
            "dev.gather.coroutines.internal.door.CoroutineEngine")) {
      assertTrue(classes.contain(name), name);
    }
  }

  @ArchTest
  static final ArchRule theWordsDependOnTheJdkAndJSpecify =
      classes()
          .that()
          .resideInAnyPackage("dev.gather", "dev.gather.spi", "dev.gather.threads")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..",
                  "org.jspecify..",
                  "dev.gather",
                  "dev.gather.spi",
                  "dev.gather.threads"));

  @ArchTest
  static final ArchRule theWordsDoNotKnowTheSpi =
      noClasses()
          .that()
          .resideInAPackage("dev.gather")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gather.spi")
          .because("users see the words, not how a door hands work to the engine");

  @ArchTest
  static final ArchRule theFacadeDoesNotKnowKotlin =
      noClasses()
          .that()
          .resideInAPackage("dev.gather.future..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("kotlin..", "kotlinx..", "dev.gather.coroutines..")
          .because("a Java caller never needs Kotlin to compile");

  @ArchTest
  static final ArchRule theEngineDoesNotKnowTheFacade =
      noClasses()
          .that()
          .resideInAPackage("dev.gather.coroutines..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gather.future..")
          .because("a Kotlin caller needs no facade");

  @ArchTest
  static final ArchRule nobodyKnowsTheBridge =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.gather.bridge..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gather.bridge..")
          .because("each door is complete without the other");

  @ArchTest
  static final ArchRule theBridgeKnowsNoRoomOfTheEngine =
      noClasses()
          .that()
          .resideInAPackage("dev.gather.bridge..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gather.coroutines.internal..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("(dev.gather..)").should().beFreeOfCycles();

  /** The rooms of the engine, from the ground up. */
  private static final List<String> ROOMS =
      List.of("cells", "run", "input", "admission", "bodies", "delivery", "door");

  @ArchTest
  static void arrowsBetweenTheRoomsOfTheEngineOnlyGoDown(JavaClasses classes) {
    for (int room = 0; room < ROOMS.size(); room++) {
      String[] above =
          ROOMS.subList(room + 1, ROOMS.size()).stream()
              .map(ArchitectureTest::packageOf)
              .toArray(String[]::new);
      if (above.length > 0) {
        noClasses()
            .that()
            .resideInAPackage(packageOf(ROOMS.get(room)))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(above)
            .because("who walks through the house follows a task in one direction")
            .check(classes);
      }
    }
  }

  @ArchTest
  static final ArchRule theEngineHasNoOtherRooms =
      classes()
          .that()
          .resideInAPackage("dev.gather.coroutines.internal..")
          .should()
          .resideInAnyPackage(
              ROOMS.stream().map(ArchitectureTest::packageOf).toArray(String[]::new));

  private static String packageOf(String room) {
    return "dev.gather.coroutines.internal." + room;
  }

  @ArchTest
  static final ArchRule everyCoroutineHasAnOwner =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("kotlinx.coroutines.GlobalScope")
          .because("when a call returns, nothing of it is still running");

  @ArchTest
  static final ArchRule noThreadIsBlockedForACoroutine =
      noClasses()
          .should()
          .callMethodWhere(
              target("runBlocking", "kotlinx.coroutines", name -> name.startsWith("runBlocking")))
          .because("a gather inside a gather must not starve a pool");

  @ArchTest
  static final ArchRule theCommonPoolIsLeftAlone =
      noClasses()
          .that(
              describe(
                  "are no GatherFuture, which has another default executor",
                  type -> !type.isAssignableTo("dev.gather.future.StagesOfTwo")))
          .should()
          .callMethod(ForkJoinPool.class, "commonPool")
          .orShould()
          .callMethodWhere(
              describe(
                  "an Async method without an executor",
                  call -> isAsyncWithoutExecutor(call.getTarget())))
          .because("blocking bodies in the common pool starve whoever else is in there");

  @ArchTest
  static final ArchRule theTimerThreadOfTheJdkIsLeftAlone =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.gather.threads.Timer") // which hands over what it times
          .should()
          .callMethodWhere(
              target("orTimeout", "java.util.concurrent", "orTimeout"::equals)
                  .or(
                      target(
                          "completeOnTimeout", "java.util.concurrent", "completeOnTimeout"::equals))
                  .or(target("delayedExecutor", "java.util.concurrent", "delayedExecutor"::equals)))
          .because("no code of a user runs on a shared timer thread");

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses()
          .should()
          .callMethodWhere(target("sleep", "java", "sleep"::equals))
          .because("a thread that sleeps does not hear a cancel");

  @ArchTest
  static final ArchRule aLibraryPrintsNothing =
      noClasses()
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethodWhere(target("println", "kotlin.io", name -> name.startsWith("print")))
          .orShould()
          .callMethodWhere(target("printStackTrace", "java.lang", "printStackTrace"::equals))
          .because("output is the program's, errors go to the listener");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveNameMatching(".*(Utils?|Helpers?|Misc|Impl|Manager)(Kt)?")
          .because("such a name says nothing");

  @ArchTest
  static final ArchRule whatUsersMeetIsClosed =
      classes()
          .that()
          .arePublic()
          .and(are(resideOutsideOfPackage("..internal..")))
          .and()
          .areNotInterfaces()
          .should()
          .haveModifier(JavaModifier.FINAL)
          .because("nothing here is made to be extended");

  private static boolean isAsyncWithoutExecutor(CodeUnitCallTarget target) {
    return target.getOwner().isAssignableTo(CompletionStage.class)
        && target.getName().endsWith("Async")
        && target.getRawParameterTypes().stream()
            .noneMatch(type -> type.isAssignableTo(Executor.class));
  }

  private static DescribedPredicate<JavaCall<?>> target(
      String description, String packageName, Predicate<String> name) {
    return describe(
        description,
        call -> {
          JavaClass owner = call.getTargetOwner();
          return (owner.getPackageName() + ".").startsWith(packageName + ".")
              && name.test(call.getTarget().getName());
        });
  }

  static final class PublishedModules implements LocationProvider {
    @Override
    public Set<Location> get(Class<?> testClass) {
      return Stream.of(Outcome.class, Gather.class, GatherKt.class, JavaDoor.class)
          .map(Project::codeSource)
          .map(Project::location)
          .collect(Collectors.toSet());
    }
  }
}
