package dev.gather.spi;

/** The engine, found through {@link java.util.ServiceLoader}. */
public interface GatherEngine {
  /**
   * Prepares a run; nothing happens before {@link GatherRun#start()}.
   *
   * @param plan what to run
   * @param sink where to deliver
   * @return the run
   */
  GatherRun prepare(Plan plan, GatherSink sink);

  /**
   * Prepares a run whose results are handed out one by one; nothing happens before the first {@link
   * StreamRun#request(long)}, or before {@link StreamRun#cancel()}.
   *
   * @param plan what to run
   * @param sink where to deliver
   * @return the run
   */
  StreamRun prepareStream(Plan plan, StreamSink sink);
}
