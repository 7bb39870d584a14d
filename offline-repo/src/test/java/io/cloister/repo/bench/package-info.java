/** Programs that {@code scripts/bench} runs: test scope, so that nothing of them is shipped. */
@NullMarked
package io.cloister.repo.bench;

import org.jspecify.annotations.NullMarked;
