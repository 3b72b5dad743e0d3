package dev.gather.verification.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignatureTest {

  @ParameterizedTest
  @EnumSource(names = {"API", "FACADE"})
  void noSignatureForJavaMentionsKotlin(PublishedModule module) {
    assertTrue(module.types().size() > 10);
    assertEquals(List.of(), mentionsOfKotlin(module));
  }

  @ParameterizedTest
  @EnumSource(names = {"API", "FACADE"})
  void nothingForJavaIsAnnotatedByKotlin(PublishedModule module) {
    assertEquals(
        List.of(),
        module.types().stream()
            .flatMap(
                type ->
                    Stream.<AnnotatedElement[]>of(
                        new AnnotatedElement[] {type},
                        type.getDeclaredFields(),
                        type.getDeclaredConstructors(),
                        type.getDeclaredMethods()))
            .flatMap(Arrays::stream)
            .flatMap(element -> Arrays.stream(element.getAnnotations()))
            .map(Annotation::annotationType)
            .map(Class::getName)
            .filter(name -> name.startsWith("kotlin"))
            .distinct()
            .toList());
  }

  /** Callers in Java could not write the name, and so need not be offered it. */
  @ParameterizedTest
  @EnumSource
  void whatKotlinMangledIsHiddenFromJava(PublishedModule module) {
    assertEquals(
        List.of(),
        module.types().stream()
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
            .map(Method::getName)
            .filter(name -> name.contains("-"))
            .toList());
  }

  @Test
  void mentionsWouldBeSeen() {
    assertFalse(mentionsOfKotlin(PublishedModule.KOTLIN).isEmpty());
  }

  private static List<String> mentionsOfKotlin(PublishedModule module) {
    return ApiDump.of(module).lines().filter(line -> line.contains("kotlin")).toList();
  }
}
