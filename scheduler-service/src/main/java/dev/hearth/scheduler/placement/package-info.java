/** Plans placements and routes: a pure planner, and the shell that reads, writes and publishes. */
@NullMarked
package dev.hearth.scheduler.placement;

import org.jspecify.annotations.NullMarked;
