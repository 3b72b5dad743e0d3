package dev.gather.samples.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Fetches one URL at a time as often as it is asked, over one {@link HttpClient}. */
final class Downloader {
  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();
  private final Set<PartFile> unfinished = ConcurrentHashMap.newKeySet();

  /**
   * Starts one download.
   *
   * @param target where to keep the body; without it the bytes are only counted
   * @return a future that aborts the exchange and leaves no file when it is cancelled
   */
  CompletableFuture<Download> fetch(URI url, @Nullable Path target) {
    if (target == null) {
      return client
          .sendAsync(request(url), answer -> BodySink.counting())
          .thenApply(answer -> new Download(answer.statusCode(), length(answer), null));
    }
    PartFile file = new PartFile(target);
    unfinished.add(file);
    CompletableFuture<Download> download =
        client
            .sendAsync(
                request(url),
                answer -> isGood(answer.statusCode()) ? BodySink.into(file) : BodySink.counting())
            .thenApply(answer -> keep(answer, file));
    // On the future that is returned, so that this has happened when its cancel() comes back.
    download.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            file.discard();
          }
          unfinished.remove(file);
        });
    return download;
  }

  /** The last resort when the program has to go: no half-written file stays behind. */
  void discardUnfinished() {
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

  private static Download keep(HttpResponse<Long> answer, PartFile file) {
    long bytes = length(answer);
    try {
      return new Download(answer.statusCode(), bytes, file.keep());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
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
