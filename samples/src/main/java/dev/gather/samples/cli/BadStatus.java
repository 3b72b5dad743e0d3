package dev.gather.samples.cli;

import java.io.IOException;

/** The server answered, but not with what was asked for. */
final class BadStatus extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final long bytes;

  BadStatus(int status, long bytes) {
    super("HTTP " + status + (status < 400 ? ", a redirect that was not followed" : ""));
    this.status = status;
    this.bytes = bytes;
  }

  int status() {
    return status;
  }

  /** How long the answer was. */
  long bytes() {
    return bytes;
  }
}
