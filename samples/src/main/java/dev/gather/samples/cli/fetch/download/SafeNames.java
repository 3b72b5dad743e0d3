package dev.gather.samples.cli.fetch.download;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * File names for URLs: recognisable, safe on every file system, and no two alike, be it in one run
 * or with what is there already.
 */
final class SafeNames {
  /** Well below the 255 bytes of common file systems, so that a number still fits. */
  private static final int MAX_BYTES = 180;

  private static final Pattern UNSAFE = Pattern.compile("[\\p{C}\\p{Z}/\\\\:*?\"<>|]+");
  private static final Pattern EDGES = Pattern.compile("^[.\\-_]+|[._]+$");
  private static final Pattern RESERVED =
      Pattern.compile("(?i)(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?");

  private final Set<String> taken = new HashSet<>();

  /** Says that a name is in use. */
  void take(String name) {
    taken.add(key(name));
  }

  /** A name that nobody has yet: {@code a.txt}, then {@code a-2.txt}. */
  String next(URI url) {
    String name = safe(lastPart(url));
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String extension = dot > 0 ? name.substring(dot) : "";
    String candidate = name;
    for (int n = 2; !taken.add(key(candidate)); n++) {
      candidate = stem + "-" + n + extension;
    }
    return candidate;
  }

  /** The last part of the path, or the host if there is none. */
  private static String lastPart(URI url) {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return path.isEmpty()
        ? url.getHost()
        // '+' is a plus sign in a path; the decoder is made for forms.
        : URLDecoder.decode(
            path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String safe(String text) {
    String name = UNSAFE.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll("_");
    name = EDGES.matcher(shorten(name)).replaceAll("");
    if (name.isEmpty()) {
      return "body";
    }
    return RESERVED.matcher(name).matches() ? "_" + name : name;
  }

  /** Cuts the stem, by whole characters, and keeps a short extension. */
  private static String shorten(String name) {
    if (bytes(name) <= MAX_BYTES) {
      return name;
    }
    int dot = name.lastIndexOf('.');
    String extension = dot > 0 && name.length() - dot <= 10 ? name.substring(dot) : "";
    StringBuilder stem = new StringBuilder();
    int room = MAX_BYTES - bytes(extension);
    for (int c : name.codePoints().toArray()) {
      String character = Character.toString(c);
      room -= bytes(character);
      if (room < 0) {
        break;
      }
      stem.append(character);
    }
    return stem + extension;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Names that differ in case only are one file on some systems. */
  private static String key(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }
}
