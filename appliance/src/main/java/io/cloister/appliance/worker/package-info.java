/**
 * The process that loads one model version and runs it; the only package that imports
 * ai.onnxruntime.
 */
@NullMarked
package io.cloister.appliance.worker;

import org.jspecify.annotations.NullMarked;
