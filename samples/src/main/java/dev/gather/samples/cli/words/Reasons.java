package dev.gather.samples.cli.words;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Exceptions in words a person understands: never a class name alone, never {@code null}. */
public final class Reasons {
  private Reasons() {}

  public static String of(Throwable thrown) {
    Throwable e = thrown;
    while (e instanceof CompletionException && e.getCause() != null) {
      e = e.getCause();
    }
    if (e instanceof FileSystemException file) {
      return ofFile(file);
    }
    if (e instanceof InvalidPathException path) {
      return path.getReason().toLowerCase(Locale.ROOT);
    }
    if (find(e, UnresolvedAddressException.class) || find(e, UnknownHostException.class)) {
      return "unknown host";
    }
    if (e instanceof ConnectException) {
      // The HttpClient of JDK 17 often gives no message; other reasons come with one.
      String message = firstMessage(e);
      return message == null ? "connection refused" : plain(message);
    }
    if (e instanceof SSLException) {
      return "TLS: " + plainOr(e, "the handshake failed");
    }
    if (e instanceof IOException) {
      return ofConnection(plainOr(e, "the connection broke"));
    }
    return plainOr(e, e.getClass().getSimpleName());
  }

  private static String ofFile(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "it is there already and not a directory";
    }
    if (e instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (e instanceof FileSystemLoopException) {
      return "a loop of directories";
    }
    String reason = e.getReason();
    return reason == null ? "the file system refused" : decapitalised(reason);
  }

  private static String ofConnection(String message) {
    if (message.contains("received no bytes")) {
      return "the server closed the connection without an answer";
    }
    if (message.contains("EOF reached while reading") || message.contains("fixed content-length")) {
      return "the connection closed in the middle of the answer";
    }
    return message;
  }

  private static boolean find(Throwable e, Class<? extends Throwable> type) {
    Throwable at = e;
    for (int depth = 0; at != null && depth < 10; depth++, at = at.getCause()) {
      if (type.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String firstMessage(Throwable e) {
    Throwable at = e;
    for (int depth = 0; at != null && depth < 10; depth++, at = at.getCause()) {
      // A Throwable made from its cause has the cause's toString() as its message.
      if (at.getMessage() != null
          && (at.getCause() == null || !at.getMessage().equals(at.getCause().toString()))) {
        return at.getMessage();
      }
    }
    return null;
  }

  private static String plainOr(Throwable e, String otherwise) {
    String message = firstMessage(e);
    return message == null || message.isBlank() ? otherwise : plain(message);
  }

  /** One line, and not shouted. */
  private static String plain(String message) {
    return decapitalised(message.strip().replaceAll("\\s+", " "));
  }

  private static String decapitalised(String text) {
    boolean abbreviation = text.length() > 1 && Character.isUpperCase(text.charAt(1));
    return abbreviation || text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
