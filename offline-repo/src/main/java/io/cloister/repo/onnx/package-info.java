/** What an ONNX file says before any engine opens it: read without native code, and bounded. */
@NullMarked
package io.cloister.repo.onnx;

import org.jspecify.annotations.NullMarked;
