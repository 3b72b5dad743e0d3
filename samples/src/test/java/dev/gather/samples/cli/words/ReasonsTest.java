package dev.gather.samples.cli.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReasonsTest {

  static Stream<Arguments> cases() {
    Throwable unresolved = new ConnectException().initCause(new UnresolvedAddressException());
    return Stream.of(
        Arguments.of(new ConnectException(), "connection refused"),
        Arguments.of(new ConnectException("Connection refused"), "connection refused"),
        Arguments.of(unresolved, "unknown host"),
        Arguments.of(new UnknownHostException("x"), "unknown host"),
        Arguments.of(new SSLHandshakeException("PKIX path\n failed"), "TLS: PKIX path failed"),
        Arguments.of(
            new IOException("HTTP/1.1 header parser received no bytes"),
            "the server closed the connection without an answer"),
        Arguments.of(
            new IOException("fixed content-length: 10, bytes received: 5"),
            "the connection closed in the middle of the answer"),
        Arguments.of(new IOException("Connection reset"), "connection reset"),
        Arguments.of(new ClosedChannelException(), "the connection broke"),
        Arguments.of(new IOException(new IOException("inner")), "inner"),
        Arguments.of(new NoSuchFileException("f"), "no such file or directory"),
        Arguments.of(new AccessDeniedException("f"), "permission denied"),
        Arguments.of(
            new FileSystemException("f", null, "No space left on device"),
            "no space left on device"),
        Arguments.of(new FileSystemException("f"), "the file system refused"),
        Arguments.of(
            new CompletionException(new IOException("Connection reset")), "connection reset"),
        Arguments.of(new IllegalStateException(), "IllegalStateException"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void arePlainWords(Throwable e, String words) {
    assertEquals(words, Reasons.of(e));
  }
}
