package io.cloister.installer.cli;

import io.cloister.installer.host.Listener;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code ADDR:PORT}. */
final class ListenerConverter implements ITypeConverter<Listener> {
  @Override
  public Listener convert(String text) {
    try {
      return Listener.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
