/**
 * InstallPlan (pure), and writing verified content into the inactive slot, journalled and
 * resumable.
 */
@NullMarked
package io.cloister.installer.stage;

import org.jspecify.annotations.NullMarked;
