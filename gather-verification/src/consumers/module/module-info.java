/** All that a modular program has to say. */
module consumer {
  requires dev.gather.future;
}
