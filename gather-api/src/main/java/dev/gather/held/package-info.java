/**
 * What the work on a thread holds. Exported to the modules of Gather only, which carry it to other
 * threads; not for users. It knows nothing of the rest of Gather.
 */
@NullMarked
package dev.gather.held;

import org.jspecify.annotations.NullMarked;
