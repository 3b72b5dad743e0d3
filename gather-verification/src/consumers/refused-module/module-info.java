/** Asks for what is not there for it. */
module consumer {
  requires dev.gather.future;
}
