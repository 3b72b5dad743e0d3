package dev.gather.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What an author promises to callers in Java, for a test: that no signature of a package needs
 * Kotlin.
 *
 * <pre>{@code
 * @Test
 * void javaSeesNoKotlin() {
 *   KotlinFree.check("com.acme.users");
 * }
 * }</pre>
 */
public final class KotlinFree {
  private KotlinFree() {}

  /**
   * Looks at the public and protected types of some packages, and at their public and protected
   * members: supertypes, bounds, parameters, what is returned, thrown and held in fields, with all
   * type arguments. Refused is
   *
   * <ul>
   *   <li>every type of {@code kotlin} and {@code kotlinx}, and so every suspend function, whose
   *       last parameter is a {@code Continuation}; but not annotations, which {@code javac} needs
   *       no class for
   *   <li>a mangled name: of a function that has an inline class among its parameters, as {@code
   *       kotlin.time.Duration} is one, and of what is {@code internal}
   *   <li>a {@code Companion}, also one with a name of its own, unless it is private
   *   <li>what Kotlin makes for default arguments; {@code @JvmOverloads} does not change that, so
   *       overloads are to be written
   * </ul>
   *
   * <p>All classes of a package are looked at that are there, those of tests among them, and what
   * is {@code internal}, which Java sees: {@link #check(Predicate, String...)} leaves some out. A
   * class that needs one that is not there is refused as well.
   *
   * @param packages their names; each stands for itself, and not for the packages below
   * @throws AssertionError if anything is refused: the message names all of it
   * @throws IllegalArgumentException if there is no class in one of them, neither on the class path
   *     nor in a module
   */
  public static void check(String... packages) {
    check(type -> true, packages);
  }

  /**
   * The same for some of the types of the packages.
   *
   * @param which whether a type is looked at
   * @param packages as there
   * @throws AssertionError as there
   * @throws IllegalArgumentException if there is no such class in one of them
   */
  public static void check(Predicate<? super Class<?>> which, String... packages) {
    Objects.requireNonNull(which, "which must not be null");
    Objects.requireNonNull(packages, "packages must not be null");
    List<String> found = new ArrayList<>();
    for (String name : packages) {
      Objects.requireNonNull(name, "packages must not be null");
      List<Class<?>> types = PackageContent.of(name).stream().filter(which).toList();
      if (types.isEmpty()) {
        throw new IllegalArgumentException("there is no class in " + name);
      }
      for (Class<?> type : types) {
        look(type, found);
      }
    }
    if (!found.isEmpty()) {
      throw new AssertionError("Java callers would see Kotlin:\n  " + String.join("\n  ", found));
    }
  }

  private static void look(Class<?> type, List<String> found) {
    try {
      new KotlinSight(type, found).look();
    } catch (LinkageError e) { // of what is optional, say
      found.add(type.getSimpleName() + ": cannot be looked at: " + e);
    }
  }
}
