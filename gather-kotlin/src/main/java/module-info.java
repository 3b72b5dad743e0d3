/** The coroutine engine of Gather and its door for Kotlin. */
@SuppressWarnings("module") // that of the bridge is compiled later
module dev.gather.coroutines {
  requires transitive dev.gather.api;
  requires transitive kotlin.stdlib;
  requires transitive kotlinx.coroutines.core;

  exports dev.gather.coroutines;
  exports dev.gather.coroutines.spi to
      dev.gather.bridge;

  provides dev.gather.spi.GatherEngine with
      dev.gather.coroutines.internal.door.CoroutineEngine;
}
