/**
 * Where bytes come from: a folder, a single-file bundle, a set of volumes; names volume, file and
 * offset of every fault.
 */
@NullMarked
package io.cloister.repo.media;

import org.jspecify.annotations.NullMarked;
