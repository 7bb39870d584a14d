/** The local web page and the operator routes behind it. */
@NullMarked
package io.cloister.appliance.admin;

import org.jspecify.annotations.NullMarked;
