/** Events out (straight or by the outbox) and events in. */
@NullMarked
package dev.hearth.kit.events;

import org.jspecify.annotations.NullMarked;
