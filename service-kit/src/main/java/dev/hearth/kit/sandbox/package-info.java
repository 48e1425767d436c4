/** Isolates processes by namespaces (bubblewrap) and limits them by control groups. */
@NullMarked
package dev.hearth.kit.sandbox;

import org.jspecify.annotations.NullMarked;
