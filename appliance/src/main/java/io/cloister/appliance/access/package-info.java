/** Who may do what: users, tokens, roles, TLS; the only package that uses Helidon Security. */
@NullMarked
package io.cloister.appliance.access;

import org.jspecify.annotations.NullMarked;
