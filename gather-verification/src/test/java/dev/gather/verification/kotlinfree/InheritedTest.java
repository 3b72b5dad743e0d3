package dev.gather.verification.kotlinfree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gather.bridge.KotlinFree;
import org.junit.jupiter.api.Test;

class InheritedTest {
  @Test
  void whatIsInheritedFromATypeThatCannotBeNamedIsSeen() {
    AssertionError seen =
        assertThrows(
            AssertionError.class, () -> KotlinFree.check("dev.gather.verification.kotlinfree"));
    assertEquals(
        "Java callers would see Kotlin:\n  Inheriting.inherited(): returns kotlin.Unit",
        seen.getMessage());
  }
}
