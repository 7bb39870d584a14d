package io.cloister.repo;

import java.util.List;

/** Turns evidence into the words a person reads; every refusal has its words here. */
public final class RefusalWords {
  private RefusalWords() {}

  /**
   * The words for one refusal.
   *
   * @param medium where the operator finds it, e.g. {@code /media/usb0}
   * @param state what is true of the machine now
   */
  public static Problem problem(Refusal refusal, String medium, String state) {
    return switch (refusal) {
      case TrustRefusal trust -> TrustWords.problem(trust, medium, state);
      case MediaRefusal media -> MediaWords.problem(media, medium, state);
      case VendorRefusal vendor -> VendorWords.problem(vendor, state);
    };
  }

  /** One problem for each refusal, in order. */
  public static List<Problem> problems(RefusedException refused, String medium, String state) {
    return refused.refusals().stream().map(each -> problem(each, medium, state)).toList();
  }
}
