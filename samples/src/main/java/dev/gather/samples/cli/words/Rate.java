package dev.gather.samples.cli.words;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** So many requests in a time, as people type it: 20/s, 0.5/s, 90/m. */
public record Rate(double perSecond) {

  /** Reads it. */
  public static final class Converter implements ITypeConverter<Rate> {
    private static final Pattern FORM =
        Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)/(s|m|h)", Pattern.CASE_INSENSITIVE);

    @Override
    public Rate convert(String text) {
      Matcher matcher = FORM.matcher(text.trim());
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is not a rate such as 20/s or 90/m");
      }
      double seconds =
          switch (matcher.group(2)) {
            case "s", "S" -> 1;
            case "m", "M" -> 60;
            default -> 3_600;
          };
      return new Rate(new BigDecimal(matcher.group(1)).doubleValue() / seconds);
    }
  }
}
