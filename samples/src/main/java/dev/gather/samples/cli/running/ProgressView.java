package dev.gather.samples.cli.running;

/** Shows on standard error how far a command is. */
public interface ProgressView extends AutoCloseable {

  /**
   * One more has ended; may be called by many threads.
   *
   * @param good whether it ended well
   * @param line what to say about it where there is room for a line
   */
  void ended(boolean good, String line);

  /** Takes what is in the way of the results off the screen; more than once does no harm. */
  @Override
  void close();

  /** Where the results themselves show how far it is. */
  ProgressView NONE =
      new ProgressView() {
        @Override
        public void ended(boolean good, String line) {}

        @Override
        public void close() {}
      };
}
