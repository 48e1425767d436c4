/** Running uv as if GraalPy were installed. */
@NullMarked
package dev.hearth.build.uv;

import org.jspecify.annotations.NullMarked;
