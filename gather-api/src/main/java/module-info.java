import org.jspecify.annotations.NullMarked;

/**
 * The words that both doors of Gather speak: {@link dev.gather.Outcome outcomes}, {@link
 * dev.gather.GatherOptions options}, {@link dev.gather.FailurePolicy policies}, exceptions and the
 * {@link dev.gather.GatherListener listener}.
 */
@NullMarked
@SuppressWarnings("module") // the modules that the spi is exported to are compiled later
module dev.gather.api {
  requires static transitive org.jspecify;

  exports dev.gather;
  exports dev.gather.spi to
      dev.gather.bridge,
      dev.gather.coroutines,
      dev.gather.future;
  exports dev.gather.threads to
      dev.gather.bridge,
      dev.gather.coroutines,
      dev.gather.future;
}
