/** Which revision of a function is wanted, where its instances are, and the route that follows. */
@NullMarked
package dev.hearth.scheduler.placement;

import org.jspecify.annotations.NullMarked;
