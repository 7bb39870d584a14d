package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;

/** Says of faults on which volume they are. */
final class VolumeFaults {
  private VolumeFaults() {}

  static RefusedException on(String volume, RefusedException fault) {
    return new RefusedException(
        fault.refusals().stream().map(refusal -> on(volume, refusal)).toList());
  }

  private static Refusal on(String volume, Refusal refusal) {
    return switch (refusal) {
      case MediaRefusal.MissingFile it -> new MediaRefusal.MissingFile(on(volume, it.where()));
      case MediaRefusal.NotAPlainFile it ->
          new MediaRefusal.NotAPlainFile(on(volume, it.where()), it.found());
      case MediaRefusal.NotPermitted it ->
          new MediaRefusal.NotPermitted(on(volume, it.where()), it.user());
      case MediaRefusal.Unreadable it ->
          new MediaRefusal.Unreadable(on(volume, it.where()), it.offset(), it.fault());
      case MediaRefusal.WrongLength it ->
          new MediaRefusal.WrongLength(on(volume, it.where()), it.expected(), it.actual());
      case MediaRefusal.TooLong it ->
          new MediaRefusal.TooLong(on(volume, it.where()), it.bytesMax());
      case MediaRefusal.WrongBytes it ->
          new MediaRefusal.WrongBytes(
              on(volume, it.where()), it.length(), it.expected(), it.actual());
      case MediaRefusal.BadCompression it ->
          new MediaRefusal.BadCompression(on(volume, it.where()), it.expected(), it.fault());
      default -> refusal;
    };
  }

  private static Where on(String volume, Where where) {
    return new Where(where.file(), where.holds(), volume);
  }
}
