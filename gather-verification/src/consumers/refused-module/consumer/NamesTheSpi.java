package consumer;

import dev.gather.spi.GatherEngine;

final class NamesTheSpi {
  GatherEngine engine;
}
