/** Revisions and what has become of them. */
@NullMarked
package dev.hearth.api.revision;

import org.jspecify.annotations.NullMarked;
