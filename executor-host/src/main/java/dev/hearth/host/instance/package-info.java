/** Instances: their lifecycle, their calls, and the limits of calls. */
@NullMarked
package dev.hearth.host.instance;

import org.jspecify.annotations.NullMarked;
