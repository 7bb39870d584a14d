/** Where bytes come from: a folder; names the file and offset of every fault. */
@NullMarked
package io.cloister.repo.media;

import org.jspecify.annotations.NullMarked;
