package io.cloister.appliance.model;

import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import java.util.List;

/**
 * What a model says about one of its tensors.
 *
 * @param dims the shape; -1 where any size goes
 * @param symbols as long as dims: the name the graph gives a free dimension, or empty. Dimensions
 *     with the same name, on one input or several, must have the same size in one request.
 */
public record TensorSpec(String name, Datatype datatype, List<Long> dims, List<String> symbols) {
  public static final long FREE = -1;

  public TensorSpec {
    dims = List.copyOf(dims);
    symbols = List.copyOf(symbols);
    if (dims.size() != symbols.size()) {
      throw new IllegalArgumentException("tensor " + name + ": a name is needed per dimension");
    }
  }

  /** A tensor whose free dimensions have no names. */
  public static TensorSpec of(String name, Datatype datatype, Long... dims) {
    return new TensorSpec(
        name, datatype, List.of(dims), List.of(dims).stream().map(dim -> "").toList());
  }

  /** Same rank, and the same size wherever the specification fixes one. */
  public boolean admits(Shape shape) {
    if (shape.rank() != dims.size()) {
      return false;
    }
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i) != FREE && !dims.get(i).equals(shape.dims().get(i))) {
        return false;
      }
    }
    return true;
  }
}
