package io.cloister.installer.cli;

import io.cloister.repo.client.Anchor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --trusted-root}. */
final class AnchorConverter implements ITypeConverter<Anchor> {
  @Override
  public Anchor convert(String text) {
    try {
      return Anchor.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
