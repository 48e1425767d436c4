/** Sessions of uv: everything that one build needs to resolve and install. */
@NullMarked
package dev.hearth.build.session;

import org.jspecify.annotations.NullMarked;
