package dev.gather.verification.api;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Types as one would write them, nullness included; the same on every JDK. */
final class TypeText {
  static final TypeText AS_DECLARED = new TypeText(Map.of());

  private final Map<TypeVariable<?>, String> given;

  private TypeText(Map<TypeVariable<?>, String> given) {
    this.given = given;
  }

  /** The types in a superclass, with what the subclass gives for its type parameters. */
  TypeText inherited(AnnotatedType superclass) {
    if (!(superclass instanceof AnnotatedParameterizedType parameterized)) {
      return AS_DECLARED;
    }
    Class<?> raw = (Class<?>) ((ParameterizedType) parameterized.getType()).getRawType();
    AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
    Map<TypeVariable<?>, String> variables = new HashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      variables.put(raw.getTypeParameters()[i], of(arguments[i]));
    }
    return new TypeText(variables);
  }

  static String of(Class<?> type) {
    String name = type.getCanonicalName();
    return type.getPackageName().equals("java.lang")
        ? name.replaceFirst("^java\\.lang\\.", "")
        : name;
  }

  String of(AnnotatedType type) {
    String nullable = type.isAnnotationPresent(Nullable.class) ? "@Nullable " : "";
    if (type instanceof AnnotatedArrayType array) {
      return of(array.getAnnotatedGenericComponentType())
          + (nullable.isEmpty() ? "[]" : " @Nullable []");
    }
    if (type instanceof AnnotatedParameterizedType parameterized) {
      return nullable
          + of((Class<?>) ((ParameterizedType) parameterized.getType()).getRawType())
          + Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
              .map(this::of)
              .collect(Collectors.joining(", ", "<", ">"));
    }
    if (type instanceof AnnotatedTypeVariable variable) {
      return nullable + given.getOrDefault(variable.getType(), variable.getType().getTypeName());
    }
    if (type instanceof AnnotatedWildcardType wildcard) {
      AnnotatedType[] lower = wildcard.getAnnotatedLowerBounds();
      return lower.length > 0
          ? "? super " + of(lower[0])
          : "?" + bounds(wildcard.getAnnotatedUpperBounds());
    }
    return nullable + of((Class<?>) type.getType());
  }

  String parameters(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(variable -> variable.getName() + bounds(variable.getAnnotatedBounds()))
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private String bounds(AnnotatedType[] bounds) {
    String text = Arrays.stream(bounds).map(this::of).collect(Collectors.joining(" & "));
    return text.isEmpty() || text.equals("Object") ? "" : " extends " + text;
  }
}
