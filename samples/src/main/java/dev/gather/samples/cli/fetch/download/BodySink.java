package dev.gather.samples.cli.fetch.download;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Takes a body piece by piece, counts it and hands it on; never holds more than one piece. */
final class BodySink implements BodySubscriber<Long> {

  /** Where the pieces go. */
  interface Target {
    void open() throws IOException;

    void write(ByteBuffer bytes) throws IOException;
  }

  private final @Nullable Target target;
  private final CompletableFuture<Long> length = new CompletableFuture<>();
  private @Nullable Subscription subscription;
  private long bytes;

  private BodySink(@Nullable Target target) {
    this.target = target;
  }

  static BodySink counting() {
    return new BodySink(null);
  }

  static BodySink into(Target target) {
    return new BodySink(target);
  }

  @Override
  public CompletionStage<Long> getBody() {
    return length;
  }

  @Override
  public void onSubscribe(Subscription s) {
    subscription = s;
    try {
      if (target != null) {
        target.open();
      }
      s.request(1);
    } catch (IOException | CancellationException e) {
      giveUp(e);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    try {
      for (ByteBuffer piece : pieces) {
        bytes += piece.remaining();
        if (target != null) {
          target.write(piece);
        }
      }
      subscription.request(1);
    } catch (IOException | CancellationException e) {
      giveUp(e);
    }
  }

  @Override
  public void onError(Throwable e) {
    length.completeExceptionally(e);
  }

  @Override
  public void onComplete() {
    length.complete(bytes);
  }

  private void giveUp(Exception e) {
    subscription.cancel();
    length.completeExceptionally(e);
  }
}
