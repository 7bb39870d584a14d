package io.cloister.installer.effects;

/** What changes a machine, and where it begins. */
enum Operation {
  FIRST_INSTALL(Stage.BARE, Stage.FIRST),
  UPDATE_OF_THE_RUNTIME(Stage.FIRST, Stage.SECOND),
  UPDATE_OF_A_MODEL(Stage.FIRST, Stage.OTHER_MODEL),
  ROLLBACK(Stage.SECOND, Stage.BACK),
  UNINSTALL(Stage.SECOND, Stage.BARE),
  UNINSTALL_KEEPING_DATA(Stage.SECOND, Stage.KEPT),
  INSTALL_OVER_KEPT_DATA(Stage.KEPT, Stage.FIRST);

  /** What a machine has, and what serves then. */
  enum Stage {
    BARE("", ""),
    FIRST("0.1.0", "1.0.0"),
    OTHER_MODEL("0.1.0", "1.1.0"),
    SECOND("0.2.0", "1.1.0"),
    BACK("0.1.0", "1.0.0"),
    KEPT("", "");

    private final String release;
    private final String model;

    Stage(String release, String model) {
      this.release = release;
      this.model = model;
    }

    String release() {
      return release;
    }

    String model() {
      return model;
    }

    boolean serves() {
      return !release.isEmpty();
    }
  }

  private final Stage from;
  private final Stage to;

  Operation(Stage from, Stage to) {
    this.from = from;
    this.to = to;
  }

  Stage from() {
    return from;
  }

  Stage to() {
    return to;
  }

  /** Whether something serves before, and afterwards too. */
  boolean changes() {
    return from.serves() && to.serves();
  }
}
