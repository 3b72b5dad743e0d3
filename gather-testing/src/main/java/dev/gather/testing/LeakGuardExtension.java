package dev.gather.testing;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Watches every test of JUnit; found through {@code META-INF/services}. */
public final class LeakGuardExtension implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(LeakGuardExtension.class);

  @Override
  public void beforeEach(ExtensionContext test) {
    test.getStore(HERE).put(LeakGuard.class, LeakGuard.begin());
  }

  @Override
  public void afterEach(ExtensionContext test) {
    test.getStore(HERE).remove(LeakGuard.class, LeakGuard.class).end();
  }
}
