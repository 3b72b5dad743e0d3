/** How a door hands work to the engine. Exported to the modules of Gather only; not for users. */
@NullMarked
package dev.gather.spi;

import org.jspecify.annotations.NullMarked;
