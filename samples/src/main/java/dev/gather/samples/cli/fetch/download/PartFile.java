package dev.gather.samples.cli.fetch.download;

import dev.gather.samples.cli.words.Reasons;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A file that appears under its name when it is whole, or not at all. Until then it is a hidden
 * file beside it, so that the last step is a rename within one directory.
 *
 * <p>Cancellation comes from another thread than the data, so everything is under one lock: what
 * has been discarded is never written to, kept or created again.
 */
final class PartFile implements BodySink.Target {
  private enum State {
    NEW,
    OPEN,
    KEPT,
    DISCARDED
  }

  private final Path target;
  private final Path part;
  private State state = State.NEW;
  private @Nullable WritableByteChannel channel;

  PartFile(Path target) {
    this.target = target;
    // Not createTempFile: that would leave the file readable by its owner only.
    this.part = target.resolveSibling(".gather-" + UUID.randomUUID() + ".part");
  }

  @Override
  public synchronized void open() throws IOException {
    checkNotDiscarded();
    channel = Files.newByteChannel(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    state = State.OPEN;
  }

  @Override
  public synchronized void write(ByteBuffer bytes) throws IOException {
    checkNotDiscarded();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** It is whole: gives it its name. */
  synchronized Path keep() throws IOException {
    checkNotDiscarded();
    channel.close();
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    state = State.KEPT;
    return target;
  }

  /**
   * Leaves nothing behind, unless it is whole and has its name.
   *
   * @return whether the file is not, and will never be, there
   */
  synchronized boolean discard() {
    if (state == State.KEPT) {
      return false;
    }
    State before = state;
    state = State.DISCARDED;
    if (before == State.OPEN) {
      try {
        channel.close();
        Files.deleteIfExists(part);
      } catch (IOException e) {
        System.err.println("gather: cannot delete " + part + ": " + Reasons.of(e));
      }
    }
    return true;
  }

  private void checkNotDiscarded() {
    if (state == State.DISCARDED) {
      throw new CancellationException("the download has been given up");
    }
  }
}
