package dev.gather.samples.cli.fetch.download;

import java.io.IOException;
import java.util.Set;

/** The server answered, but not with what was asked for. */
public final class BadStatus extends IOException {
  private static final long serialVersionUID = 1L;

  /** The client follows these, but not from https to http, and not for ever. */
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final int status;
  private final long bytes;

  BadStatus(int status, long bytes) {
    super(
        "HTTP "
            + status
            + (REDIRECTS.contains(status) ? ", a redirect that was not followed" : ""));
    this.status = status;
    this.bytes = bytes;
  }

  public int status() {
    return status;
  }

  /** How long the answer was. */
  public long bytes() {
    return bytes;
  }
}
