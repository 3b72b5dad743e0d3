package dev.gather.samples.cli.fetch;

import dev.gather.Limiter;
import dev.gather.future.Gather;
import dev.gather.future.Task;
import dev.gather.samples.cli.fetch.download.Download;
import dev.gather.samples.cli.words.Rate;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How hard each host may be asked: one limiter for each. */
final class Hosts {
  private final @Nullable Integer atATime;
  private final @Nullable Rate rate;
  private final Map<String, Limiter> limiters = new HashMap<>();

  Hosts(@Nullable Integer atATime, @Nullable Rate rate) {
    this.atATime = atATime;
    this.rate = rate;
  }

  /** The same request, which waits for its turn at its host. */
  Task<Download> polite(URI url, Task<Download> request, Duration grace) {
    if (atATime == null && rate == null) {
      return request;
    }
    Limiter limiter =
        limiters.computeIfAbsent(url.getAuthority().toLowerCase(Locale.ROOT), host -> limiter());
    // A cancel of what this gives cancels the gather, be it in the queue or at work.
    return Task.async(
        () ->
            Gather.<Download>of(request)
                .limiter(limiter)
                .grace(grace)
                .all()
                .thenApply(one -> one.get(0)));
  }

  private Limiter limiter() {
    if (atATime == null) {
      return Limiter.perSecond(rate.perSecond());
    }
    Limiter limiter = Limiter.concurrent(atATime);
    return rate == null ? limiter : limiter.andPerSecond(rate.perSecond());
  }
}
