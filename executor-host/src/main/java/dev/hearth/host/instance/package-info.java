/** Interpreters that serve a revision: their lifecycle, their calls and the limits of those. */
@NullMarked
package dev.hearth.host.instance;

import org.jspecify.annotations.NullMarked;
