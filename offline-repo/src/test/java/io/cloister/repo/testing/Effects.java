package io.cloister.repo.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Counts effects from 1, and says which of them fails and how. */
final class Effects {
  private final Fault fault;
  private final int at;
  private final String message;
  private final List<Effect> begun = new ArrayList<>();
  private boolean cut;
  private int deedAt;
  private Runnable deed = () -> {};

  Effects(Fault fault, int at, String message) {
    this.fault = fault;
    this.at = at;
    this.message = message;
  }

  Fault fault() {
    return fault;
  }

  synchronized List<Effect> begun() {
    return List.copyOf(begun);
  }

  /** Somebody does this just before that effect. */
  synchronized void before(int effect, Runnable somebody) {
    deedAt = effect;
    deed = somebody;
  }

  /** Of a process that ended nothing happens any more; it reads nothing, too. */
  synchronized void look() {
    if (cut) {
      throw new PowerCut();
    }
  }

  /**
   * An effect is about to happen.
   *
   * @return whether half of it is to happen, and then {@link #look} is to be asked
   */
  synchronized boolean begin(Effect.Kind kind, Path path) throws IOException {
    look();
    begun.add(new Effect(kind, path));
    int now = begun.size();
    if (now == deedAt) {
      deed.run();
    }
    if (now < at) {
      return false;
    }
    return switch (fault) {
      case ERROR -> fail(now == at);
      case FULL -> fail(kind.needsRoom());
      case BROKEN -> fail(now == at || kind != Effect.Kind.DELETE);
      case CUT, LOST, LOST_IN_PART -> cut(false);
      case TORN -> cut(kind == Effect.Kind.WRITE);
    };
  }

  private boolean fail(boolean fails) throws IOException {
    if (fails) {
      throw new IOException(message);
    }
    return false;
  }

  private boolean cut(boolean half) {
    cut = true;
    if (!half) {
      look();
    }
    return true;
  }
}
