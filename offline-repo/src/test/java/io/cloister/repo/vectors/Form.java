package io.cloister.repo.vectors;

import java.util.List;
import java.util.Optional;

/**
 * The form in which a vector's content reaches a reader.
 *
 * @param of the vector it differs from; {@link #NOTHING} where its own files are all
 * @param media what to give to the reader, in this order; empty for the folder itself
 * @param machine the vector whose packages the machine has installed
 */
record Form(String of, List<String> media, Optional<String> machine) {
  static final String NOTHING = "nothing";
  static final String GOOD = "good";
  static final Form FOLDER = of(GOOD);

  static Form of(String base, String... media) {
    return new Form(base, List.of(media), Optional.empty());
  }

  Form on(String vector) {
    return new Form(of, media, Optional.of(vector));
  }
}
