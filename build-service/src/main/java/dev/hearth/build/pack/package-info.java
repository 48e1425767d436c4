/** Prunes files and packs the rest into reproducible zips. */
@NullMarked
package dev.hearth.build.pack;

import org.jspecify.annotations.NullMarked;
