/** Shared base of all Spring services. */
@NullMarked
package dev.hearth.kit;

import org.jspecify.annotations.NullMarked;
