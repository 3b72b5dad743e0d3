package dev.gather.verification.api;

import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kotlin.reflect.KFunction;
import kotlin.reflect.KParameter;
import kotlin.reflect.jvm.ReflectJvmMapping;

/** Everything that users of a module can name, one line for each member. */
final class ApiDump {
  private static final int ACCESS = Modifier.PUBLIC | Modifier.PROTECTED;
  private static final int SHOWN =
      ACCESS | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT | Modifier.VOLATILE;

  private ApiDump() {}

  /** A type, or one that it inherits from and that cannot be named; the words for types in it. */
  private record Level(Class<?> type, TypeText words) {}

  static String of(PublishedModule module) {
    StringJoiner text = new StringJoiner("\n", "", "\n");
    module(module.descriptor()).forEach(text::add);
    for (Class<?> type : module.types()) {
      text.add("").add(header(type));
      members(type).map(line -> "  " + line).forEach(text::add);
    }
    return text.toString();
  }

  private static List<String> module(ModuleDescriptor module) {
    List<String> lines = new ArrayList<>(List.of("module " + module.name()));
    Stream<String> requires =
        module.requires().stream()
            .filter(required -> !required.name().equals("java.base"))
            .map(
                required ->
                    "  requires "
                        + required.modifiers().stream()
                            .map(modifier -> modifier.name().toLowerCase(Locale.ROOT))
                            .sorted()
                            .map(modifier -> modifier + " ")
                            .collect(Collectors.joining())
                        + required.name());
    Stream<String> exports =
        module.exports().stream()
            .map(
                exported ->
                    "  exports "
                        + exported.source()
                        + (exported.isQualified()
                            ? exported.targets().stream()
                                .sorted()
                                .collect(Collectors.joining(", ", " to ", ""))
                            : ""));
    Stream<String> uses = module.uses().stream().map(service -> "  uses " + service);
    Stream<String> provides =
        module.provides().stream().map(provided -> "  provides " + provided.service());
    Stream.of(requires, exports, uses, provides).forEach(s -> s.sorted().forEach(lines::add));
    return lines;
  }

