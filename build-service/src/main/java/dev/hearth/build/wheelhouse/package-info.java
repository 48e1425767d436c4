/** The wheelhouse: wheels that operators build for the target, and the recipes for them. */
@NullMarked
package dev.hearth.build.wheelhouse;

import org.jspecify.annotations.NullMarked;
