/** Requirements, and the lock files that pin them. */
@NullMarked
package dev.hearth.build.lock;

import org.jspecify.annotations.NullMarked;
