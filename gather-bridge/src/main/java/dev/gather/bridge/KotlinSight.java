package dev.gather.bridge;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What callers in Java see of Kotlin in one class. */
final class KotlinSight {
  private final Class<?> type;
  private final List<String> found;

  KotlinSight(Class<?> type, List<String> found) {
    this.type = type;
    this.found = found;
  }

  void look() {
    if (!isVisible(type)) {
      return;
    }
    if (isOfKotlin() && (isCompanion() || type.getSimpleName().equals("DefaultImpls"))) {
      found.add(name(type) + ": is made by Kotlin, and means nothing in Java");
      return;
    }
    see(name(type) + ": extends", type.getGenericSuperclass());
    for (Type supertype : type.getGenericInterfaces()) {
      see(name(type) + ": implements", supertype);
    }
    seeBounds(name(type), type.getTypeParameters());
    Arrays.stream(type.getDeclaredConstructors())
        .filter(KotlinSight::isVisible)
        .sorted(Comparator.comparing(Constructor::toString))
        .forEach(this::see);
    seeMembers(type);
  }

  /** Whatever its author has called it, the class around it has the instance under that name. */
  private boolean isCompanion() {
    Class<?> outer = type.getEnclosingClass();
    return outer != null
        && Arrays.stream(outer.getDeclaredFields())
            .anyMatch(
                field ->
                    field.getType() == type
                        && Modifier.isStatic(field.getModifiers())
                        && field.getName().equals(type.getSimpleName()));
  }

  /** Its own, and those that it has from types that Java callers cannot name. */
  private void seeMembers(Class<?> from) {
    Arrays.stream(from.getDeclaredFields())
        .filter(field -> isVisible(field) && !field.isSynthetic())
        .sorted(Comparator.comparing(Field::getName))
        .forEach(this::see);
    Arrays.stream(from.getDeclaredMethods())
        .filter(KotlinSight::isVisible)
        .sorted(Comparator.comparing(Method::toString))
        .forEach(this::see);
    if (from.getSuperclass() != null && !isVisible(from.getSuperclass())) {
      seeMembers(from.getSuperclass());
    }
    for (Class<?> supertype : from.getInterfaces()) {
      if (!isVisible(supertype)) {
        seeMembers(supertype);
      }
    }
  }

  private void see(Field field) {
    String place = name(type) + "." + field.getName();
    seeName(place, field.getName());
    see(place + ": has the type", field.getGenericType());
  }

  private void see(Constructor<?> constructor) {
    String place = name(type) + parameters(constructor);
    if (!constructor.isSynthetic()) {
      seeSignature(place, constructor);
    } else if (isForDefaults(constructor)) {
      found.add(place + ": is made by Kotlin for default arguments");
    }
  }

  /** It has masks of those that are left out, and what is left out is of a visible one. */
  private boolean isForDefaults(Constructor<?> constructor) {
    Class<?>[] all = constructor.getParameterTypes();
    int marker = all.length - 1;
    if (marker < 1
        || !all[marker].getName().equals("kotlin.jvm.internal.DefaultConstructorMarker")
        || all[marker - 1] != int.class) {
      return false;
    }
    return Arrays.stream(type.getDeclaredConstructors())
        .filter(other -> isVisible(other) && !other.isSynthetic())
        .map(Constructor::getParameterTypes)
        .anyMatch(own -> own.length < marker && Arrays.equals(own, Arrays.copyOf(all, own.length)));
  }

  /** Of a data class: no Java caller is ever offered it. */
  private boolean isCopy(Method method) {
    return method.getName().equals("copy$default")
        && Arrays.stream(type.getDeclaredMethods())
            .anyMatch(other -> other.getName().equals("component1"));
  }

  private void see(Method method) {
    String place = name(type) + "." + method.getName() + parameters(method);
    if (isCopy(method) || type.isEnum() && method.getName().equals("getEntries")) {
      return; // the compiler writes it, whatever the author does
    }
    if (method.getName().endsWith("$default")) {
      found.add(place + ": is made by Kotlin for default arguments");
    } else if (!method.isSynthetic()) {
      seeName(place, method.getName());
      see(place + ": returns", method.getGenericReturnType());
      seeSignature(place, method);
    }
  }

  private void seeSignature(String place, Executable code) {
    for (Type parameter : code.getGenericParameterTypes()) {
      see(place + ": takes", parameter);
    }
    for (Type exception : code.getGenericExceptionTypes()) {
      see(place + ": throws", exception);
    }
    seeBounds(place, code.getTypeParameters());
  }

  private void seeName(String place, String name) {
    if (isOfKotlin() && (name.indexOf('-') >= 0 || name.indexOf('$') >= 0)) {
      found.add(place + ": has a mangled name");
    }
  }

  /** In Java such a name is what its author has called it. */
  private boolean isOfKotlin() {
    return Arrays.stream(type.getAnnotations())
        .anyMatch(annotation -> annotation.annotationType().getName().equals("kotlin.Metadata"));
  }

  private void seeBounds(String place, TypeVariable<?>[] variables) {
    for (TypeVariable<?> variable : variables) {
      for (Type bound : variable.getBounds()) {
        see(place + ": bounds " + variable.getName() + " by", bound);
      }
    }
  }

  private void see(String how, @Nullable Type seen) {
    if (seen instanceof Class<?> plain) {
      Class<?> element = plain;
      while (element.isArray()) {
        element = element.getComponentType();
      }
      if (element.getName().startsWith("kotlin.") || element.getName().startsWith("kotlinx.")) {
        found.add(how + " " + element.getName());
      }
    } else if (seen instanceof ParameterizedType generic) {
      see(how, generic.getRawType());
      for (Type argument : generic.getActualTypeArguments()) {
        see(how, argument);
      }
    } else if (seen instanceof GenericArrayType array) {
      see(how, array.getGenericComponentType());
    } else if (seen instanceof WildcardType wildcard) {
      for (Type bound : wildcard.getUpperBounds()) {
        see(how, bound);
      }
      for (Type bound : wildcard.getLowerBounds()) {
        see(how, bound);
      }
    } // a variable is seen where it is declared
  }

  private static boolean isVisible(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return isVisible(type.getModifiers())
        && !type.isSynthetic()
        && !type.isAnonymousClass()
        && !type.isLocalClass()
        && (outer == null || isVisible(outer));
  }

  private static boolean isVisible(Member member) {
    return isVisible(member.getModifiers());
  }

  private static boolean isVisible(int modifiers) {
    return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
  }

  private static String name(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
  }

  private static String parameters(Executable code) {
    return Arrays.stream(code.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
