/** What serving costs, beside raw ONNX Runtime and a Node server: {@code scripts/bench serving}. */
@NullMarked
package io.cloister.appliance.bench;

import org.jspecify.annotations.NullMarked;
