/** The one way to make a call of a function: choose a node, forward, interpret, try again. */
@NullMarked
package dev.hearth.kit.dispatch;

import org.jspecify.annotations.NullMarked;
