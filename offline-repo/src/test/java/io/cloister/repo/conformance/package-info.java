/**
 * A client of repositories on a network, made of the product's own workflow and checks, for the
 * public conformance suite. HTTP is here and nowhere else.
 */
@NullMarked
package io.cloister.repo.conformance;

import org.jspecify.annotations.NullMarked;
