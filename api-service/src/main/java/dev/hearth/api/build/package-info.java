/** What is asked of the build-service: logins for indexes, and the wheelhouse. */
@NullMarked
package dev.hearth.api.build;

import org.jspecify.annotations.NullMarked;