  private static String header(Class<?> type) {
    int modifiers = type.getModifiers() & SHOWN;
    String kind = "class";
    if (type.isAnnotation()) {
      kind = "@interface";
      modifiers &= ~Modifier.ABSTRACT;
    } else if (type.isInterface()) {
      kind = "interface";
      modifiers &= ~Modifier.ABSTRACT;
    } else if (type.isEnum()) {
      kind = "enum";
      modifiers &= ~(Modifier.FINAL | Modifier.ABSTRACT);
    } else if (type.isRecord()) {
      kind = "record";
      modifiers &= ~Modifier.FINAL;
    }
    StringJoiner words = new StringJoiner(" ");
    annotations(type, words);
    words.add(Modifier.toString(modifiers));
    if (type.isSealed()) {
      words.add("sealed");
    }
    words
        .add(kind)
        .add(TypeText.of(type) + TypeText.AS_DECLARED.parameters(type.getTypeParameters()));
    List<Level> levels = levels(type);
    Level highest = levels.get(levels.size() - 1);
    AnnotatedType superclass = highest.type().getAnnotatedSuperclass();
    if (kind.equals("class") && superclass.getType() != Object.class) {
      words.add("extends " + highest.words().of(superclass));
    }
    String interfaces =
        levels.stream()
            .map(level -> types(level.words(), level.type().getAnnotatedInterfaces()))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", "));
    if (!interfaces.isEmpty()) {
      words.add((type.isInterface() ? "extends " : "implements ") + interfaces);
    }
    if (type.isSealed()) {
      words.add(
          Arrays.stream(type.getPermittedSubclasses())
              .map(TypeText::of)
              .sorted()
              .collect(Collectors.joining(", ", "permits ", "")));
    }
    return words.toString();
  }

  /** What a type inherits from one that cannot be named is part of it. */
  private static List<Level> levels(Class<?> type) {
    List<Level> levels = new ArrayList<>(List.of(new Level(type, TypeText.AS_DECLARED)));
    Level level = levels.get(0);
    for (Class<?> above = type.getSuperclass();
        above != null && !PublishedModule.isPublic(above);
        above = above.getSuperclass()) {
      level = new Level(above, level.words().inherited(level.type().getAnnotatedSuperclass()));
      levels.add(level);
    }
    return levels;
  }

  private static Stream<String> members(Class<?> type) {
    List<Level> levels = levels(type);
    Stream<String> fields =
        levels.stream()
            .flatMap(
                level ->
                    Arrays.stream(level.type().getDeclaredFields())
                        .filter(ApiDump::isShown)
                        .map(field -> Map.entry(field.getName(), field(level.words(), field))))
            .sorted(Map.Entry.comparingByKey())
            .map(Map.Entry::getValue);
    Stream<String> constructors =
        Arrays.stream(type.getDeclaredConstructors())
            .filter(ApiDump::isShown)
            .map(ApiDump::constructor)
            .sorted();
    Stream<String> methods =
        levels.stream()
            .flatMap(
                level ->
                    Arrays.stream(level.type().getDeclaredMethods())
                        .filter(ApiDump::isShown)
                        .map(method -> Map.entry(method.getName(), method(level.words(), method))))
            .sorted(Map.Entry.<String, String>comparingByKey().thenComparing(Map.Entry::getValue))
            .map(Map.Entry::getValue)
            .distinct();
    return Stream.of(fields, constructors, methods).flatMap(lines -> lines);
  }

  private static boolean isShown(Member member) {
    return (member.getModifiers() & ACCESS) != 0
        && (!member.isSynthetic() || isHiddenFromJava(member));
  }

  /** Of Kotlin, for callers in Kotlin only. */
  private static boolean isHiddenFromJava(Member member) {
    return member.isSynthetic()
        && member.getName().contains("-")
        && !member.getName().endsWith("$default");
  }

  private static String field(TypeText text, Field field) {
    StringJoiner words = new StringJoiner(" ");
    annotations(field, words);
    words.add(Modifier.toString(field.getModifiers() & SHOWN));
    words.add(text.of(field.getAnnotatedType())).add(field.getName());
    boolean constant =
        Modifier.isStatic(field.getModifiers())
            && Modifier.isFinal(field.getModifiers())
            && (field.getType().isPrimitive() || field.getType() == String.class);
    if (constant) {
      try {
        words.add("= " + field.get(null));
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    return words.toString();
  }

  private static String constructor(Constructor<?> constructor) {
    StringJoiner words = new StringJoiner(" ");
    annotations(constructor, words);
    words.add(Modifier.toString(constructor.getModifiers() & ACCESS));
    return words
        .add(
            constructor.getDeclaringClass().getSimpleName()
                + signature(TypeText.AS_DECLARED, constructor))
        .toString();
  }

  private static String method(TypeText text, Method method) {
    StringJoiner words = new StringJoiner(" ");
    annotations(method, words);
    int modifiers = method.getModifiers() & SHOWN & ~Modifier.VOLATILE;
    if (method.getDeclaringClass().isInterface()) {
      modifiers &= ~Modifier.ABSTRACT;
    }
    words.add(Modifier.toString(modifiers));
    if (isHiddenFromJava(method)) {
      return words.add("synthetic " + method.getName() + ": " + inKotlin(method)).toString();
    }
    if (method.isDefault()) {
      words.add("default");
    }
    if (method.getTypeParameters().length > 0) {
      words.add(text.parameters(method.getTypeParameters()));
    }
    words.add(text.of(method.getAnnotatedReturnType()));
    return words.add(method.getName() + signature(text, method)).toString();
  }

  /** The class file has neither the names of its parameters nor the arguments of their types. */
  private static String inKotlin(Method method) {
    KFunction<?> function = Objects.requireNonNull(ReflectJvmMapping.getKotlinFunction(method));
    String bounds =
        function.getTypeParameters().stream()
            .map(Object::toString)
            .collect(Collectors.joining(", ", "<", "> "));
    StringJoiner list = new StringJoiner(", ", "(", ")");
    String receiver = "";
    for (KParameter parameter : function.getParameters()) {
      if (parameter.getKind() == KParameter.Kind.EXTENSION_RECEIVER) {
        receiver = parameter.getType() + ".";
      } else if (parameter.getKind() == KParameter.Kind.VALUE) {
        list.add(
            (parameter.isVararg() ? "vararg " : "")
                + parameter.getName()
                + ": "
                + parameter.getType()
                + (parameter.isOptional() ? " = …" : ""));
      }
    }
    return (function.isSuspend() ? "suspend fun " : "fun ")
        + (bounds.equals("<> ") ? "" : bounds)
        + receiver
        + function.getName()
        + list
        + ": "
        + function.getReturnType();
  }

  private static String signature(TypeText text, Executable executable) {
    Parameter[] parameters = executable.getParameters();
    StringJoiner list = new StringJoiner(", ", "(", ")");
    for (int i = 0; i < parameters.length; i++) {
      String type = text.of(parameters[i].getAnnotatedType());
      if (executable.isVarArgs() && i == parameters.length - 1) {
        type = type.substring(0, type.length() - "[]".length()) + "...";
      }
      list.add(parameters[i].isNamePresent() ? type + " " + parameters[i].getName() : type);
    }
    String thrown = types(text, executable.getAnnotatedExceptionTypes());
    return list + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private static String types(TypeText text, AnnotatedType[] types) {
    return Arrays.stream(types).map(text::of).collect(Collectors.joining(", "));
  }

  private static void annotations(AnnotatedElement element, StringJoiner words) {
    if (element.isAnnotationPresent(Deprecated.class)) {
      words.add("@Deprecated");
    }
    if (element.isAnnotationPresent(FunctionalInterface.class)) {
      words.add("@FunctionalInterface");
    }
  }
}
