package dev.gather.future;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** These tests run twice: on the newest Kotlin, and on the oldest that this door promises. */
class KotlinOfTheseTestsTest {

  @Test
  void isTheOneThatTheBuildMeans() throws ReflectiveOperationException {
    Class<?> version = Class.forName("kotlin.KotlinVersion");
    assertEquals(
        System.getProperty("gather.kotlin"), version.getField("CURRENT").get(null).toString());
  }
}
