package dev.gather.samples.cli.fetch.download;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Fetches one URL at a time as often as it is asked, over one {@link HttpClient}. */
public final class Downloader {
  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();
  private final Set<PartFile> unfinished = ConcurrentHashMap.newKeySet();

  /**
   * Starts one download.
   *
   * @param target where to keep the body; without it the bytes are only counted
   * @return a future that aborts the exchange and leaves no file when it is cancelled
   */
  public CompletableFuture<Download> fetch(URI url, @Nullable Path target) {
    if (target == null) {
      return client
          .sendAsync(request(url), answer -> BodySink.counting())
          .thenApply(answer -> new Download(answer.statusCode(), length(answer), null));
    }
    return new Transfer(url, new PartFile(target));
  }

  /**
   * A download into a file. It is done when the file is whole or gone, and not before: whoever sees
   * it end, be it by cancellation, finds the directory as it stays. (A stage derived from the
   * exchange would be cancelled first and tidy up later.)
   */
  private final class Transfer extends CompletableFuture<Download> {
    private final PartFile file;
    private final CompletableFuture<HttpResponse<Long>> exchange;

    Transfer(URI url, PartFile file) {
      this.file = file;
      unfinished.add(file);
      this.exchange =
          client.sendAsync(
              request(url),
              answer -> isGood(answer.statusCode()) ? BodySink.into(file) : BodySink.counting());
      exchange.whenComplete(this::ended);
    }

    private void ended(@Nullable HttpResponse<Long> answer, @Nullable Throwable failure) {
      unfinished.remove(file);
      if (answer == null) {
        file.discard();
        completeExceptionally(failure);
        return;
      }
      try {
        complete(new Download(answer.statusCode(), length(answer), file.keep()));
      } catch (IOException | CompletionException | CancellationException e) {
        file.discard();
        completeExceptionally(e);
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      // If the file has just got its name, it is too late, and the download has succeeded.
      return file.discard() && exchange.cancel(true) | super.cancel(true);
    }
  }

  /** The last resort when the program has to go: no half-written file stays behind. */
  public void discardUnfinished() {
    unfinished.forEach(PartFile::discard);
  }

  private static HttpRequest request(URI url) {
    // Without TLS the client would ask for an upgrade to HTTP/2 that no server grants any more.
    boolean secure = "https".equalsIgnoreCase(url.getScheme());
    return HttpRequest.newBuilder(url)
        .version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
        .header("User-Agent", "gather")
        .build();
  }

  private static long length(HttpResponse<Long> answer) {
    if (!isGood(answer.statusCode())) {
      throw new CompletionException(new BadStatus(answer.statusCode(), answer.body()));
    }
    return answer.body();
  }

  private static boolean isGood(int status) {
    return status >= 200 && status < 300;
  }
}
