/** A tenant's logins for package indexes, kept by the build-service. */
@NullMarked
package dev.hearth.api.index;

import org.jspecify.annotations.NullMarked;
