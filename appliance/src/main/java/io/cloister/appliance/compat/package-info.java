/** Protocols of other servers: OpenAI's embeddings, TensorFlow Serving's REST interface. */
@NullMarked
package io.cloister.appliance.compat;

import org.jspecify.annotations.NullMarked;
