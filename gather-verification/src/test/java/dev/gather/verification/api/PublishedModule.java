package dev.gather.verification.api;

import dev.gather.Outcome;
import dev.gather.bridge.JavaDoor;
import dev.gather.coroutines.GatherKt;
import dev.gather.future.Gather;
import dev.gather.verification.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A module that users depend on, as it has been built. */
enum PublishedModule {
  API("gather-api", Outcome.class),
  FACADE("gather-java-facade", Gather.class),
  KOTLIN("gather-kotlin", GatherKt.class),
  BRIDGE("gather-bridge", JavaDoor.class);

  final String artifact;
  private final ModuleReference reference;

  PublishedModule(String artifact, Class<?> member) {
    this.artifact = artifact;
    this.reference =
        ModuleFinder.of(Project.codeSource(member)).findAll().stream().findFirst().orElseThrow();
  }

  ModuleDescriptor descriptor() {
    return reference.descriptor();
  }

  /** The packages that everybody may use. */
  Set<String> packages() {
    return descriptor().exports().stream()
        .filter(exports -> !exports.isQualified())
        .map(Exports::source)
        .collect(Collectors.toSet());
  }

  /** The public and protected types of those packages, in the order of their names. */
  List<Class<?>> types() {
    try (ModuleReader reader = reference.open()) {
      return reader
          .list()
          .filter(name -> name.endsWith(".class") && name.contains("/"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .filter(name -> packages().contains(name.substring(0, name.lastIndexOf('.'))))
          .filter(name -> !name.endsWith(".package-info"))
          .sorted()
          .<Class<?>>map(PublishedModule::load)
          .filter(PublishedModule::isPublic)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isPublic(Class<?> type) {
    return !type.isSynthetic()
        && !type.isAnonymousClass()
        && !type.isLocalClass()
        && (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
        && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PublishedModule.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
