/** Everything that one build needs from uv, wired together. */
@NullMarked
package dev.hearth.build.session;

import org.jspecify.annotations.NullMarked;
