/** Checks source archives and rewrites them in canonical form. */
@NullMarked
package dev.hearth.api.upload;

import org.jspecify.annotations.NullMarked;
