package dev.gather.future;

import dev.gather.spi.GatherEngine;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the engine with the class loader of the library itself, and keeps it once found. */
final class Engine {
  private static volatile @Nullable GatherEngine found;

  private Engine() {}

  static GatherEngine get() {
    GatherEngine engine = found;
    if (engine == null) {
      // Two threads may look at the same time; both find the same stateless engine.
      engine =
          ServiceLoader.load(GatherEngine.class, Engine.class.getClassLoader())
              .findFirst()
              .orElseThrow(() -> new IllegalStateException(missing()));
      found = engine;
    }
    return engine;
  }

  private static String missing() {
    String missing =
        "Gather's engine is missing: add dev.gather:gather-kotlin to the runtime class path or"
            + " module path";
    // Nothing requires the engine; jlink leaves out what is not required, and so does a program
    // that limits its modules.
    return Engine.class.getModule().isNamed()
        ? missing
            + "; where it is there and was left out, as by jlink, root it with"
            + " --add-modules dev.gather.coroutines"
        : missing;
  }
}
