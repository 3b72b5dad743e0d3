/**
 * Threads, their time, and what the work on a thread holds: what the parts of Gather share of them.
 * Exported to the modules of Gather only; not for users. It knows nothing of the rest of Gather.
 */
@NullMarked
package dev.gather.threads;

import org.jspecify.annotations.NullMarked;
