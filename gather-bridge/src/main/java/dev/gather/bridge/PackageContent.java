package dev.gather.bridge;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** The classes of a package, wherever they are. */
final class PackageContent {
  private static final String CLASS = ".class";

  private PackageContent() {}

  /** In the order of their names; none is initialized. */
  static List<Class<?>> of(String packageName) {
    String folder = packageName.replace('.', '/') + "/";
    TreeSet<String> files = new TreeSet<>();
    try {
      ModuleLayer layer = ModuleLayer.boot();
      for (Module module : layer.modules()) {
        if (module.getPackages().contains(packageName)) {
          try (ModuleReader reader =
              layer.configuration().findModule(module.getName()).orElseThrow().reference().open()) {
            reader.list().filter(name -> isIn(folder, name)).forEach(files::add);
          }
        }
      }
      for (URL place : Collections.list(loader().getResources(folder))) {
        addFrom(place, folder, files);
      }
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        if (entry.endsWith(".jar") && new File(entry).isFile()) { // it need not list its folders
          try (JarFile jar = new JarFile(entry)) {
            addFrom(jar, folder, files);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Class<?>> types = new ArrayList<>();
    for (String file : files) {
      String name = file.substring(0, file.length() - CLASS.length()).replace('/', '.');
      if (!name.endsWith("-info")) {
        types.add(load(name));
      }
    }
    return types;
  }

  private static void addFrom(URL place, String folder, TreeSet<String> files) throws IOException {
    if (place.getProtocol().equals("file")) {
      String @Nullable [] names = new File(URI.create(place.toString())).list();
      for (String name : Objects.requireNonNullElse(names, new String[0])) {
        if (name.endsWith(CLASS)) {
          files.add(folder + name);
        }
      }
    } else if (place.openConnection() instanceof JarURLConnection jar) {
      addFrom(jar.getJarFile(), folder, files);
    }
  }

  private static void addFrom(JarFile jar, String folder, TreeSet<String> files) {
    jar.stream()
        .map(entry -> entry.getName())
        .filter(name -> isIn(folder, name))
        .forEach(files::add);
  }

  private static boolean isIn(String folder, String name) {
    return name.startsWith(folder)
        && name.endsWith(CLASS)
        && name.indexOf('/', folder.length()) < 0;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, loader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ClassLoader loader() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return loader == null ? ClassLoader.getSystemClassLoader() : loader;
  }
}
