/** The model repository: packages, versions, states, acceptance tests, routing between versions. */
@NullMarked
package io.cloister.appliance.model;

import org.jspecify.annotations.NullMarked;
