/** Calls functions: chooses a placement, forwards, interprets the answer, tries again. */
@NullMarked
package dev.hearth.kit.dispatch;

import org.jspecify.annotations.NullMarked;
