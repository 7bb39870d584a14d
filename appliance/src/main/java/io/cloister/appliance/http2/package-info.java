/** HTTP/2 for callers who speak nothing else: frames, headers, flow control, each within bounds. */
@NullMarked
package io.cloister.appliance.http2;

import org.jspecify.annotations.NullMarked;
