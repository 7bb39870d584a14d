/** Tokenise and pool: text in, embeddings or classes out. */
@NullMarked
package io.cloister.appliance.text;

import org.jspecify.annotations.NullMarked;
