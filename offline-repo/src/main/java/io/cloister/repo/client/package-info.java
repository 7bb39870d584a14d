/** Reads from media, asks trust, persists what trust accepted. */
@NullMarked
package io.cloister.repo.client;

import org.jspecify.annotations.NullMarked;
