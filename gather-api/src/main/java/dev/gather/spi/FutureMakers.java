package dev.gather.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the Java door leaves its {@link FutureMaker}, for the bridge to find it. */
public final class FutureMakers {
  private static volatile @Nullable FutureMaker maker;

  private FutureMakers() {}

  /**
   * To be called before anybody asks.
   *
   * @param ofJavaDoor makes the futures of the Java door
   */
  public static void use(FutureMaker ofJavaDoor) {
    maker = ofJavaDoor;
  }

  /**
   * That of the Java door.
   *
   * @return the same at each call
   * @throws NullPointerException if the class of its futures has not been initialized
   */
  public static FutureMaker get() {
    return Objects.requireNonNull(maker, "the Java door has not been initialized");
  }
}
