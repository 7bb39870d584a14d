/** What is the site's own, in one sealed file; and put in the place of what a host has. */
@NullMarked
package io.cloister.installer.backup;

import org.jspecify.annotations.NullMarked;
