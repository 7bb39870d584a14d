package io.cloister.repo.cli;

import java.math.BigDecimal;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as people write them: {@code 4GiB}, {@code 4.7GB}, {@code 700MiB}, or bytes. */
final class ByteSize implements ITypeConverter<OptionalLong> {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,3})?)(B|kB|KiB|MB|MiB|GB|GiB|TB|TiB)?");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "kB", 1000L,
          "KiB", 1L << 10,
          "MB", 1_000_000L,
          "MiB", 1L << 20,
          "GB", 1_000_000_000L,
          "GiB", 1L << 30,
          "TB", 1_000_000_000_000L,
          "TiB", 1L << 40);

  ByteSize() {}

  @Override
  public OptionalLong convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("'%s' is not a size such as 4GiB or 4.7GB".formatted(text));
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    BigDecimal bytes =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(UNITS.getOrDefault(unit, 1L)));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new TypeConversionException("'%s' is too large".formatted(text));
    }
    return OptionalLong.of(bytes.longValue());
  }
}
