/** Uploads of revisions, their states and their build logs. */
@NullMarked
package dev.hearth.api.revision;

import org.jspecify.annotations.NullMarked;
