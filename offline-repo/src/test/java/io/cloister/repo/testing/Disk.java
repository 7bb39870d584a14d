package io.cloister.repo.testing;

import io.cloister.repo.testing.Effect.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A disk whose effects are counted, and noted where they may be lost. Paths are real ones. */
record Disk(Effects effects, Optional<Unforced> unforced) {

  @FunctionalInterface
  interface Doing {
    void run() throws IOException;
  }

  @FunctionalInterface
  private interface Noting {
    void in(Unforced unforced) throws IOException;
  }

  private void note(Noting noting) throws IOException {
    if (unforced.isPresent()) {
      noting.in(unforced.get());
    }
  }

  /** Of a process that ended nothing is read any more. */
  void look() {
    effects.look();
  }

  void create(Path path, Doing doing) throws IOException {
    effects.begin(Kind.CREATE, path);
    doing.run();
    note(it -> it.created(path));
  }

  void delete(Path path) throws IOException {
    effects.begin(Kind.DELETE, path);
    if (unforced.isPresent()) {
      unforced.get().delete(path);
    } else {
      Files.delete(path);
    }
  }

  void move(Path from, Path to, Doing doing) throws IOException {
    effects.begin(Kind.MOVE, to);
    note(it -> it.moving(from, to));
    doing.run();
  }

  /** As {@link Effects#begin}. */
  boolean beginWrite(Path file) throws IOException {
    boolean torn = effects.begin(Kind.WRITE, file);
    note(it -> it.writing(file));
    return torn;
  }

  void beginCutOff(Path file) throws IOException {
    effects.begin(Kind.CUT_OFF, file);
    note(it -> it.writing(file));
  }

  void beginPermit(Path path) throws IOException {
    effects.begin(Kind.PERMIT, path);
    note(it -> it.permitting(path));
  }

  /** What a path stands for, where that counts. */
  Optional<Object> key(Path path) throws IOException {
    return unforced.isPresent() ? Optional.of(Unforced.key(path)) : Optional.empty();
  }

  void force(Path path, Optional<Object> key) throws IOException {
    effects.begin(Kind.FORCE, path);
    if (unforced.isPresent() && key.isPresent()) {
      unforced.get().forced(key.get());
    }
  }
}
