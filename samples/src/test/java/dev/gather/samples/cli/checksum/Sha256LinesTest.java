package dev.gather.samples.cli.checksum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256LinesTest {
  private static String line(String name) {
    return new String(Sha256Lines.line("00ff", Path.of(name)), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "./a", "a/b c", "a  b", "*a", "/abs/olute", "ümlaut/€", "tab\ta"})
  void mostNamesStandAsTheyAre(String name) {
    assertEquals("00ff  " + name + "\n", line(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\\b", "a\rb", "€\n"})
  void lineFeedsReturnsAndBackslashesAreEscaped(String name) {
    String escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    assertEquals("\\00ff  " + escaped + "\n", line(name));
  }
}
