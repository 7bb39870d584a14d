/**
 * Open Inference Protocol v2 over gRPC, as KServe and Triton speak it: the faces of oip's answers.
 */
@NullMarked
package io.cloister.appliance.oip.grpc;

import org.jspecify.annotations.NullMarked;
