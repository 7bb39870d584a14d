/**
 * Package manifests and the blobs they name: content-addressed, verified when written and when
 * read.
 */
@NullMarked
package io.cloister.repo.content;

import org.jspecify.annotations.NullMarked;
