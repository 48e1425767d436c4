/** The node agent, which keeps instances ready and hands calls to them. */
@NullMarked
package dev.hearth.executor;

import org.jspecify.annotations.NullMarked;
