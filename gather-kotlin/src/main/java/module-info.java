/** The coroutine engine of Gather and its door for Kotlin. */
module dev.gather.coroutines {
  requires transitive dev.gather.api;
  requires transitive kotlin.stdlib;
  requires transitive kotlinx.coroutines.core;

  exports dev.gather.coroutines;

  provides dev.gather.spi.GatherEngine with
      dev.gather.coroutines.internal.door.CoroutineEngine;
}
