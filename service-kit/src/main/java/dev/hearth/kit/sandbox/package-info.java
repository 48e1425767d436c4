/** Sandboxes for processes: namespaces by bubblewrap, limits by control groups. */
@NullMarked
package dev.hearth.kit.sandbox;

import org.jspecify.annotations.NullMarked;
