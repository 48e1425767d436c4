/** What every Spring service of ours stands on. */
@NullMarked
package dev.hearth.kit;

import org.jspecify.annotations.NullMarked;
