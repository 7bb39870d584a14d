package io.cloister.repo;

import java.util.List;

/** Turns evidence into the words a person reads; every refusal has its words here. */
public final class RefusalWords {
  private RefusalWords() {}

  /** The words for one refusal. */
  public static Problem problem(Refusal refusal, RefusedCommand command) {
    return switch (refusal) {
      case TrustRefusal trust -> TrustWords.problem(trust, command);
      case MediaRefusal media -> MediaWords.problem(media, command);
      case VendorRefusal vendor -> VendorWords.problem(vendor, command);
    };
  }

  /** One problem for each refusal, in order. */
  public static List<Problem> problems(RefusedException refused, RefusedCommand command) {
    return refused.refusals().stream().map(each -> problem(each, command)).toList();
  }
}
