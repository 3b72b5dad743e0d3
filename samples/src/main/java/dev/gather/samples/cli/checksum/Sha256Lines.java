package dev.gather.samples.cli.checksum;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Lines as {@code sha256sum} writes them and {@code sha256sum -c} reads them, to the byte. */
final class Sha256Lines {
  private Sha256Lines() {}

  /** The line for one file, with its line feed. */
  static byte[] line(String hash, Path path) {
    byte[] name = bytes(path);
    byte[] escaped = escaped(name);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    if (escaped.length != name.length) {
      line.write('\\');
    }
    line.writeBytes(hash.getBytes(StandardCharsets.US_ASCII));
    line.write(' ');
    line.write(' ');
    line.writeBytes(escaped);
    line.write('\n');
    return line.toByteArray();
  }

  /** On one line, for messages. */
  static String escaped(String name) {
    return name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static byte[] escaped(byte[] name) {
    ByteArrayOutputStream escaped = new ByteArrayOutputStream(name.length);
    for (byte b : name) {
      switch (b) {
        case '\\' -> escaped.writeBytes(new byte[] {'\\', '\\'});
        case '\n' -> escaped.writeBytes(new byte[] {'\\', 'n'});
        case '\r' -> escaped.writeBytes(new byte[] {'\\', 'r'});
        default -> escaped.write(b);
      }
    }
    return escaped.toByteArray();
  }

  /**
   * The bytes of a path as the file system has them. A file name need not be text in any charset,
   * and the string of such a path has lost what it was; only its URI has every byte.
   */
  private static byte[] bytes(Path path) {
    String text = path.toString();
    if (text.chars().allMatch(c -> c < 128)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    byte[] absolute = decoded(path.toUri().getRawPath());
    if (path.isAbsolute()) {
      return absolute;
    }
    // toUri() is absolute, but does not normalise: the path as given is the end of it.
    byte[] base = decoded(Path.of("").toAbsolutePath().toUri().getRawPath());
    int from = base[base.length - 1] == '/' ? base.length : base.length + 1;
    return java.util.Arrays.copyOfRange(absolute, from, absolute.length);
  }

  private static byte[] decoded(String percent) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(percent.length());
    for (int i = 0; i < percent.length(); i++) {
      char c = percent.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(percent, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
