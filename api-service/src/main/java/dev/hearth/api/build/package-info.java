/** Endpoints that the build-service answers: logins for indexes, and the wheelhouse. */
@NullMarked
package dev.hearth.api.build;

import org.jspecify.annotations.NullMarked;
