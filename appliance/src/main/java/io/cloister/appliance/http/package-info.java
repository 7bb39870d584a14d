/** What all protocols over HTTP share: bodies within limits, strict JSON, answers and refusals. */
@NullMarked
package io.cloister.appliance.http;

import org.jspecify.annotations.NullMarked;
