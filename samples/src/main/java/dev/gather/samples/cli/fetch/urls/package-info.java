/** Where the URLs come from: what the user names, or a demo that needs no network. */
@NullMarked
package dev.gather.samples.cli.fetch.urls;

import org.jspecify.annotations.NullMarked;
