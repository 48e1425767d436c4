/** The sandbox around host processes: bubblewrap, control groups, the egress proxy, CRIU. */
@NullMarked
package dev.hearth.executor.sandbox;

import org.jspecify.annotations.NullMarked;
