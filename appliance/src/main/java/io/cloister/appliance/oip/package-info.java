/** Open Inference Protocol v2, REST and gRPC. */
@NullMarked
package io.cloister.appliance.oip;

import org.jspecify.annotations.NullMarked;
