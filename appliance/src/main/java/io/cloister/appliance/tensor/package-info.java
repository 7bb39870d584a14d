/** Datatype, Shape, Tensor: OIP tensors and their binary form. */
@NullMarked
package io.cloister.appliance.tensor;

import org.jspecify.annotations.NullMarked;
