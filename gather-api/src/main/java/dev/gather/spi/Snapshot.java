package dev.gather.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is in a collection at the moment of a call: whatever happens to the collection afterwards,
 * the gather has the elements that were there.
 */
public final class Snapshot {
  /** Lists that nobody can change, and whose elements are just there. */
  private static final Set<String> UNCHANGING =
      Set.of(
          "java.util.ImmutableCollections$ListN",
          "java.util.ImmutableCollections$List12",
          "java.util.Collections$SingletonList",
          "java.util.Collections$EmptyList",
          "kotlin.collections.EmptyList");

  /** Lists of which it is known what {@code toArray} does. */
  private static final Set<String> PLAIN =
      Set.of("java.util.ArrayList", "java.util.Arrays$ArrayList");

  private Snapshot() {}

  /**
   * Reads a collection by its iterator, to the end; nothing that it says of its size is trusted.
   *
   * @param elements the collection; its elements may be {@code null}
   * @param <E> the type of the elements
   * @return its elements in the order of its iterator: a list that nobody changes, and that several
   *     threads may read
   */
  public static <E extends @Nullable Object> List<E> of(Collection<? extends E> elements) {
    String type = elements.getClass().getName();
    if (UNCHANGING.contains(type)) {
      @SuppressWarnings("unchecked") // it is only read
      List<E> list = (List<E>) elements;
      return list;
    }
    if (PLAIN.contains(type)) {
      @SuppressWarnings("unchecked") // what is in a collection of E
      E[] array = (E[]) elements.toArray();
      return Arrays.asList(array);
    }
    List<E> list = new ArrayList<>();
    for (E element : elements) {
      list.add(element);
    }
    return list;
  }
}
