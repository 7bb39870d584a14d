package io.cloister.installer.support;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloister.repo.RefusedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why something is not in the archive, in words that quote nothing. */
final class NotCollectedException extends IOException {
  private static final long serialVersionUID = 1;

  NotCollectedException(String reason) {
    super(reason);
  }

  /** The words for any failure: what an exception of a library says may quote what was read. */
  static String reason(Exception failure) {
    return switch (failure) {
      case NotCollectedException known -> String.valueOf(known.getMessage());
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      case JsonProcessingException malformed -> "malformed" + place(malformed.getLocation());
      case RefusedException _ -> "not a package manifest";
      default -> failure.getClass().getSimpleName();
    };
  }

  private static String place(@org.jspecify.annotations.Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
